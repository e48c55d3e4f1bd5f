// SPDX-License-Identifier: Apache-2.0
#include "matcher.hpp"

#include <fmt/format.h>
#include <string.h>
#include <strings.h>

#include <algorithm>

#include "firesteel/core/utf8.hpp"
#include "literal.hpp"

namespace firesteel {
namespace {

constexpr std::int64_t regex_memory = 8 * 1024 * 1024;
constexpr std::size_t max_spans = 32;

Error wrong(std::string message, std::string advice) {
  return {.code = Errc::bad_request, .message = std::move(message), .advice = std::move(advice), .field = "pattern"};
}

std::string in_words(const RE2& regex) {
  const std::string& part = regex.error_arg();
  switch (regex.error_code()) {
    case RE2::ErrorBadEscape:
      return fmt::format("`{}` means nothing in a pattern", part);
    case RE2::ErrorBadCharClass:
    case RE2::ErrorBadCharRange:
      return fmt::format("`{}` is no class of characters", part);
    case RE2::ErrorMissingBracket:
      return fmt::format("the closing ] of `{}` is missing", part);
    case RE2::ErrorMissingParen:
      return fmt::format("a closing ) is missing in `{}`", part);
    case RE2::ErrorUnexpectedParen:
      return fmt::format("a ) in `{}` closes nothing", part);
    case RE2::ErrorTrailingBackslash:
      return "it ends with a single backslash";
    case RE2::ErrorRepeatArgument:
      return fmt::format("`{}` has nothing before it to repeat", part);
    case RE2::ErrorRepeatSize:
      return fmt::format("`{}` repeats too often", part);
    case RE2::ErrorRepeatOp:
      return fmt::format("`{}` repeats what is repeated already", part);
    case RE2::ErrorBadPerlOp:
      return fmt::format("`{}` isn't supported (no look-around, no back references)", part);
    case RE2::ErrorBadUTF8:
      return "it isn't valid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return fmt::format("`{}` is no name for a group", part);
    case RE2::ErrorPatternTooLarge:
      return "it would take too much memory";
    default:
      return regex.error();
  }
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// Which three letters of a word are the rarest in a log, roughly.
std::size_t rarest_letters(std::string_view text) {
  constexpr std::string_view often = "etaoinsrldcpu 0123456789:.-/";
  std::size_t best = 0;
  int least = 1000;
  for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
    int weight = 0;
    for (const char c : text.substr(at, 3)) {
      const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      const std::size_t rank = often.find(small);
      weight += rank == often.npos ? 0 : rank < 10 ? 2 : rank > 12 ? 3 : 1;
    }
    if (weight < least) least = weight, best = at;
  }
  return best;
}

}  // namespace

Result<std::unique_ptr<Matcher>> Matcher::make(const SearchQuery& query) {
  if (query.pattern.size() > SearchQuery::max_pattern)
    return wrong(fmt::format("The pattern is longer than {} bytes.", SearchQuery::max_pattern),
                 "Search for a part of it.");
  if (query.pattern.find_first_of(std::string_view("\n\0", 2)) != std::string::npos)
    return wrong("The pattern has a line end or a NUL in it.",
                 "A search finds lines: give what stands in one of them.");
  if (!is_valid_utf8(query.pattern)) return wrong("The pattern isn't valid UTF-8.", "");
  auto matcher = std::make_unique<Matcher>();
  if (query.pattern.empty()) return matcher;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(regex_memory);
  options.set_case_sensitive(!query.ignore_case);
  options.set_never_nl(true);
  // Alone first, so that what is said of it is about what was typed.
  const std::string pattern = query.regex ? query.pattern : RE2::QuoteMeta(query.pattern);
  matcher->regex_ = std::make_unique<RE2>(pattern, options);
  if (!matcher->regex_->ok())
    return wrong(fmt::format("The pattern can't be used: {}.", in_words(*matcher->regex_)),
                 "Correct it, or search for plain text.");
  if (query.regex && needs_single_lines(pattern)) {
    matcher->way_ = Way::line_by_line;
    return matcher;
  }
  matcher->regex_ = std::make_unique<RE2>("(?m)" + pattern, options);
  if (!matcher->regex_->ok()) return wrong("The pattern can't be used: it would take too much memory.", "");
  const bool plain = !query.regex || required_literal(query.pattern) == query.pattern;
  matcher->text_ = plain ? query.pattern : required_literal(query.pattern);
  matcher->way_ = Way::regex;
  if (!query.ignore_case && plain) {
    matcher->way_ = Way::text;
  } else if (!query.ignore_case && matcher->text_.size() >= 3) {
    matcher->way_ = Way::text_then_regex;
  } else if (query.ignore_case && plain && matcher->text_.size() >= 3 && is_ascii(matcher->text_)) {
    matcher->way_ = Way::letters;
    matcher->letters_at_ = rarest_letters(matcher->text_);
    matcher->letters_.emplace(std::array{std::string_view(matcher->text_).substr(matcher->letters_at_, 3)});
  }
  return matcher;
}

std::size_t Matcher::find(std::string_view lines, std::size_t from) const {
  if (from >= lines.size()) return none;
  switch (way_) {
    case Way::all:
      return from;
    case Way::text:
      return find_text(lines, from);
    case Way::text_then_regex:
      for (std::size_t at = find_text(lines, from); at != none; at = find_text(lines, at)) {
        const std::size_t before = lines.substr(from, at - from).rfind('\n');
        const std::size_t begin = before == none ? from : from + before + 1;
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        if (matches(lines.substr(begin, end - begin))) return at;
        at = end;
      }
      return none;
    case Way::letters:
      return find_letters(lines, from);
    case Way::regex: {
      const std::string_view rest = lines.substr(from);
      re2::StringPiece match;
      if (!regex_->Match(piece(rest), 0, rest.size(), RE2::UNANCHORED, &match, 1)) return none;
      const std::size_t at = from + static_cast<std::size_t>(match.data() - rest.data());
      // Nothing at all matches behind the last line's end.
      return at < lines.size() ? at : none;
    }
    case Way::line_by_line:
      return find_by_line(lines, from);
  }
  return none;
}

std::size_t Matcher::find_text(std::string_view lines, std::size_t from) const {
  const void* at = ::memmem(lines.data() + from, lines.size() - from, text_.data(), text_.size());
  return at == nullptr ? none : static_cast<std::size_t>(static_cast<const char*>(at) - lines.data());
}

std::size_t Matcher::find_letters(std::string_view lines, std::size_t from) const {
  for (std::size_t at = letters_->find(lines, from); at != Trigrams<1>::none; at = letters_->find(lines, at + 1)) {
    if (at < from + letters_at_) continue;
    const std::size_t begin = at - letters_at_;
    if (begin + text_.size() <= lines.size() && ::strncasecmp(lines.data() + begin, text_.data(), text_.size()) == 0)
      return begin;
  }
  return none;
}

std::size_t Matcher::find_by_line(std::string_view lines, std::size_t from) const {
  while (from < lines.size()) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    if (matches(lines.substr(from, end - from))) return from;
    from = end + 1;
  }
  return none;
}

bool Matcher::matches(std::string_view line) const {
  return way_ == Way::all || regex_->Match(piece(line), 0, line.size(), RE2::UNANCHORED, nullptr, 0);
}

std::vector<SearchHit::Span> Matcher::spans(std::string_view line) const {
  std::vector<SearchHit::Span> out;
  if (way_ == Way::all) return out;
  re2::StringPiece match;
  for (std::size_t at = 0; at < line.size() && out.size() < max_spans;) {
    if (!regex_->Match(piece(line), at, line.size(), RE2::UNANCHORED, &match, 1)) break;
    const auto begin = static_cast<std::size_t>(match.data() - line.data());
    const std::size_t end = begin + match.size();
    if (end > begin) out.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    at = std::max(end, at + (end > begin ? 0 : 1));
    if (end == begin) at = std::max(at, begin + 1);
  }
  return out;
}

}  // namespace firesteel
