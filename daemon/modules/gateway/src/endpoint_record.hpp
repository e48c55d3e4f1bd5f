// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "firesteel/core/error.hpp"

namespace firesteel::gateway {

/// What must outlive the daemon for its clients to find it again.
struct EndpointRecord {
  std::uint16_t port = 0;  ///< 0: none yet
  std::string token;       ///< empty: none yet
};

/// The record in the file; an empty one when there is none or when it can't be read (and the log says why).
EndpointRecord read_endpoint(const std::filesystem::path& file);

/// 0600, as a whole.
Result<void> write_endpoint(const std::filesystem::path& file, const EndpointRecord& record);

}  // namespace firesteel::gateway
