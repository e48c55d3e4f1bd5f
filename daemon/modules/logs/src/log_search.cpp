// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_search.hpp"

#include <string.h>

#include <algorithm>
#include <utility>

#include "matcher.hpp"

namespace firesteel {
namespace {

constexpr std::uint64_t block_bytes = 256 * 1024;
constexpr std::size_t longest_searched = 1024 * 1024;

std::uint64_t line_ends(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

std::size_t line_begin(std::string_view bytes, std::size_t at) {
  const void* before = at == 0 ? nullptr : ::memrchr(bytes.data(), '\n', at);
  return before == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(before) - bytes.data()) + 1;
}

}  // namespace

LogSearch::LogSearch(LogIndex& index, const Masker& masker, SearchQuery query, std::unique_ptr<Matcher> matcher)
    : index_(&index), masker_(&masker), query_(std::move(query)), matcher_(std::move(matcher)) {}
LogSearch::~LogSearch() = default;
LogSearch::LogSearch(LogSearch&&) noexcept = default;

Result<LogSearch> LogSearch::begin(LogIndex& index, const Masker& masker, SearchQuery query) {
  auto matcher = Matcher::make(query);
  if (!matcher) return matcher.error();
  if (auto seen = index.advance(1); !seen) return seen.error();
  LogSearch search(index, masker, std::move(query), std::move(*matcher));
  search.generation_ = index.generation();
  search.end_ = index.size();
  search.begin_ = index.dropped().bytes;
  search.at_ = search.query_.backwards ? search.end_ : search.begin_;
  return search;
}

Result<LogSearch> LogSearch::resume(LogIndex& index, const Masker& masker, SearchQuery query,
                                    const SearchPosition& position) {
  auto search = begin(index, masker, std::move(query));
  if (!search) return search;
  if (!search->stands_at(position))
    return Error{.code = Errc::bad_request,
                 .message = "The search can't go on from there.",
                 .advice = "Begin it anew.",
                 .field = "cursor"};
  search->end_ = position.end;
  search->shown_ = position.shown;
  if (!position.indexed) return search;
  search->ready_ = true;
  search->at_ = position.at;
  search->lines_end_ = position.lines_end;
  search->last_line_done_ = position.last_line_done;
  return search;
}

/// Places are beginnings of lines: within one, a secret would be read without the key before it.
bool LogSearch::stands_at(const SearchPosition& position) const {
  const auto is_line = [&](const LogPlace& place) {
    const auto line = index_->line_at(place.offset);
    return line && line->offset == place.offset;
  };
  if (position.end > index_->size() || position.shown > query_.max_hits) return false;
  if (!position.indexed) return true;
  const LogPlace& lines_end = position.lines_end;
  if (lines_end.offset > position.end || position.at > position.end) return false;
  if (lines_end.offset > index_->end_offset()) return false;
  const std::uint64_t dropped = index_->dropped().bytes;
  if (lines_end.offset > dropped) {
    const auto line = index_->line_at(lines_end.offset);
    if (!line || *line != lines_end) return false;
  }
  if (position.at <= dropped) return true;
  const bool at_end = query_.backwards ? !position.last_line_done : position.last_line_done;
  if (at_end) return position.at == position.end;
  return position.at <= lines_end.offset && is_line({.line = 0, .offset = position.at});
}

bool LogSearch::may_show_more() const { return shown_ < query_.max_hits; }

/// One more than fit are needed, to know that there are more. Backwards the block's last ones are wanted.
bool LogSearch::step_is_full() const { return !query_.backwards && hits_.size() + block_hits_.size() > step_hits_; }

Result<SearchStep> LogSearch::step(std::size_t max_bytes, std::size_t max_hits) {
  SearchStep out;
  hits_.clear();
  step_hits_ = max_hits;
  if (!ready_) {
    const auto all = index_->advance(max_bytes);
    if (!all) return all.error();
    // The last line without an end is not counted among the index's.
    ready_ = *all || index_->end_offset() >= end_;
    if (ready_) {
      lines_end_ = {index_->end_line(), index_->end_offset()};
      end_ = std::max(end_, lines_end_.offset);
      if (query_.backwards) at_ = end_;
    }
  }
  if (index_->generation() != generation_) {
    out.begun_anew = out.finished = true;
    return out;
  }
  const auto is_done = [&] { return query_.backwards ? at_ <= begin_ && last_line_done_ : last_line_done_; };
  const std::uint64_t from = at_;
  while (ready_ && !is_done() && hits_.size() < max_hits && (from > at_ ? from - at_ : at_ - from) < max_bytes) {
    begin_ = std::max(begin_, index_->dropped().bytes);
    if (auto searched = search_next_block(); !searched) return searched.error();
  }
  out.hits = std::move(hits_);
  out.lines_found = lines_found_;
  out.finished = ready_ && is_done();
  out.total = end_ - std::min(begin_, end_);
  const std::uint64_t done =
      query_.backwards ? end_ - std::min(at_, end_) : std::min(at_, end_) - std::min(begin_, at_);
  out.done = out.finished ? out.total : std::min(done, out.total);
  return out;
}

Result<void> LogSearch::search_next_block() {
  LogBlock block;
  std::uint64_t from = 0;
  if (begin_ > lines_end_.offset) {
    // All that it was to look through has been given back meanwhile.
    last_line_done_ = true;
    at_ = query_.backwards ? begin_ : end_;
    return {};
  }
  const bool last_line = query_.backwards ? !last_line_done_ : at_ >= lines_end_.offset;
  if (last_line) {
    // What has no line end yet, or had none when the search began.
    last_line_done_ = true;
    block = {lines_end_.offset, end_, lines_end_.line, index_->block_from(index_->end_offset(), 0).level};
    at_ = query_.backwards ? lines_end_.offset : end_;
  } else if (query_.backwards) {
    block = index_->block_before(at_, block_bytes);
    at_ = block.begin < block.end ? block.begin : begin_;
  } else {
    // The index may have become coarser, or have more lines at its end, since the last block.
    at_ = std::max(at_, begin_);
    block = index_->block_from(at_, block_bytes);
    block.end = std::min(block.end, lines_end_.offset);
    from = at_ - std::min(block.begin, at_);
    at_ = std::max(at_, block.begin < block.end ? block.end : lines_end_.offset);
  }
  if (block.begin >= block.end) return {};
  const std::uint64_t size =
      std::min(block.end - block.begin, std::max(block_bytes, index_->spacing()) + longest_searched);
  if (auto read = index_->read_raw(block.begin, static_cast<std::size_t>(size), buffer_); !read) return read.error();
  search_block(block, buffer_, static_cast<std::size_t>(from));
  return {};
}

void LogSearch::search_block(const LogBlock& block, std::string_view bytes, std::size_t from) {
  block_hits_.clear();
  found_before_ = lines_found_;
  counted_to_ = 0;
  counted_lines_ = 0;
  level_known_to_ = 0;
  level_ = block.level;
  // Lines with something to mask are searched as they may leave, the others where they lie.
  for (std::size_t at = masker_->next_suspect(bytes, from); at != bytes.npos; at = masker_->next_suspect(bytes, at)) {
    const std::size_t begin = std::max(line_begin(bytes, at), from);
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view line = bytes.substr(begin, end - begin);
    const std::string masked = masker_->apply(line);
    if (masked != line) {
      search_lines(block, bytes, from, begin);
      if (matcher_->matches(masked)) found(block, bytes, begin, end, true);
      from = end + 1;
    }
    at = end + 1;
    if (at >= bytes.size() || step_is_full()) break;
  }
  if (from < bytes.size() && !step_is_full()) search_lines(block, bytes, from, bytes.size());
  show(block, bytes);
}

void LogSearch::search_lines(const LogBlock& block, std::string_view bytes, std::size_t begin, std::size_t end) {
  const std::string_view lines = bytes.substr(0, end);
  for (std::size_t at = matcher_->find(lines, begin); at != Matcher::none; at = matcher_->find(lines, begin)) {
    const std::size_t line = std::max(line_begin(lines, at), begin);
    const std::size_t stop = std::min(lines.find('\n', at), end);
    found(block, bytes, line, stop, false);
    if (step_is_full()) return;
    begin = stop + 1;
  }
}

void LogSearch::found(const LogBlock& block, std::string_view bytes, std::size_t begin, std::size_t end, bool masked) {
  if (query_.levels.any() && !has_level(bytes, begin, end)) return;
  ++lines_found_;
  if (!may_show_more() || (!query_.backwards && shown_ + block_hits_.size() >= query_.max_hits)) return;
  counted_lines_ += line_ends(bytes.substr(counted_to_, begin - counted_to_));
  counted_to_ = begin;
  block_hits_.push_back({begin, end - begin, block.line + counted_lines_, masked});
}

/// The level that is in force in the line: its own, or the last one before it.
bool LogSearch::has_level(std::string_view bytes, std::size_t begin, std::size_t end) {
  LogLevel level = line_level(bytes.substr(begin, end - begin));
  // Back to the last line whose level is known; so every line is looked at once.
  for (std::size_t at = begin; level == LogLevel::none && at > level_known_to_;) {
    const std::size_t previous = line_begin(bytes, at - 1);
    level = line_level(bytes.substr(previous, at - 1 - previous));
    at = previous;
  }
  if (level != LogLevel::none) level_ = level;
  level_known_to_ = begin;
  return query_.levels.test(static_cast<std::size_t>(level_));
}

void LogSearch::show(const LogBlock& block, std::string_view bytes) {
  if (query_.backwards) std::ranges::reverse(block_hits_);
  const std::size_t room = step_hits_ - hits_.size();
  if (std::min<std::uint64_t>(block_hits_.size(), query_.max_hits - shown_) > room) {
    // The step is full: the next one goes on inside this block.
    block_hits_.resize(room);
    const Found& last = block_hits_.back();
    at_ = block.begin + (query_.backwards ? last.begin : last.begin + last.size + 1);
    lines_found_ = found_before_ + room;
  }
  for (const Found& each : block_hits_) {
    if (!may_show_more()) break;
    ++shown_;
    // What is shown and a secret that may lie across its end; masked before it is cut.
    const std::size_t kept = query_.line_bytes + 4096 + masker_->longest();
    std::string_view raw = bytes.substr(each.begin, each.size);
    std::uint64_t behind = raw.size() - std::min(raw.size(), kept);
    // A long line at the block's end isn't read to its own, which has a line end behind it.
    const std::uint64_t read_to = block.begin + bytes.size();
    if (each.begin + each.size == bytes.size() && read_to < block.end) behind += block.end - read_to - 1;
    raw = raw.substr(0, kept);
    SearchHit hit{.place = {each.line, block.begin + each.begin}, .shown = {}, .spans = {}};
    hit.shown = show_line(each.masked ? masker_->apply(raw) : std::string(raw), query_.line_bytes);
    hit.shown.cut += behind;
    hit.spans = matcher_->spans(hit.shown.text);
    hits_.push_back(std::move(hit));
  }
}

}  // namespace firesteel
