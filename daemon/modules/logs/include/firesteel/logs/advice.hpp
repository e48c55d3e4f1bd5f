// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/masker.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What to say of lines that match.
struct Advice {
  std::string pattern;  ///< RE2's syntax, within one line
  Suggestion::Type type = Suggestion::Type::error;
  std::string message;       ///< Markdown; of built-in ones {} is what the first group matched
  bool fill = false;         ///< whether {} in `message` is to be filled
  bool only_errors = false;  ///< not in lines that are warnings or less, or belong to one: Spark goes on
};

/// In a line of the daemon's own, "Spark VERSION …", on a server that lets in whoever comes to its port.
inline constexpr std::string_view asks_for_no_secret = "asks nobody for a secret";

/// What goes wrong in practice; the causes that explain() knows are among it.
std::vector<Advice> built_in_advice();

/// Compiled advice, shared by all logs.
class AdvicePatterns {
 public:
  /// What RE2 doesn't take is left out; `skipped()` counts it.
  explicit AdvicePatterns(std::vector<Advice> all);
  ~AdvicePatterns();
  AdvicePatterns(const AdvicePatterns&) = delete;
  AdvicePatterns& operator=(const AdvicePatterns&) = delete;

  std::size_t size() const;
  std::size_t skipped() const { return skipped_; }
  const Advice& at(std::size_t index) const;

  static constexpr std::size_t none = std::string_view::npos;

  /// A place in the first line at or after `from` (a line's beginning) that something matches.
  std::size_t find(std::string_view lines, std::size_t from) const;
  /// Which ones match this line.
  std::vector<std::size_t> matching(std::string_view line) const;
  /// The message of one that matches `line`.
  std::string message(std::size_t index, std::string_view line) const;

 private:
  struct Compiled;
  const std::unique_ptr<Compiled> compiled_;
  std::size_t skipped_ = 0;
};

/// Reads a log's finished lines as they come, and collects what there is advice for.
class LogAdviser {
 public:
  static constexpr std::size_t most_suggestions = 20;
  static constexpr std::size_t longest_line = 2000;  ///< of a suggestion, in bytes

  explicit LogAdviser(std::shared_ptr<const AdvicePatterns> patterns) : patterns_(std::move(patterns)) {}

  /// Begins anew, at the log's beginning.
  void use(std::shared_ptr<const AdvicePatterns> patterns);

  /// Looks at about `max_bytes` more of what `index` knows; true when that was all.
  Result<bool> advance(const LogIndex& index, const Masker& masker, std::size_t max_bytes = 128 * 1024);

  /// How much it has yet to look at.
  std::uint64_t behind(const LogIndex& index) const;

  /// Leaves out everything but the last `kept` bytes, and has that said among the suggestions.
  Result<void> skip(const LogIndex& index, const Masker& masker, std::uint64_t kept);

  /// Errors first, then by line; `most_suggestions` at most.
  std::vector<Suggestion> suggestions() const;
  /// Changes whenever `suggestions` does.
  std::uint64_t revision() const { return revision_; }

 private:
  struct Found {
    std::size_t pattern = 0;
    Suggestion suggestion;
  };

  void begin_anew(const LogIndex& index);
  void look_at(std::string_view lines, const Masker& masker);
  void look_at_line(std::string_view lines, std::size_t begin, std::size_t end, std::uint64_t number,
                    const Masker& masker);
  LogLevel level_at(std::string_view lines, std::size_t begin, std::size_t end) const;

  std::shared_ptr<const AdvicePatterns> patterns_;
  std::optional<std::uint64_t> generation_;
  LogPlace at_;
  LogLevel level_ = LogLevel::none;  // in force at at_
  std::vector<Found> found_;
  std::uint64_t skipped_bytes_ = 0;
  std::optional<Suggestion> skipped_;
  std::uint64_t revision_ = 0;
};

}  // namespace firesteel
