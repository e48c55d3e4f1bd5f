// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/io/unique_fd.hpp"
#include "firesteel/logs/log_line.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {

/// A line's number, from 0 on, and the offset of its first byte.
struct LogPlace {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;

  friend bool operator==(const LogPlace&, const LogPlace&) = default;
};

/// What was given back to the disk at the log's head.
struct LogDropped {
  std::uint64_t bytes = 0;
  /// Nothing when it was done where it couldn't be kept: lines are then counted from the first that is left.
  std::optional<std::uint64_t> lines = 0;
  bool inside_line = false;  ///< whether the first line that is left has lost its beginning
};

/// Lines as a viewer gets them.
struct WindowLine {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  LogLevel level = LogLevel::none;  ///< what it names itself
  ShownLine shown;
  bool finished = true;  ///< false: it has no line end yet
};
struct LogWindow {
  std::vector<WindowLine> lines;
  LogPlace next;  ///< what the next window begins with
};
struct WindowLimits {
  std::size_t lines = 1000;
  std::size_t bytes = 1024 * 1024;     ///< of text; at least one line comes whatever it is
  std::size_t line_bytes = 16 * 1024;  ///< of one line's text
};

/// Whole lines that lie together, for those who read them all.
struct LogBlock {
  std::uint64_t begin = 0, end = 0;
  std::uint64_t line = 0;           ///< number of the first
  LogLevel level = LogLevel::none;  ///< that a first line without a level belongs to
};

/// How giving back a log's head went.
enum class GivenBack {
  nothing,      ///< it is within the limit, or what could be given back isn't indexed yet
  done,         ///< `dropped()` and the disk say how much
  unsupported,  ///< this file system can't: the log grows on
};

/// An index as it is kept beside its log, and of which file it is.
struct LogIndexImage {
  std::string bytes;
  std::uint64_t device = 0, inode = 0;
};

/// Where the index of a log is kept between two daemons.
std::filesystem::path index_file_of(const std::filesystem::path& log);

/// Writes it there (mode 0600), unless that log has gone meanwhile. On whichever thread; one at a time for each log.
Result<void> keep_index(const std::filesystem::path& log, LogIndexImage image);

struct DroppedHead;
struct LogIdentity;

/// Knows where the lines of one growing log are, whatever its size, in at most 1 MiB of memory.
///
/// Built in steps: who holds it calls `advance` until it says that it has seen all, and again when there may be more. A
/// file that was replaced or has become shorter is begun anew (`generation` changes); one that isn't there is empty.
/// A log that is looked at for the first time goes on from the index that is kept beside it, if that is of this file.
/// Only lines with a line end have a number of their own; the unfinished one behind them is `end_line()`.
class LogIndex {
 public:
  explicit LogIndex(std::filesystem::path file) : file_(std::move(file)) {}

  static constexpr std::size_t step = 1024 * 1024;
  static constexpr std::uint64_t first_spacing = 64 * 1024;
  static constexpr std::size_t max_entries = 16 * 1024;
  static constexpr std::uint64_t least_limit = 1024 * 1024;

  /// Looks at up to about `max_bytes` more; true when that was all that there is.
  Result<bool> advance(std::size_t max_bytes = step);

  std::uint64_t generation() const { return generation_; }
  std::uint64_t first_line() const { return entries_.empty() ? end_.line : entries_.front().line; }
  std::uint64_t end_line() const { return end_.line; }      ///< one more than the last finished line's number
  std::uint64_t end_offset() const { return end_.offset; }  ///< behind the last finished line
  std::uint64_t size() const { return size_; }              ///< of the file when it was last looked at
  const LogDropped& dropped() const { return dropped_; }

  /// Finished lines by the level they name; and the first that is an error (or fatal). Of what is left and indexed.
  std::array<std::uint64_t, log_levels> counts() const;
  const std::optional<LogPlace>& first_error() const { return first_error_; }

