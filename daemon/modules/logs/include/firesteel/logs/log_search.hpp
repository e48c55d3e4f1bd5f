// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {

struct SearchQuery {
  static constexpr std::size_t max_pattern = 1000;  ///< bytes

  std::string pattern;  ///< what lines hold; an empty one matches all
  bool regex = false;   ///< RE2's syntax; else plain text
  bool ignore_case = false;
  /// Of which levels lines may be; a line that names none has that of the line before. None set: all.
  std::bitset<log_levels> levels;
  bool backwards = false;         ///< from the log's end
  std::size_t max_hits = 10'000;  ///< that are shown; more are only counted
  std::size_t line_bytes = 1024;  ///< of a shown line
};

struct SearchHit {
  struct Span {
    std::uint32_t begin = 0, end = 0;  ///< bytes of `text`
    friend bool operator==(const Span&, const Span&) = default;
  };
  LogPlace place;
  ShownLine shown;
  std::vector<Span> spans;  ///< where it matches in what is shown, 32 at most; none when it matches behind that
};

struct SearchStep {
  std::vector<SearchHit> hits;
  std::uint64_t lines_found = 0;  ///< since the beginning (or since it was resumed), shown or not
  std::uint64_t done = 0;         ///< bytes looked at, of `total`
  std::uint64_t total = 0;
  bool finished = false;
  bool begun_anew = false;  ///< the log isn't the one that the search began with: it is finished
};

/// Where a search is: enough to go on with it later, by another LogSearch with the same query on the same log.
struct SearchPosition {
  std::uint64_t end = 0;  ///< of the log when the search began
  std::uint64_t at = 0;   ///< the beginning of the line that is next; backwards: behind it
  LogPlace lines_end;     ///< of the finished lines then
  bool indexed = false;   ///< whether the log was indexed up to `end`; the rest holds only then
  bool last_line_done = false;
  std::uint64_t shown = 0;  ///< hits so far, of query.max_hits

  friend bool operator==(const SearchPosition&, const SearchPosition&) = default;
};

class Matcher;

/// Looks for lines in the whole log as it was when the search began, in steps; to cancel, don't go on.
///
/// What leaves is masked, and what is masked isn't found: lines with something to mask are searched as masked. Of a
/// line longer than 1 MiB the first 1 MiB is searched.
class LogSearch {
 public:
  ~LogSearch();
  LogSearch(LogSearch&&) noexcept;
  LogSearch& operator=(LogSearch&&) = delete;

  /// `bad_request` says what is wrong with the pattern. `index` and `masker` outlive the search.
  static Result<LogSearch> begin(LogIndex& index, const Masker& masker, SearchQuery query);

  /// Goes on from `position`, which may be anybody's idea: `bad_request` unless it is a place in this log where a
  /// search can stand. That it is the same log (LogIndex::generation) is the caller's to see.
  static Result<LogSearch> resume(LogIndex& index, const Masker& masker, SearchQuery query,
                                  const SearchPosition& position);

  /// Where it is between two steps.
  SearchPosition position() const { return {end_, at_, lines_end_, ready_, last_line_done_, shown_}; }

  /// Looks at about `max_bytes` more (indexing comes first, where that isn't done), and gives at most `max_hits`.
  Result<SearchStep> step(std::size_t max_bytes = 512 * 1024, std::size_t max_hits = 200);

 private:
  struct Found {
    std::size_t begin = 0, size = 0;  // of the line, in the block
    std::uint64_t line = 0;
    bool masked = false;
  };

  LogSearch(LogIndex& index, const Masker& masker, SearchQuery query, std::unique_ptr<Matcher> matcher);
  bool stands_at(const SearchPosition& position) const;
  Result<void> search_next_block();
  void search_block(const LogBlock& block, std::string_view bytes, std::size_t from);
  void search_lines(const LogBlock& block, std::string_view bytes, std::size_t begin, std::size_t end);
  void found(const LogBlock& block, std::string_view bytes, std::size_t begin, std::size_t end, bool masked);
  bool has_level(std::string_view bytes, std::size_t begin, std::size_t end);
  void show(const LogBlock& block, std::string_view bytes);
  bool may_show_more() const;
  bool step_is_full() const;

  LogIndex* index_;
  const Masker* masker_;
  SearchQuery query_;
  std::unique_ptr<Matcher> matcher_;
  std::uint64_t generation_ = 0;
  std::uint64_t at_ = 0;   // what is next: forwards from here, backwards up to here
  std::uint64_t end_ = 0;  // of the log when it began
  std::uint64_t begin_ = 0;
  LogPlace lines_end_;  // of the finished lines then
  bool ready_ = false;  // the index has reached end_
  bool last_line_done_ = false;
  std::uint64_t lines_found_ = 0;
  std::uint64_t shown_ = 0;
  std::vector<SearchHit> hits_;  // of the step at hand
  std::size_t step_hits_ = 0;    // that it may have
  std::string buffer_;
  // Of the block at hand:
  std::uint64_t found_before_ = 0;
  std::vector<Found> block_hits_;
  std::size_t counted_to_ = 0;  // lines are counted up to here
  std::uint64_t counted_lines_ = 0;
  std::size_t level_known_to_ = 0;  // the level in force is known up to here
  LogLevel level_ = LogLevel::none;
};

}  // namespace firesteel
