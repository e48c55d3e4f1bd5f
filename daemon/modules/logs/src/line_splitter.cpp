// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/line_splitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "firesteel/core/utf8.hpp"

namespace firesteel {

std::vector<LogLine> LineSplitter::feed(std::string_view bytes) {
  std::vector<LogLine> lines;
  while (!bytes.empty()) {
    if (std::exchange(pending_cr_, false) && bytes.front() != '\n' && bytes.front() != '\r') {
      partial_.clear();
      cut_ = 0;
    }
    const std::size_t size = std::min(bytes.find_first_of("\r\n"), bytes.size());
    append(bytes.substr(0, size));
    offset_ += size;
    bytes.remove_prefix(size);
    if (bytes.empty()) break;
    ++offset_;
    if (bytes.front() == '\n')
      lines.push_back(take_line());
    else
      pending_cr_ = true;
    bytes.remove_prefix(1);
  }
  return lines;
}

std::optional<LogLine> LineSplitter::finish() {
  if (line_start_ == offset_) return std::nullopt;
  return take_line();
}

void LineSplitter::append(std::string_view bytes) {
  const std::size_t kept = std::min(bytes.size(), max_line_ - partial_.size());
  partial_ += bytes.substr(0, kept);
  cut_ += bytes.size() - kept;
}

LogLine LineSplitter::take_line() {
  LogLine line;
  // A line cut in the middle of a character loses its beginning too, rather than showing half of it.
  const std::string_view whole = cut_ == 0 ? std::string_view(partial_) : cut_at_character(partial_);
  const std::size_t missing = cut_ + (partial_.size() - whole.size());
  line.text = to_valid_utf8(whole);
  if (missing > 0) line.text += fmt::format("… [{} bytes more]", missing);
  line.end = offset_;
  line_start_ = offset_;
  partial_.clear();
  cut_ = 0;
  pending_cr_ = false;
  return line;
}

std::string_view LineSplitter::cut_at_character(std::string_view text) {
  // At most three bytes of an unfinished character stand at the end.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return needed > back ? text.substr(0, text.size() - back) : text;
  }
  return text;
}

}  // namespace firesteel
