// SPDX-License-Identifier: Apache-2.0
#include "raw_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace firesteel {
namespace {

constexpr const char* attribute = "user.firesteel.dropped";

LogIdentity identity(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .allocated = static_cast<std::uint64_t>(status.st_blocks) * 512,
          .block_size = std::max<std::uint64_t>(static_cast<std::uint64_t>(status.st_blksize), 4096)};
}

std::uint64_t first_data(int fd, const LogIdentity& identity) {
  const off_t at = ::lseek(fd, 0, SEEK_DATA);
  if (at >= 0) return static_cast<std::uint64_t>(at);
  // A file that is a hole to its end; or a file system that doesn't know.
  return errno == ENXIO ? identity.size : 0;
}

/// "START LINES|- 0|1"
std::optional<DroppedHead> recorded(int fd) {
  std::array<char, 64> text{};
  const ssize_t size = ::fgetxattr(fd, attribute, text.data(), text.size());
  if (size <= 0) return std::nullopt;
  const char* const end = text.data() + size;
  DroppedHead head;
  const auto [after_start, error] = std::from_chars(text.data(), end, head.start);
  if (error != std::errc{} || end - after_start < 4 || *after_start != ' ') return std::nullopt;
  const char* at = after_start + 1;
  if (*at == '-') {
    ++at;
  } else {
    std::uint64_t lines = 0;
    const auto [after_lines, bad] = std::from_chars(at, end, lines);
    if (bad != std::errc{}) return std::nullopt;
    head.lines = lines;
    at = after_lines;
  }
  if (end - at != 2 || *at != ' ') return std::nullopt;
  head.inside_line = at[1] == '1';
  return head;
}

/// The first line that is whole behind a hole, within what one look shows.
DroppedHead behind_hole(int fd, std::uint64_t hole_end) {
  DroppedHead head{.start = hole_end, .lines = {}, .inside_line = true};
  std::string bytes;
  if (!read_bytes(fd, hole_end, Blocks::size, bytes)) return head;
  if (const std::size_t line_end = bytes.find('\n'); line_end != bytes.npos) {
    head.start += line_end + 1;
    head.inside_line = false;
  }
  return head;
}

}  // namespace

std::optional<LogIdentity> identify(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return identity(status);
}

std::optional<LogIdentity> identify(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return identity(status);
}

std::uint64_t birth_of(int fd) {
  struct statx status {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &status) != 0 || (status.stx_mask & STATX_BTIME) == 0) return 0;
  return static_cast<std::uint64_t>(status.stx_btime.tv_sec) * 1'000'000'000 + status.stx_btime.tv_nsec;
}

Result<io::UniqueFd> open_log(const std::filesystem::path& file, int flags) {
  io::UniqueFd fd(::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd || errno == ENOENT) return fd;
  return Error{.message = fmt::format("Can't open the log {}: {}.", file.string(), std::strerror(errno))};
}

Result<void> read_bytes(int fd, std::uint64_t offset, std::size_t size, std::string& out) {
  if (out.size() != size) out.resize(size);
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::pread(fd, out.data() + got, size - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error{.message = fmt::format("Can't read a log: {}.", std::strerror(errno))};
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  out.resize(got);
  return {};
}

std::string_view Blocks::at(std::uint64_t offset) {
  if (offset < begin_ || offset >= begin_ + buffer_.size()) {
    begin_ = offset;
    if (offset >= end_ || !read_bytes(fd_, offset, std::min<std::uint64_t>(size, end_ - offset), buffer_))
      buffer_.clear();
  }
  return std::string_view(buffer_).substr(offset - begin_);
}

DroppedHead dropped_head(int fd, const LogIdentity& identity) {
  const std::uint64_t data = std::min(first_data(fd, identity), identity.size);
  if (data == 0) return {.start = 0, .lines = 0, .inside_line = false};
  // What is recorded counts only when it is what was done: the file may have been begun anew, or a daemon have died
  // between the two.
  const auto head = recorded(fd);
  if (head && head->start >= data && head->start - data < identity.block_size && head->start <= identity.size)
    return *head;
  return behind_hole(fd, data);
}

void record_dropped_head(int fd, const DroppedHead& head) {
  const std::string text =
      fmt::format("{} {} {}", head.start, head.lines ? std::to_string(*head.lines) : "-", head.inside_line ? 1 : 0);
  // Where it can't be kept, the next daemon doesn't know the number of lines, and says so.
  static_cast<void>(::fsetxattr(fd, attribute, text.data(), text.size(), 0));
}

}  // namespace firesteel
