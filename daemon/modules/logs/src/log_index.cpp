// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_index.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "raw_log.hpp"

namespace firesteel {
namespace {

constexpr std::size_t block_size = 256 * 1024;
constexpr std::size_t head_size = 1024;
constexpr std::size_t remembered = 64;

}  // namespace

Result<bool> LogIndex::advance(std::size_t max_bytes) {
  const auto there = look_for_file();
  if (!there) return there.error();
  if (!*there || scanned_ >= size_) return true;
  std::string bytes;
  for (std::size_t done = 0; done < max_bytes && scanned_ < size_;) {
    if (auto read = read_bytes(fd_.get(), scanned_, std::min<std::uint64_t>(block_size, size_ - scanned_), bytes);
        !read)
      return read.error();
    const std::uint64_t before = scanned_;
    scanned_ += index_lines(bytes);
    done += scanned_ - before;
    // The last line isn't finished, or the file became shorter while it was read: the next step will see.
    if (scanned_ == before || bytes.empty()) {
      remember_end();
      return true;
    }
  }
  remember_end();
  return scanned_ >= size_;
}

/// Whether there is a log; as a new one when it isn't the one that was indexed.
Result<bool> LogIndex::look_for_file() {
  const auto now = identify(file_);
  if (!now) {
    if (fd_) begin_anew();
    return false;
  }
  const auto mine = fd_ ? identify(fd_.get()) : std::nullopt;
  if (mine && mine->same_file(*now) && now->size == size_) return true;
  if (mine && mine->same_file(*now) && now->size > size_ && is_as_indexed()) {
    size_ = now->size;
    return true;
  }
  begin_anew();
  auto opened = open_log(file_, O_RDONLY);
  if (!opened) return opened.error();
  fd_ = std::move(*opened);
  const auto opened_file = fd_ ? identify(fd_.get()) : std::nullopt;
  if (!opened_file) return false;
  size_ = opened_file->size;
  const DroppedHead head = dropped_head(fd_.get(), *opened_file);
  if (restore(*opened_file, head)) return true;
  dropped_ = {.bytes = head.start, .lines = head.lines, .inside_line = head.inside_line};
  end_ = {.line = head.lines.value_or(0), .offset = head.start};
  scanned_ = head.start;
  return true;
}

/// A file that was cut to nothing and has grown beyond its old size since isn't known by its size.
bool LogIndex::is_as_indexed() const {
  std::string bytes;
  return read_bytes(fd_.get(), scanned_ - last_bytes_.size(), last_bytes_.size(), bytes) && bytes == last_bytes_;
}

void LogIndex::remember_end() {
  const std::uint64_t from = std::max(scanned_ - std::min<std::uint64_t>(scanned_, remembered), dropped_.bytes);
  std::string bytes;
  if (read_bytes(fd_.get(), from, scanned_ - from, bytes) && bytes.size() == scanned_ - from)
    last_bytes_ = std::move(bytes);
  else
    last_bytes_.clear();
}

void LogIndex::begin_anew() {
  ++generation_;
  fd_ = {};
  size_ = scanned_ = restored_ = 0;
  dropped_ = {};
  end_ = {};
  long_head_.clear();
  level_ = LogLevel::none;
  spacing_ = first_spacing;
  entries_.clear();
  first_error_.reset();
  last_bytes_.clear();
}

/// How many of `bytes` (from scanned_ on) it took: whole lines; or all of them inside a long line.
std::uint64_t LogIndex::index_lines(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto* const end = static_cast<const char*>(std::memchr(bytes.data() + at, '\n', bytes.size() - at));
    if (end == nullptr) break;
    const std::size_t next = static_cast<std::size_t>(end - bytes.data()) + 1;
    if (scanned_ > end_.offset && at == 0)
      add_line(long_head_, scanned_ + next - end_.offset);
    else
      add_line(bytes.substr(at, std::min(next - at, head_size)), next - at);
    at = next;
  }
  const bool inside = scanned_ > end_.offset && at == 0;
  if (at == 0 && (inside || bytes.size() == block_size)) {
    if (!inside) long_head_ = bytes.substr(0, head_size);
    return bytes.size();
  }
  return at;
}

void LogIndex::add_line(std::string_view head, std::uint64_t size) {
  if (entries_.empty() || end_.offset - entries_.back().offset >= spacing_) {
    if (entries_.size() >= max_entries) coarsen();
    if (entries_.empty() || end_.offset - entries_.back().offset >= spacing_) {
      Entry& entry = entries_.emplace_back();
      entry.offset = end_.offset;
      entry.line = end_.line;
      entry.before = level_;
    }
  }
  Entry& entry = entries_.back();
  const LogLevel level = line_level(head);
  if (entry.time == 0) entry.time = line_time(head).value_or(0);
  auto& count = entry.counts[static_cast<std::size_t>(level)];
  if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
  if (level != LogLevel::none) level_ = level;
  if (level >= LogLevel::error && !first_error_) first_error_ = end_;
  ++end_.line;
  end_.offset += size;
}

/// Every second entry goes; those that begin behind a long line stay, so that nobody has to read through it.
void LogIndex::coarsen() {
  while (entries_.size() > max_entries / 2) {
    spacing_ *= 2;
    std::deque<Entry> fewer;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const bool last = i + 1 == entries_.size();
      // The stretch before is joined with this one while both together, without this one's last line, stay small.
      if (!fewer.empty() && !last && entries_[i].offset - fewer.back().offset < spacing_) {
        Entry& joined = fewer.back();
        if (joined.time == 0) joined.time = entries_[i].time;
        for (std::size_t level = 0; level < log_levels; ++level) joined.counts[level] += entries_[i].counts[level];
      } else {
        fewer.push_back(entries_[i]);
      }
    }
    entries_ = std::move(fewer);
    if (spacing_ > (std::uint64_t{1} << 50)) break;
  }
}

std::array<std::uint64_t, log_levels> LogIndex::counts() const {
  std::array<std::uint64_t, log_levels> sum{};
  for (const Entry& entry : entries_)
    for (std::size_t level = 0; level < log_levels; ++level) sum[level] += entry.counts[level];
  return sum;
}

std::size_t LogIndex::entry_of_line(std::uint64_t line) const {
  const auto after = std::ranges::upper_bound(entries_, line, {}, &Entry::line);
  return after == entries_.begin() ? 0 : static_cast<std::size_t>(after - entries_.begin()) - 1;
}

std::size_t LogIndex::entry_of_offset(std::uint64_t offset) const {
  const auto after = std::ranges::upper_bound(entries_, offset, {}, &Entry::offset);
  return after == entries_.begin() ? 0 : static_cast<std::size_t>(after - entries_.begin()) - 1;
}

std::uint64_t LogIndex::entry_end(std::size_t entry) const {
  return entry + 1 < entries_.size() ? entries_[entry + 1].offset : end_.offset;
}

std::uint64_t LogIndex::lines_end(std::size_t entry) const {
  return entry + 1 < entries_.size() ? entries_[entry + 1].line : end_.line;
}

}  // namespace firesteel
