// SPDX-License-Identifier: Apache-2.0
#include "literal.hpp"

#include <cstddef>

namespace firesteel {
namespace {

/// The place behind the class `[…]` that begins at `at`.
std::size_t behind_class(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    if (pattern[at] == '\\') ++at;
    // [[:alpha:]]
    if (at + 1 < pattern.size() && pattern[at] == '[' && pattern[at + 1] == ':') {
      const std::size_t end = pattern.find(":]", at + 2);
      if (end == pattern.npos) return pattern.size();
      at = end + 1;
    }
  }
  return at + 1;
}

bool is_plain(char c) { return std::string_view("\\^$.[]|()?*+{}").find(c) == std::string_view::npos; }

}  // namespace

std::string required_literal(std::string_view pattern) {
  // Groups, alternatives and escapes that are no punctuation: nothing is said rather than something wrong.
  std::string best, run;
  const auto end_run = [&] {
    if (run.size() > best.size()) best = run;
    run.clear();
  };
  for (std::size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '|' || c == '(' || c == ')') return {};
    if (c == '[') {
      end_run();
      at = behind_class(pattern, at);
    } else if (c == '\\') {
      if (at + 1 >= pattern.size()) return {};
      const char escaped = pattern[at + 1];
      const bool letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z') ||
                          (escaped >= '0' && escaped <= '9');
      if (!letter) {
        run += escaped;
      } else {
        // Those of one letter; \p{…}, \x{…}, \Q…\E and octal ones have more to them.
        if (std::string_view("dDwWsSbB").find(escaped) == std::string_view::npos) return {};
        end_run();
      }
      at += 2;
    } else if (c == '*' || c == '?' || c == '{') {
      // What it is about needn't be there, or is there more than once. Of a character of several bytes all go.
      while (!run.empty() && (static_cast<unsigned char>(run.back()) & 0xC0) == 0x80) run.pop_back();
      if (!run.empty()) run.pop_back();
      end_run();
      if (c == '{') {
        at = pattern.find('}', at);
        if (at == pattern.npos) return {};
      }
      ++at;
    } else if (c == '+' || c == '^' || c == '$' || c == '.') {
      end_run();
      ++at;
    } else if (is_plain(c)) {
      run += c;
      ++at;
    } else {
      return {};  // a lone } or ]
    }
  }
  end_run();
  return best;
}

bool needs_single_lines(std::string_view pattern) {
  for (std::size_t at = 0; at + 1 < pattern.size(); ++at) {
    if (pattern[at] != '\\') continue;
    const char c = pattern[at + 1];
    if (c == 'A' || c == 'z' || c == 'Z' || c == 'C') return true;
    ++at;
  }
  // Flags may turn (?m) off again.
  return pattern.find("(?") != pattern.npos && pattern.find("(?:") != pattern.find("(?");
}

}  // namespace firesteel
