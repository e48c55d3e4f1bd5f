// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/io/unique_fd.hpp"

namespace firesteel::io {

/// Whether to wait until the disk has it: without, the content may be lost or torn when the machine (not we) crashes.
enum class Flush { yes, no };

/// Replaces the file as a whole: after a crash at any moment it holds the old or the new content, never half of one.
/// Errc::internal in words when the disk is full or the directory can't be written.
Result<void> write_atomically(const std::filesystem::path& file, std::string_view content, mode_t mode,
                              Flush flush = Flush::yes);

/// The whole file; Errc::not_found when there is none, Errc::payload_too_large above `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit);

/// Makes the directory (and its parents) with mode 0700, or checks one that exists: it must be a real directory, ours,
/// and closed to everybody else. Anything else is an error that says what is wrong with it.
Result<void> ensure_private_directory(const std::filesystem::path& directory);

/// Takes an exclusive lock that ends with the process, or Errc::wrong_state when another process holds it.
/// The descriptor keeps the lock.
Result<UniqueFd> lock_file(const std::filesystem::path& file);

}  // namespace firesteel::io
