// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "firesteel/core/utf8.hpp"
#include "firesteel/logs/advice.hpp"
#include "firesteel/logs/marked_lines.hpp"

namespace firesteel {
namespace {

constexpr std::size_t longest_matched = 64 * 1024;  // of one line
constexpr std::size_t levels_looked_back = 64 * 1024;

std::size_t line_begin(std::string_view lines, std::size_t at) {
  const std::size_t before = at == 0 ? lines.npos : lines.rfind('\n', at - 1);
  return before == lines.npos ? 0 : before + 1;
}

std::string size_in_words(std::uint64_t bytes) {
  return bytes < 10'000'000 ? fmt::format("{} kB", (bytes + 999) / 1000) : fmt::format("{} MB", bytes / 1'000'000);
}

}  // namespace

void LogAdviser::use(std::shared_ptr<const AdvicePatterns> patterns) {
  patterns_ = std::move(patterns);
  generation_.reset();
  ++revision_;
}

void LogAdviser::begin_anew(const LogIndex& index) {
  if (!found_.empty() || skipped_) ++revision_;
  generation_ = index.generation();
  at_ = {.line = index.dropped().lines.value_or(0), .offset = index.dropped().bytes};
  level_ = LogLevel::none;
  found_.clear();
  skipped_bytes_ = 0;
  skipped_.reset();
}

std::uint64_t LogAdviser::behind(const LogIndex& index) const {
  if (generation_ != index.generation()) return index.end_offset() - index.dropped().bytes;
  return index.end_offset() - std::min(at_.offset, index.end_offset());
}

Result<bool> LogAdviser::advance(const LogIndex& index, const Masker& masker, std::size_t max_bytes) {
  if (generation_ != index.generation()) begin_anew(index);
  // The head went before it was looked at.
  if (at_.offset < index.dropped().bytes) {
    if (auto skipped = skip(index, masker, index.end_offset() - index.dropped().bytes); !skipped)
      return skipped.error();
  }
  if (at_.offset >= index.end_offset()) return true;
  std::string bytes;
  const std::uint64_t size = std::min<std::uint64_t>(max_bytes, index.end_offset() - at_.offset);
  if (auto read = index.read_raw(at_.offset, static_cast<std::size_t>(size), bytes); !read) return read.error();
  if (const std::size_t last = bytes.rfind('\n'); last != bytes.npos) {
    bytes.resize(last + 1);
    look_at(bytes, masker);
    at_.offset += bytes.size();
    return at_.offset >= index.end_offset();
  }
  // A line longer than a step: of it the beginning counts.
  const auto next = index.place_of(at_.line + 1);
  if (!next) return next.error();
  bytes.push_back('\n');
  look_at(bytes, masker);
  at_ = *next;
  return at_.offset >= index.end_offset();
}

/// Whole lines, from at_ on.
void LogAdviser::look_at(std::string_view lines, const Masker& masker) {
  std::size_t counted_to = 0;
  std::size_t from = 0;
  for (std::size_t at = patterns_->find(lines, 0); at != AdvicePatterns::none; at = patterns_->find(lines, from)) {
    const std::size_t begin = line_begin(lines, at);
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    at_.line += static_cast<std::uint64_t>(std::count(lines.begin() + static_cast<std::ptrdiff_t>(counted_to),
                                                      lines.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    counted_to = begin;
    look_at_line(lines, begin, end, at_.line, masker);
    from = end + 1;
    if (from >= lines.size()) break;
  }
  at_.line += static_cast<std::uint64_t>(
      std::count(lines.begin() + static_cast<std::ptrdiff_t>(counted_to), lines.end(), '\n'));
  const std::size_t last = line_begin(lines, lines.size() - 1);
  level_ = level_at(lines, last, lines.size() - 1);
}

/// The level in force in a line: its own, or the last one before it.
LogLevel LogAdviser::level_at(std::string_view lines, std::size_t begin, std::size_t end) const {
  const std::size_t first = begin - std::min(begin, levels_looked_back);
  for (;;) {
    if (const LogLevel level = line_level(lines.substr(begin, end - begin)); level != LogLevel::none) return level;
    if (begin <= first) return level_;
    end = begin - 1;
    begin = line_begin(lines, end);
  }
}

void LogAdviser::look_at_line(std::string_view lines, std::size_t begin, std::size_t end, std::uint64_t number,
                              const Masker& masker) {
  const std::string_view line = lines.substr(begin, std::min(end - begin, longest_matched));
  // What the daemon says itself names options, which may be called like what goes wrong; but for this.
  if (source_of(line) == LogSource::launch && line.find(asks_for_no_secret) == line.npos) return;
  std::optional<LogLevel> level;
  std::string masked;
  for (const std::size_t pattern : patterns_->matching(line)) {
    const Advice& advice = patterns_->at(pattern);
    if (advice.only_errors) {
      if (!level) level = level_at(lines, begin, end);
      if (*level != LogLevel::none && *level <= LogLevel::warn) continue;
    }
    ++revision_;
    const auto known = std::ranges::find(found_, pattern, &Found::pattern);
    if (known != found_.end()) {
      ++known->suggestion.count;
      continue;
    }
    if (masked.empty()) masked = show_line(masker.apply(line), longest_line).text;
    Suggestion suggestion{.type = advice.type,
                          .message = patterns_->message(pattern, masked),
                          .line_number = number,
                          .line = std::string(cut_utf8(masked, longest_line)),
                          .count = 1};
    found_.push_back({pattern, std::move(suggestion)});
  }
}

Result<void> LogAdviser::skip(const LogIndex& index, const Masker& masker, std::uint64_t kept) {
  if (generation_ != index.generation()) begin_anew(index);
  const std::uint64_t begin = std::max(index.dropped().bytes, index.end_offset() - std::min(index.end_offset(), kept));
  if (begin <= at_.offset) return {};
  const auto place = index.line_at(begin);
  if (!place) return place.error();
  skipped_bytes_ += place->offset - std::min(place->offset, at_.offset);
  at_ = *place;
  level_ = LogLevel::none;
  ++revision_;
  const auto window = index.read(at_.line, {.lines = 1, .bytes = longest_line, .line_bytes = longest_line}, masker);
  const bool there = window && !window->lines.empty();
  if (!skipped_)
    skipped_ = Suggestion{.type = Suggestion::Type::info,
                          .message = {},
                          .line_number = at_.line,
                          .line = there ? std::string(cut_utf8(window->lines.front().shown.text, longest_line)) : "",
                          .count = 0};
  ++skipped_->count;
  skipped_->message =
      fmt::format("The log grew faster than it could be looked through for suggestions: {} were left out.",
                  size_in_words(skipped_bytes_));
  return {};
}

std::vector<Suggestion> LogAdviser::suggestions() const {
  std::vector<Suggestion> out;
  for (const Found& each : found_) out.push_back(each.suggestion);
  if (skipped_) out.push_back(*skipped_);
  std::ranges::stable_sort(out, [](const Suggestion& a, const Suggestion& b) {
    return a.type != b.type ? a.type < b.type : a.line_number < b.line_number;
  });
  if (out.size() > most_suggestions) out.resize(most_suggestions);
  return out;
}

}  // namespace firesteel