  /// The line that holds the byte at `offset` (the nearest one, outside of what is indexed).
  Result<LogPlace> line_at(std::uint64_t offset) const;
  /// Where the line begins. Lines outside are `not_found`; `end_line()` is inside.
  Result<LogPlace> place_of(std::uint64_t line) const;
  /// The first byte of line `first` and the one behind line `end` - 1.
  Result<std::pair<std::uint64_t, std::uint64_t>> byte_range(std::uint64_t first, std::uint64_t end) const;
  /// Where about the log was at that time (as `line_time` has it): the beginning of a stretch of at most `spacing`
  /// bytes that holds it. Supposes that time goes on.
  LogPlace near_time(std::int64_t time) const;

  /// Lines from number `first` on (or from the first one that is left), masked; the unfinished one, too.
  Result<LogWindow> read(std::uint64_t first, const WindowLimits& limits, const Masker& masker) const;

  /// Gives the log's head back to the disk when more than `limit` bytes (1 MiB at least) of it are there, so that
  /// seven eighths of that are left. Offsets, line numbers and whoever writes to the file stay as they are. What isn't
  /// indexed isn't given back.
  Result<GivenBack> give_back(std::uint64_t limit);

  /// What waits for the disk; gives 0 or an errno.
  using Punch = std::function<int()>;
  /// The same, but for the punching itself, as it writes out first what it then gives back: `later` has it called, on
  /// whichever thread, and doesn't ask again before it has ended. The index is done with the head by then.
  Result<GivenBack> give_back(std::uint64_t limit, const std::function<void(Punch)>& later);

  /// The whole lines from `offset` on (before `offset`), about `bytes` of them; empty at the end. A single line may be
  /// longer. `offset` is the beginning of a block or the end of what is indexed.
  LogBlock block_from(std::uint64_t offset, std::uint64_t bytes) const;
  LogBlock block_before(std::uint64_t offset, std::uint64_t bytes) const;
  Result<void> read_raw(std::uint64_t offset, std::size_t bytes, std::string& out) const;

  /// What is indexed, to be kept (`keep_index`); nothing when that is nothing.
  std::optional<LogIndexImage> image() const;
  /// Up to which offset it was known from such an image; 0 without one.
  std::uint64_t restored() const { return restored_; }

  std::uint64_t spacing() const { return spacing_; }
  std::size_t memory() const { return entries_.size() * sizeof(Entry); }

 private:
  /// A stretch of whole lines: everything up to the next entry. Only its last line reaches beyond `spacing_` bytes.
  struct Entry {
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
    std::int64_t time = 0;  // the first that is in it; 0: none
    std::array<std::uint32_t, log_levels> counts{};
    LogLevel before = LogLevel::none;  // the last level named before it
  };

  /// What an image says.
  struct Kept;

  Result<bool> look_for_file();
  bool restore(const LogIdentity& now, const DroppedHead& head);
  static std::optional<Kept> read_image(std::string_view bytes);
  bool is_as_indexed() const;
  void begin_anew();
  std::uint64_t index_lines(std::string_view bytes);
  void add_line(std::string_view head, std::uint64_t size);
  void remember_end();
  void coarsen();
  std::size_t entry_of_line(std::uint64_t line) const;
  std::size_t entry_of_offset(std::uint64_t offset) const;
  std::uint64_t entry_end(std::size_t entry) const;
  std::uint64_t lines_end(std::size_t entry) const;
  std::optional<std::size_t> entry_to_keep(std::uint64_t wanted) const;
  void forget_before(std::size_t entry);
  void find_first_error();

  std::filesystem::path file_;
  io::UniqueFd fd_;
  std::uint64_t generation_ = 0;
  std::uint64_t size_ = 0;
  LogDropped dropped_;
  LogPlace end_;               // behind the last finished line
  std::uint64_t scanned_ = 0;  // more than end_.offset inside a line longer than a block
  std::string long_head_;      // how that line begins
  LogLevel level_ = LogLevel::none;
  std::uint64_t spacing_ = first_spacing;
  std::deque<Entry> entries_;
  std::optional<LogPlace> first_error_;
  std::uint64_t restored_ = 0;
  std::string last_bytes_;  // before scanned_, to see that it is still the same file
};

}  // namespace firesteel
