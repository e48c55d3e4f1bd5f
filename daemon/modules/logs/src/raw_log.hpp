// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/io/unique_fd.hpp"

namespace firesteel {

/// Which file it is, and how long.
struct LogIdentity {
  std::uint64_t device = 0, inode = 0;
  std::uint64_t size = 0;
  std::uint64_t allocated = 0;   ///< bytes that it takes on the disk
  std::uint64_t block_size = 0;  ///< what can be given back is a multiple of it

  bool same_file(const LogIdentity& other) const { return device == other.device && inode == other.inode; }
};

/// Of the file at that path; nothing when there is none.
std::optional<LogIdentity> identify(const std::filesystem::path& file);
std::optional<LogIdentity> identify(int fd);

/// When the file was made, in nanoseconds; 0 where the file system doesn't tell. Numbers of inodes come again.
std::uint64_t birth_of(int fd);

/// For reading; an empty descriptor when the file isn't there. Never follows a link in the last part, never waits
/// (FIFO).
Result<io::UniqueFd> open_log(const std::filesystem::path& file, int flags);

/// Up to `size` bytes from `offset` on into `out`, which is made that large: fewer at the file's end.
Result<void> read_bytes(int fd, std::uint64_t offset, std::size_t size, std::string& out);

/// The file as views of what comes next, through one buffer.
class Blocks {
 public:
  static constexpr std::size_t size = 64 * 1024;

  Blocks(int fd, std::uint64_t end) : fd_(fd), end_(end) {}

  /// Some bytes from `offset` on; none at the end, or when reading failed.
  std::string_view at(std::uint64_t offset);

 private:
  int fd_;
  std::uint64_t end_;
  std::uint64_t begin_ = 0;
  std::string buffer_;
};

/// Where a log's head was given back to the disk, as kept with the file itself (an extended attribute), so that it goes
/// with it when it is renamed, and not along to the next one.
struct DroppedHead {
  std::uint64_t start = 0;             ///< offset of the first byte that counts
  std::optional<std::uint64_t> lines;  ///< how many there were before it, if known
  bool inside_line = false;            ///< whether the line at `start` has lost its beginning
};
DroppedHead dropped_head(int fd, const LogIdentity& identity);
void record_dropped_head(int fd, const DroppedHead& head);

}  // namespace firesteel
