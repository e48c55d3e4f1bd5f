// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace firesteel {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_tail = 4 * 1024 * 1024;
constexpr std::uint64_t largest_chunk = 1024 * 1024;
constexpr std::uint64_t largest_step = 256 * 1024;

/// Up to `size` bytes from `offset` on; none when the file isn't there.
Result<std::string> read_at(const fs::path& file, std::uint64_t offset, std::uint64_t size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::string bytes(fd < 0 ? 0 : size, '\0');
  std::size_t got = 0;
  int error = fd < 0 && errno != ENOENT ? errno : 0;
  while (fd >= 0 && got < bytes.size()) {
    const ssize_t count = ::pread(fd, bytes.data() + got, bytes.size() - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) error = errno;
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  if (fd >= 0) ::close(fd);
  if (error != 0)
    return Error{.code = Errc::internal,
                 .message = fmt::format("Can't read the log {}: {}.", file.string(), std::strerror(error))};
  bytes.resize(got);
  return bytes;
}

void keep_last(std::vector<LogLine>& lines, std::size_t count) {
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
}

std::vector<std::string> texts(std::vector<LogLine> lines) {
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (auto& line : lines) out.push_back(std::move(line.text));
  return out;
}

}  // namespace

std::uint64_t log_size(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<LogChunk> read_last_lines(const fs::path& file, std::size_t count) {
  const std::uint64_t size = log_size(file);
  const std::uint64_t from = size > largest_tail ? size - largest_tail : 0;
  const auto bytes = read_at(file, from, size - from);
  if (!bytes) return bytes.error();
  LineSplitter splitter(from);
  std::vector<LogLine> lines = splitter.feed(*bytes);
  // Unless reading began at the log's start, it began inside a line.
  if (from > 0 && !lines.empty()) lines.erase(lines.begin());
  // A server that died in the middle of a line has said that much.
  if (auto unfinished = splitter.finish()) lines.push_back(std::move(*unfinished));
  LogChunk chunk{.lines = {}, .next = from + bytes->size(), .end = true};
  keep_last(lines, count);
  chunk.lines = texts(std::move(lines));
  return chunk;
}

Result<LogChunk> read_lines_after(const fs::path& file, std::uint64_t after, std::size_t count) {
  const std::uint64_t size = log_size(file);
  if (after > size) after = 0;
  const std::uint64_t to_read = std::min(size - after, largest_chunk);
  const auto bytes = read_at(file, after, to_read);
  if (!bytes) return bytes.error();
  LineSplitter splitter(after);
  std::vector<LogLine> lines = splitter.feed(*bytes);
  std::uint64_t next = splitter.line_start();
  // A line longer than what is read at once would stop the reader for ever: it goes out in pieces.
  if (lines.empty() && bytes->size() == largest_chunk) {
    next = after + bytes->size();
    if (auto piece = splitter.finish()) lines.push_back(std::move(*piece));
  }
  bool end = after + bytes->size() >= size;
  if (lines.size() > count) {
    lines.resize(count);
    next = lines.back().end;
    end = false;
  }
  LogChunk chunk{.lines = {}, .next = next, .end = end};
  chunk.lines = texts(std::move(lines));
  return chunk;
}

std::vector<LogLine> LogFollower::next() {
  // Mostly nothing is new: then nothing is allocated either.
  const std::uint64_t size = log_size(file_);
  if (size <= offset_) return {};
  const auto bytes = read_at(file_, offset_, std::min(size - offset_, largest_step));
  if (!bytes) return {};
  offset_ += bytes->size();
  return splitter_.feed(*bytes);
}

}  // namespace firesteel
