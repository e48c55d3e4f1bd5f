// SPDX-License-Identifier: Apache-2.0
// The bound on disk: the head of a log goes back to the file system.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "firesteel/logs/log_index.hpp"
#include "raw_log.hpp"

namespace firesteel {
namespace {

/// 0 or an errno.
int punch(int fd, std::uint64_t bytes) {
  while (::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

Error cannot_give_back(const std::filesystem::path& file, int error) {
  return {.message = fmt::format("Can't give the head of the log {} back to the disk: {}.", file.string(),
                                 std::strerror(error))};
}

}  // namespace

Result<GivenBack> LogIndex::give_back(std::uint64_t limit) {
  int failed = 0;
  auto given = give_back(limit, [&](const Punch& rest) { failed = rest(); });
  if (failed != 0) return cannot_give_back(file_, failed);
  return given;
}

Result<GivenBack> LogIndex::give_back(std::uint64_t limit, const std::function<void(Punch)>& later) {
  limit = std::max(limit, least_limit);
  const auto now = fd_ ? identify(fd_.get()) : std::nullopt;
  if (!now || now->allocated <= limit || now->size < size_) return GivenBack::nothing;
  const std::uint64_t kept = limit - limit / 8;
  // Blocks beyond the end (a file system may hold some ready) aren't ours to give back.
  if (now->size <= dropped_.bytes + kept) return GivenBack::nothing;
  const std::uint64_t wanted = now->size - kept;
  const auto entry = entry_to_keep(wanted);
  DroppedHead head;
  if (entry) {
    head = {.start = entries_[*entry].offset, .lines = entries_[*entry].line, .inside_line = false};
  } else if (scanned_ > end_.offset) {
    // One unfinished line is longer than all that may be kept: it loses its beginning.
    const std::uint64_t cut = std::min(wanted, scanned_) / now->block_size * now->block_size;
    if (cut <= end_.offset) return GivenBack::nothing;
    head = {.start = cut, .lines = end_.line, .inside_line = true};
  } else {
    head = {.start = end_.offset, .lines = end_.line, .inside_line = false};
  }
  const std::uint64_t hole = head.start / now->block_size * now->block_size;
  if (hole <= dropped_.bytes / now->block_size * now->block_size) return GivenBack::nothing;
  if (!dropped_.lines) head.lines.reset();

  auto writer = open_log(file_, O_WRONLY);
  if (!writer) return writer.error();
  const auto same = *writer ? identify(writer->get()) : std::nullopt;
  // Replaced meanwhile: the next step indexes the new one.
  if (!same || !same->same_file(*now)) return GivenBack::nothing;
  // Recorded first: a record that isn't true of the file is seen to be so (raw_log.hpp).
  record_dropped_head(writer->get(), head);
  // One block tells whether it can be done; mostly it is a hole already.
  const int error = punch(writer->get(), now->block_size);
  if (error == EOPNOTSUPP || error == ENOSYS || error == ENODEV) return GivenBack::unsupported;
  if (error != 0) return cannot_give_back(file_, error);
  dropped_.bytes = head.start;
  if (dropped_.lines) dropped_.lines = head.lines;
  dropped_.inside_line = head.inside_line;
  if (entry) {
    forget_before(*entry);
  } else {
    entries_.clear();
    first_error_.reset();
    end_.offset = head.start;
    if (!head.inside_line) scanned_ = std::max(scanned_, end_.offset);
  }
  remember_end();
  later([fd = std::make_shared<io::UniqueFd>(std::move(*writer)), hole] { return punch(fd->get(), hole); });
  return GivenBack::done;
}

/// The first stretch that begins at or behind `wanted`; the last one when that reaches there.
std::optional<std::size_t> LogIndex::entry_to_keep(std::uint64_t wanted) const {
  const auto at = std::ranges::lower_bound(entries_, wanted, {}, &Entry::offset);
  if (at != entries_.end()) return static_cast<std::size_t>(at - entries_.begin());
  if (entries_.empty() || end_.offset <= wanted) return std::nullopt;
  return entries_.size() - 1;
}

void LogIndex::forget_before(std::size_t entry) {
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(entry));
  if (first_error_ && first_error_->offset < entries_.front().offset) find_first_error();
}

void LogIndex::find_first_error() {
  first_error_.reset();
  const auto has_error = [](const Entry& entry) {
    return entry.counts[static_cast<std::size_t>(LogLevel::error)] +
               entry.counts[static_cast<std::size_t>(LogLevel::fatal)] >
           0;
  };
  const auto entry = std::ranges::find_if(entries_, has_error);
  if (entry == entries_.end()) return;
  const std::uint64_t end = entry_end(static_cast<std::size_t>(entry - entries_.begin()));
  LogPlace at{entry->line, entry->offset};
  std::string bytes;
  // Its last line may be long, but a level stands at a line's beginning.
  if (!read_bytes(fd_.get(), at.offset, std::min(end - at.offset, spacing_ + 1024), bytes)) return;
  for (std::string_view rest = bytes; !rest.empty(); ++at.line) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (line_level(rest.substr(0, size)) >= LogLevel::error) {
      first_error_ = at;
      return;
    }
    at.offset += size;
    rest.remove_prefix(size);
  }
}

}  // namespace firesteel
