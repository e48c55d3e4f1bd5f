// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// One line of a log: valid UTF-8 without its line end.
struct LogLine {
  std::string text;
  std::uint64_t end = 0;  ///< offset in the log of the byte after its line end

  friend bool operator==(const LogLine&, const LogLine&) = default;
};

/// Bytes of a log, as they come → lines.
///
/// A line ends with LF or CR LF. A lone CR begins the line anew, as on a terminal. Bytes that aren't UTF-8 become
/// U+FFFD. A line longer than `max_line` bytes is cut there and says how many bytes are missing; memory stays bounded
/// whatever comes.
class LineSplitter {
 public:
  static constexpr std::size_t default_max_line = 16 * 1024;

  /// `offset`: where in the log the first byte to come stands.
  explicit LineSplitter(std::uint64_t offset = 0, std::size_t max_line = default_max_line)
      : offset_(offset), max_line_(max_line) {}

  /// The lines that `bytes` completes.
  std::vector<LogLine> feed(std::string_view bytes);

  /// What came after the last line end, as a line, if anything did; the splitter then begins a new line.
  std::optional<LogLine> finish();

  /// Offset of the byte after the last complete line: where to read from to see the unfinished one again.
  std::uint64_t line_start() const { return line_start_; }

 private:
  void append(std::string_view bytes);
  LogLine take_line();
  static std::string_view cut_at_character(std::string_view text);

  std::uint64_t offset_;
  std::uint64_t line_start_ = offset_;
  std::size_t max_line_;
  std::string partial_;
  std::size_t cut_ = 0;      // bytes of this line that were not kept
  bool pending_cr_ = false;  // a CR that may yet prove to be half of CR LF
};

}  // namespace firesteel
