// SPDX-License-Identifier: Apache-2.0
// Reading by an index: lines by number, offsets, blocks.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "firesteel/core/utf8.hpp"
#include "firesteel/logs/log_index.hpp"
#include "raw_log.hpp"

namespace firesteel {
namespace {

/// The byte behind the next line end from `at` on, or `end`.
std::uint64_t line_end(Blocks& blocks, std::uint64_t at, std::uint64_t end) {
  while (at < end) {
    const std::string_view bytes = blocks.at(at);
    if (bytes.empty()) return end;
    if (const std::size_t found = bytes.find('\n'); found != bytes.npos) return at + found + 1;
    at += bytes.size();
  }
  return end;
}

/// A secret may lie across the place where the line is cut: this much more is read and masked.
constexpr std::size_t margin = 4096;

}  // namespace

Result<LogPlace> LogIndex::place_of(std::uint64_t line) const {
  if (line == end_.line) return end_;
  if (entries_.empty() || line < first_line() || line > end_.line)
    return Error{.code = Errc::not_found, .message = fmt::format("The log has no line {}.", line + 1)};
  const Entry& entry = entries_[entry_of_line(line)];
  Blocks blocks(fd_.get(), end_.offset);
  LogPlace place{entry.line, entry.offset};
  for (; place.line < line; ++place.line) place.offset = line_end(blocks, place.offset, end_.offset);
  return place;
}

Result<LogPlace> LogIndex::line_at(std::uint64_t offset) const {
  if (entries_.empty() || offset >= end_.offset) return end_;
  const std::size_t index = entry_of_offset(offset);
  const std::uint64_t last = lines_end(index) - 1;
  LogPlace place{entries_[index].line, entries_[index].offset};
  Blocks blocks(fd_.get(), end_.offset);
  // The last line of a stretch may be long; nothing begins behind it.
  while (place.line < last) {
    const std::uint64_t next = line_end(blocks, place.offset, end_.offset);
    if (next > offset) break;
    place = {place.line + 1, next};
  }
  return place;
}

Result<std::pair<std::uint64_t, std::uint64_t>> LogIndex::byte_range(std::uint64_t first, std::uint64_t end) const {
  if (end < first) return Error{.code = Errc::bad_request, .message = "The last line is before the first."};
  const auto begin = place_of(first);
  if (!begin) return begin.error();
  const auto behind = place_of(end);
  if (!behind) return behind.error();
  return std::pair(begin->offset, behind->offset);
}

LogPlace LogIndex::near_time(std::int64_t time) const {
  LogPlace place{first_line(), entries_.empty() ? 0 : entries_.front().offset};
  for (const Entry& entry : entries_) {
    if (entry.time == 0) continue;
    if (entry.time >= time) break;
    place = {entry.line, entry.offset};
  }
  return place;
}

Result<LogWindow> LogIndex::read(std::uint64_t first, const WindowLimits& limits, const Masker& masker) const {
  LogWindow window;
  const auto begin = place_of(std::max(first, first_line()));
  if (!begin) return begin.error();
  LogPlace at = *begin;
  Blocks blocks(fd_.get(), size_);
  const std::size_t kept = limits.line_bytes + margin + masker.longest();
  std::size_t bytes = 0;
  std::string raw;
  while (window.lines.size() < limits.lines && at.offset < size_ && at.line <= end_.line) {
    raw.clear();
    std::uint64_t end = at.offset;
    bool finished = false;
    while (!finished && raw.size() < kept && end < size_) {
      std::string_view more = blocks.at(end);
      if (more.empty()) break;
      if (const std::size_t found = more.find('\n'); found != more.npos) {
        more = more.substr(0, found + 1);
        finished = true;
      }
      end += more.size();
      raw += more;
    }
    if (raw.empty()) break;
    if (!finished && at.line >= end_.line) {
      end = size_;
    } else if (!finished) {
      // The rest of a long line: often its end is where a stretch ends.
      const std::size_t index = entry_of_line(at.line);
      end = lines_end(index) == at.line + 1 ? entry_end(index) : line_end(blocks, end, end_.offset);
      finished = true;
    }
    const std::string_view content = std::string_view(raw).substr(0, raw.size() - (raw.ends_with('\n') ? 1 : 0));
    // Without the line end that wasn't read.
    const std::uint64_t unread = end - at.offset - raw.size() - (finished && !raw.ends_with('\n') ? 1 : 0);
    WindowLine line{
        .number = at.line, .offset = at.offset, .level = line_level(content), .shown = {}, .finished = finished};
    line.shown = show_line(masker.apply(content), limits.line_bytes);
    line.shown.cut += unread;
    if (!window.lines.empty() && bytes + line.shown.text.size() > limits.bytes) break;
    bytes += line.shown.text.size();
    window.lines.push_back(std::move(line));
    at = {at.line + 1, end};
  }
  window.next = at;
  return window;
}

LogBlock LogIndex::block_from(std::uint64_t offset, std::uint64_t bytes) const {
  if (entries_.empty() || offset >= end_.offset) return {end_.offset, end_.offset, end_.line, level_};
  const std::size_t first = entry_of_offset(offset);
  std::size_t last = first;
  while (last + 1 < entries_.size() && entry_end(last + 1) - entries_[first].offset <= bytes) ++last;
  const Entry& entry = entries_[first];
  return {entry.offset, entry_end(last), entry.line, entry.before};
}

LogBlock LogIndex::block_before(std::uint64_t offset, std::uint64_t bytes) const {
  if (entries_.empty() || offset <= entries_.front().offset) return {offset, offset, first_line(), LogLevel::none};
  const std::size_t last = entry_of_offset(offset - 1);
  std::size_t first = last;
  while (first > 0 && offset - entries_[first - 1].offset <= bytes) --first;
  const Entry& entry = entries_[first];
  return {entry.offset, std::min(offset, entry_end(last)), entry.line, entry.before};
}

Result<void> LogIndex::read_raw(std::uint64_t offset, std::size_t bytes, std::string& out) const {
  out.clear();
  if (!fd_) return {};
  return read_bytes(fd_.get(), offset, bytes, out);
}

}  // namespace firesteel
