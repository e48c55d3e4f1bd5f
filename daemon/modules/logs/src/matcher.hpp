// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/logs/log_search.hpp"
#include "letters.hpp"

namespace firesteel {

/// What a search looks for, found in a block of lines the quickest way there is for it.
class Matcher {
 public:
  static Result<std::unique_ptr<Matcher>> make(const SearchQuery& query);

  static constexpr std::size_t none = std::string_view::npos;

  /// A place in the first line at or after `from` (the beginning of a line) that matches; none when no line does.
  std::size_t find(std::string_view lines, std::size_t from) const;

  bool matches(std::string_view line) const;
  std::vector<SearchHit::Span> spans(std::string_view line) const;

 private:
  enum class Way {
    all,                 // every line
    text,                // plain text
    letters_then_regex,  // letters that every match holds, then its line by RE2
    regex,               // RE2 over the block
    line_by_line
  };

  std::size_t find_text(std::string_view lines, std::size_t from) const;
  std::size_t find_by_letters(std::string_view lines, std::size_t from) const;
  std::size_t find_by_line(std::string_view lines, std::size_t from) const;

  Way way_ = Way::all;
  bool ignore_case_ = false;
  std::string text_;
  std::size_t letters_at_ = 0;  // in the text
  std::optional<Letters> letters_;
  std::unique_ptr<RE2> regex_;
};

}  // namespace firesteel
