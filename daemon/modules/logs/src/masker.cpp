// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/masker.hpp"

#include <string.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <utility>

#include "firesteel/logs/explain.hpp"
#include "firesteel/logs/log_line.hpp"
#include "letters.hpp"

namespace firesteel {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view stars = "*****";

/// A word that betrays a secret, and where its letters stands in it.
struct Betrayer {
  std::string_view word;
  std::size_t letters;
};
// The two forms of access.key share a letters.
constexpr std::array betrayers{Betrayer{"secret", 1},    Betrayer{"password", 2},   Betrayer{"token", 1},
                               Betrayer{"accesskey", 6}, Betrayer{"access.key", 7}, Betrayer{"bearer", 3}};

const Letters& letters() {
  static const Letters all(std::array<std::string_view, 5>{"ecr", "ssw", "oke", "key", "rer"});
  return all;
}

bool same_word(std::string_view text, std::size_t at, std::string_view word) {
  return at + word.size() <= text.size() && ::strncasecmp(text.data() + at, word.data(), word.size()) == 0;
}

struct Found {
  std::size_t at = none;
  const Betrayer* word = nullptr;
};

Found next_word(std::string_view text, std::size_t from) {
  for (std::size_t at = letters().find(text, from); at != none; at = letters().find(text, at + 1))
    for (const Betrayer& each : betrayers)
      if (at >= from + each.letters && same_word(text, at - each.letters, each.word)) return {at - each.letters, &each};
  return {};
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

struct Range {
  std::size_t begin = 0, end = 0;
};

/// A value from `at` on: up to its own quote, the quote around key and value, or a space.
Range value_at(std::string_view text, std::size_t at, char outer) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  std::size_t begin = at;
  while (begin < text.size() && text[begin] == '\\') ++begin;
  const char quote = begin < text.size() && is_quote(text[begin]) ? text[begin] : '\0';
  const bool escaped = quote != '\0' && begin > at;
  begin = quote != '\0' ? begin + 1 : at;
  std::size_t end = begin;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (quote == '\0' ? is_space(c) || (outer != '\0' && c == outer) : c == quote) break;
    // In a quoted value a backslash takes the next character's meaning; in one whose quotes are escaped, it ends it.
    if (quote != '\0' && c == '\\' && end + 1 < text.size()) {
      if (escaped && text[end + 1] == quote) break;
      ++end;
    }
  }
  return {begin, std::min(end, text.size())};
}

Range bearer_value(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != ' ') return {};
  while (at < text.size() && text[at] == ' ') ++at;
  std::size_t end = at;
  while (end < text.size() && (is_key_character(text[end]) || std::string_view("~+/=").find(text[end]) != none)) ++end;
  // "the bearer of news" is none.
  return end - at >= 6 ? Range{at, end} : Range{};
}

/// The value that belongs to the word at `at`; empty when it is no key.
Range value_of(std::string_view text, const Found& found) {
  std::size_t end = found.at + found.word->word.size();
  if (found.word->word == "bearer") return bearer_value(text, end);
  std::size_t begin = found.at;
  while (begin > 0 && is_key_character(text[begin - 1])) --begin;
  const char outer = begin > 0 && is_quote(text[begin - 1]) ? text[begin - 1] : '\0';
  while (end < text.size() && is_key_character(text[end])) ++end;
  bool closed = false;
  while (end < text.size() && (text[end] == '\\' || is_quote(text[end]))) closed = true, ++end;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  if (end >= text.size() || (text[end] != '=' && text[end] != ':')) return {};
  // `::`, `==`, `:=` and `=>` come before a value as well.
  while (end < text.size() && (text[end] == '=' || text[end] == ':' || text[end] == '>')) ++end;
  Range value = value_at(text, end, closed ? '\0' : outer);
  // "Authorization-Token: Bearer x": the scheme is no secret, what follows it is.
  const std::string_view said = text.substr(value.begin, value.end - value.begin);
  if (same_word(said, 0, "bearer") && said.size() == 6) return bearer_value(text, value.end);
  return value;
}

}  // namespace

bool names_secret(std::string_view key) {
  return std::ranges::any_of(betrayers, [&](const Betrayer& each) {
    for (std::size_t at = 0; at + each.word.size() <= key.size(); ++at)
      if (each.word != "bearer" && same_word(key, at, each.word)) return true;
    return false;
  });
}

Masker::Masker(std::vector<std::string> known) : known_(std::move(known)) {
  std::erase_if(known_, [](const std::string& each) { return each.empty(); });
  // A secret that holds another one goes first.
  std::ranges::sort(known_, std::ranges::greater{}, &std::string::size);
  if (!known_.empty()) longest_ = known_.front().size();
}

std::size_t Masker::next_suspect(std::string_view text, std::size_t from) const {
  std::size_t first = next_word(text, from).at;
  for (const auto& each : known_) {
    if (from >= text.size()) break;
    // No further than what is found already: the caller comes back for the rest.
    const std::size_t end = first == none ? text.size() : std::min(text.size(), first + each.size());
    const void* at = ::memmem(text.data() + from, end - from, each.data(), each.size());
    if (at != nullptr) first = std::min(first, static_cast<std::size_t>(static_cast<const char*>(at) - text.data()));
  }
  return first;
}

std::string Masker::apply(std::string_view line) const {
  if (!suspects(line)) return std::string(line);
  const std::string text = mask(line, known_);
  std::string out;
  std::size_t copied = 0;
  // A class named SecretManager is no key, though a colon follows.
  std::size_t from = message_start(text);
  for (Found found = next_word(text, from); found.at != none; found = next_word(text, from)) {
    from = found.at + found.word->word.size();
    const Range value = value_of(text, found);
    if (value.end <= value.begin || value.begin < copied) continue;
    out.append(text, copied, value.begin - copied);
    out += stars;
    copied = value.end;
    from = std::max(from, value.end);
  }
  return out.append(text, copied);
}

}  // namespace firesteel
