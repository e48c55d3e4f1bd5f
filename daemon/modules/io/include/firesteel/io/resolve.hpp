// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::io {

struct Resolved {
  boost::system::error_code error;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints{};
};

/// All addresses of a name, or of a number itself; error timed_out at the deadline.
/// Throws system_error(operation_aborted) when the coroutine is cancelled.
boost::asio::awaitable<Resolved> resolve_until(std::string host, std::uint16_t port, TimePoint deadline);

/// The address of this machine from which it reaches another one, as its routes are now. No packet is sent.
std::optional<boost::asio::ip::address> source_towards(const boost::asio::ip::address& other);

/// The address by which `host` finds this machine, in the form that stands in a URL (IPv6 in brackets): the one from
/// which this machine would reach it. Without a host, the one on the default route; never loopback then.
boost::asio::awaitable<Result<std::string>> own_address(std::string host, std::uint16_t port, TimePoint deadline);

}  // namespace firesteel::io
