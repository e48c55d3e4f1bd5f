// SPDX-License-Identifier: Apache-2.0
// The index as it is kept beside its log, so that the next daemon doesn't go through gigabytes first.
#include <fcntl.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <limits>
#include <numeric>
#include <utility>

#include "firesteel/io/files.hpp"
#include "firesteel/logs/log_index.hpp"
#include "raw_log.hpp"

namespace firesteel {
namespace {

namespace endian = boost::endian;

constexpr std::string_view magic = "FSLOGIDX";
constexpr std::uint32_t image_version = 1;
constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();
/// Of the log before the place where the index ends: they must be as they were.
constexpr std::uint64_t checked_bytes = 4096;
constexpr std::size_t checksum_size = sizeof(std::uint32_t);
constexpr std::size_t most_image_bytes = 1024 * 1024;

std::uint32_t checksum(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

template <class T>
void put(std::string& out, T value) {
  value = endian::native_to_little(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes numbers off; zeros behind the end, and `short_of` tells.
class Numbers {
 public:
  explicit Numbers(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T take() {
    T value{};
    if (rest_.size() < sizeof value) {
      rest_ = {};
      short_of_ = true;
      return value;
    }
    rest_.copy(reinterpret_cast<char*>(&value), sizeof value);
    rest_.remove_prefix(sizeof value);
    return endian::little_to_native(value);
  }
  bool short_of() const { return short_of_; }
  bool at_end() const { return !short_of_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool short_of_ = false;
};

}  // namespace

struct LogIndex::Kept {
  std::uint64_t device = 0, inode = 0, birth = 0;
  std::uint64_t checked = 0;  // so many bytes before the end
  std::uint32_t check = 0;    // are this
  LogDropped dropped;
  LogPlace end;
  LogLevel level = LogLevel::none;
  std::uint64_t spacing = 0;
  std::optional<LogPlace> first_error;
  std::deque<Entry> entries;

  bool makes_sense() const;
};

/// Nothing that anybody could fall over who reads by it.
bool LogIndex::Kept::makes_sense() const {
  if (entries.empty() || spacing < first_spacing || entries.front().offset < dropped.bytes) return false;
  if (dropped.lines && entries.front().line < *dropped.lines) return false;
  if (checked == 0 || checked > checked_bytes || checked > end.offset) return false;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const LogPlace next = i + 1 < entries.size() ? LogPlace{entries[i + 1].line, entries[i + 1].offset} : end;
    if (next.offset <= entry.offset || next.line <= entry.line) return false;
    const std::uint64_t lines = next.line - entry.line;
    const std::uint64_t counted = std::accumulate(entry.counts.begin(), entry.counts.end(), std::uint64_t{0});
    // A count has a largest value that it stays at.
    if (lines > next.offset - entry.offset || counted > lines) return false;
  }
  return !first_error || (first_error->offset >= entries.front().offset && first_error->offset < end.offset &&
                          first_error->line >= entries.front().line && first_error->line < end.line);
}

std::optional<LogIndexImage> LogIndex::image() const {
  const auto now = fd_ ? identify(fd_.get()) : std::nullopt;
  if (!now || entries_.empty() || end_.offset <= dropped_.bytes) return std::nullopt;
  const std::uint64_t checked = std::min(checked_bytes, end_.offset - dropped_.bytes);
  std::string last;
  if (!read_bytes(fd_.get(), end_.offset - checked, checked, last) || last.size() != checked) return std::nullopt;
  LogIndexImage image{.bytes = std::string(magic), .device = now->device, .inode = now->inode};
  std::string& out = image.bytes;
  out.reserve(256 + entries_.size() * (sizeof(Entry) + 1));
  put(out, image_version);
  put(out, static_cast<std::uint32_t>(entries_.size()));
  for (const std::uint64_t number :
       {now->device, now->inode, birth_of(fd_.get()), checked, std::uint64_t{checksum(last)}, dropped_.bytes,
        dropped_.lines.value_or(unknown), std::uint64_t{dropped_.inside_line}, end_.line, end_.offset,
        static_cast<std::uint64_t>(level_), spacing_, first_error_ ? first_error_->line : unknown,
        first_error_ ? first_error_->offset : unknown})
    put(out, number);
  for (const Entry& entry : entries_) {
    put(out, entry.offset);
    put(out, entry.line);
    put(out, entry.time);
    for (const std::uint32_t count : entry.counts) put(out, count);
    put(out, static_cast<std::uint8_t>(entry.before));
  }
  return image;
}

std::optional<LogIndex::Kept> LogIndex::read_image(std::string_view bytes) {
  if (bytes.size() < magic.size() + checksum_size || !bytes.starts_with(magic)) return std::nullopt;
  const std::size_t end = bytes.size() - checksum_size;
  if (Numbers(bytes.substr(end)).take<std::uint32_t>() != checksum(bytes.substr(0, end))) return std::nullopt;
  Numbers in(bytes.substr(magic.size(), end - magic.size()));
  const auto next = [&] { return in.take<std::uint64_t>(); };
  const auto level = [](std::uint64_t value) { return static_cast<LogLevel>(value < log_levels ? value : 0); };
  if (in.take<std::uint32_t>() != image_version) return std::nullopt;
  const auto count = in.take<std::uint32_t>();
  if (count > max_entries) return std::nullopt;
  Kept kept;
  kept.device = next();
  kept.inode = next();
  kept.birth = next();
  kept.checked = next();
  kept.check = static_cast<std::uint32_t>(next());
  kept.dropped.bytes = next();
  if (const std::uint64_t lines = next(); lines == unknown)
    kept.dropped.lines.reset();
  else
    kept.dropped.lines = lines;
  kept.dropped.inside_line = next() != 0;
  kept.end.line = next();
  kept.end.offset = next();
  kept.level = level(next());
  kept.spacing = next();
  kept.first_error.emplace();
  kept.first_error->line = next();
  kept.first_error->offset = next();
  if (kept.first_error->offset == unknown) kept.first_error.reset();
  for (std::uint32_t i = 0; i < count && !in.short_of(); ++i) {
    Entry& entry = kept.entries.emplace_back();
    entry.offset = next();
    entry.line = next();
    entry.time = in.take<std::int64_t>();
    for (std::uint32_t& each : entry.counts) each = in.take<std::uint32_t>();
    entry.before = level(in.take<std::uint8_t>());
  }
  if (!in.at_end() || !kept.makes_sense()) return std::nullopt;
  return kept;
}

/// Goes on from what was kept of this very file; false, with nothing changed, when there is no such thing.
bool LogIndex::restore(const LogIdentity& now, const DroppedHead& head) {
  const auto file = open_log(index_file_of(file_), O_RDONLY);
  const auto there = file && *file ? identify(file->get()) : std::nullopt;
  if (!there || there->size > most_image_bytes) return false;
  std::string bytes;
  if (!read_bytes(file->get(), 0, there->size, bytes)) return false;
  auto kept = read_image(bytes);
  if (!kept || kept->device != now.device || kept->inode != now.inode || kept->birth != birth_of(fd_.get()))
    return false;
  if (kept->end.offset > now.size) return false;
  if (!read_bytes(fd_.get(), kept->end.offset - kept->checked, kept->checked, bytes)) return false;
  if (bytes.size() != kept->checked || bytes.back() != '\n' || checksum(bytes) != kept->check) return false;

  // The head may have been given back further than the image knows.
  std::size_t first = 0;
  if (head.start > kept->dropped.bytes) {
    const auto at = std::ranges::lower_bound(kept->entries, head.start, {}, &Entry::offset);
    if (at == kept->entries.end()) return false;
    if (head.lines && (at->offset != head.start || !kept->dropped.lines || at->line != *head.lines)) return false;
    first = static_cast<std::size_t>(at - kept->entries.begin());
    kept->dropped.bytes = at->offset;
    if (kept->dropped.lines) kept->dropped.lines = at->line;
    kept->dropped.inside_line = false;
  } else if (head.lines && !kept->dropped.lines) {
    return false;
  } else if (head.lines && head.start == kept->dropped.bytes && *head.lines != *kept->dropped.lines) {
    return false;
  }
  dropped_ = kept->dropped;
  end_ = kept->end;
  scanned_ = restored_ = end_.offset;
  level_ = kept->level;
  spacing_ = kept->spacing;
  entries_ = std::move(kept->entries);
  first_error_ = kept->first_error;
  if (first > 0) forget_before(first);
  remember_end();
  return true;
}

std::filesystem::path index_file_of(const std::filesystem::path& log) { return log.string() + ".index"; }

Result<void> keep_index(const std::filesystem::path& log, LogIndexImage image) {
  put(image.bytes, checksum(image.bytes));
  const auto file = index_file_of(log);
  auto written = io::write_atomically(file, image.bytes, 0600, io::Flush::no);
  // Whoever takes a log away takes its index away after it; what we wrote behind them goes here.
  const auto now = identify(log);
  if (!now || now->device != image.device || now->inode != image.inode) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return {};
  }
  return written;
}

}  // namespace firesteel
