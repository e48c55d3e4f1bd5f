// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

/// Loads one target with one thread. Everything that comes back is compared with what should; what differs, or ends
/// with an error, is an exception. Results are one line of JSON.

/// One query: its data as fast as they come.
std::string bulk(const std::string& target, std::uint64_t bytes, std::size_t message_bytes);

/// Small calls on one channel, `at_once` of them under way at any time.
std::string unary(const std::string& target, std::uint64_t calls, std::uint64_t at_once);

/// Opens channels, each with a socket of its own, makes one call on each, and holds them until stdin ends.
void many(const std::string& target, std::uint64_t channels);

/// Starts a query and reads none of its data until stdin ends; then reads them all.
void stalled(const std::string& target, std::uint64_t bytes, std::size_t message_bytes);

}  // namespace bench
