// SPDX-License-Identifier: Apache-2.0
#include "matcher.hpp"

#include <fmt/format.h>
#include <string.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <cstring>

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
  matcher->way_ = Way::regex;
  matcher->ignore_case_ = query.ignore_case;
  const bool plain = !query.regex || is_plain_text(query.pattern);
  if (plain && (!query.ignore_case || (query.pattern.size() >= 3 && is_ascii(query.pattern)))) {
    matcher->way_ = Way::text;
    matcher->text_ = query.pattern;
    if (query.pattern.size() >= 3) {
      matcher->letters_at_ = rarest_letters(query.pattern);
      matcher->letters_.emplace(std::array{std::string_view(matcher->text_).substr(matcher->letters_at_)});
    }
    return matcher;
  }
  const std::vector<std::string> texts = plain ? std::vector{query.pattern} : required_texts(query.pattern);
  const auto is_of_use = [&](const std::string& each) {
    return each.size() >= 3 && (!query.ignore_case || is_ascii(each));
  };
  if (!texts.empty() && texts.size() <= Letters::most && std::ranges::all_of(texts, is_of_use)) {
    std::vector<std::string_view> letters;
    for (const auto& each : texts) letters.push_back(std::string_view(each).substr(rarest_letters(each)));
    matcher->letters_.emplace(letters);
    matcher->way_ = Way::letters_then_regex;
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
    case Way::letters_then_regex:
      return find_by_letters(lines, from);
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
  if (!letters_) {
    const void* at = ::memmem(lines.data() + from, lines.size() - from, text_.data(), text_.size());
    return at == nullptr ? none : static_cast<std::size_t>(static_cast<const char*>(at) - lines.data());
  }
  for (std::size_t at = letters_->find(lines, from + letters_at_); at != none; at = letters_->find(lines, at + 1)) {
    const std::size_t begin = at - letters_at_;
    if (begin + text_.size() > lines.size()) return none;
    const char* const there = lines.data() + begin;
    if (ignore_case_ ? ::strncasecmp(there, text_.data(), text_.size()) == 0
                     : std::memcmp(there, text_.data(), text_.size()) == 0)
      return begin;
  }
  return none;
}

std::size_t Matcher::find_by_letters(std::string_view lines, std::size_t from) const {
  for (std::size_t at = letters_->find(lines, from); at != none; at = letters_->find(lines, from)) {
    const std::size_t before = lines.substr(from, at - from).rfind('\n');
    const std::size_t begin = before == none ? from : from + before + 1;
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    if (matches(lines.substr(begin, end - begin))) return at;
    from = end;
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
