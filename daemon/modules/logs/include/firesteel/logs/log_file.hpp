// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/logs/line_splitter.hpp"

namespace firesteel {

/// Part of a log, whole lines only.
struct LogChunk {
  std::vector<std::string> lines;
  std::uint64_t next = 0;  ///< offset of the byte after the last line: where the next chunk begins
  bool end = true;         ///< whether that was all there is
};

/// The last `count` lines, found within the last 4 MiB. A log that isn't there yet is empty.
Result<LogChunk> read_last_lines(const std::filesystem::path& file, std::size_t count);

/// Up to `count` lines from the byte `after` on, reading 1 MiB at most. A log that has become shorter than `after` was
/// begun anew and is read from its start.
Result<LogChunk> read_lines_after(const std::filesystem::path& file, std::uint64_t after, std::size_t count);

/// Reads a growing log from a place on, in steps.
class LogFollower {
 public:
  LogFollower(std::filesystem::path file, std::uint64_t from) : file_(std::move(file)), offset_(from) {}

  /// The next whole lines, from at most 256 KiB.
  std::vector<LogLine> next();

 private:
  std::filesystem::path file_;
  std::uint64_t offset_;
  LineSplitter splitter_{offset_};
};

/// How many bytes a log has; 0 when there is none.
std::uint64_t log_size(const std::filesystem::path& file);

}  // namespace firesteel
