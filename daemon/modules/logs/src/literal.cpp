// SPDX-License-Identifier: Apache-2.0
#include "literal.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

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

constexpr std::string_view operators = "\\^$.[]|()?*+{}";

/// Reads a pattern as far as it must; what it doesn't know makes it say nothing, rather than something wrong.
class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  std::vector<std::string> all() {
    std::vector<std::string> texts = alternatives(0);
    return ok_ && at_ == pattern_.size() ? texts : std::vector<std::string>{};
  }

 private:
  static constexpr int deepest = 20;

  using Texts = std::vector<std::string>;

  static std::size_t shortest(const Texts& texts) {
    std::size_t least = texts.empty() ? 0 : texts.front().size();
    for (const auto& each : texts) least = std::min(least, each.size());
    return least;
  }
  /// Few texts before long ones.
  static bool is_better(const Texts& one, const Texts& other) {
    const std::size_t a = std::min<std::size_t>(shortest(one), 3), b = std::min<std::size_t>(shortest(other), 3);
    if (a != b) return a > b;
    return one.size() != other.size() ? one.size() < other.size() : shortest(one) > shortest(other);
  }

  /// Up to the end or a closing parenthesis.
  Texts alternatives(int depth) {
    Texts sum = sequence(depth);
    bool known = !sum.empty();
    while (ok_ && at_ < pattern_.size() && pattern_[at_] == '|') {
      ++at_;
      Texts more = sequence(depth);
      known = known && !more.empty();
      sum.insert(sum.end(), more.begin(), more.end());
    }
    return known ? sum : Texts{};
  }

  Texts sequence(int depth) {
    Texts best;
    std::string run;
    const auto offer = [&](Texts texts) {
      if (!texts.empty() && is_better(texts, best)) best = std::move(texts);
    };
    const auto end_run = [&] {
      if (!run.empty()) offer({run});
      run.clear();
    };
    while (ok_ && at_ < pattern_.size() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      const char c = pattern_[at_];
      if (c == '(') {
        end_run();
        Texts inside = group(depth);
        // What may be left out says nothing.
        if (at_ < pattern_.size() && std::string_view("*?{").find(pattern_[at_]) != std::string_view::npos)
          inside.clear();
        offer(std::move(inside));
      } else if (c == '[') {
        end_run();
        at_ = std::min(behind_class(pattern_, at_), pattern_.size());
      } else if (c == '\\') {
        escape(run, end_run);
      } else if (c == '*' || c == '?' || c == '{') {
        // What it is about needn't be there, or is there more than once. Of a character of several bytes all go.
        while (!run.empty() && (static_cast<unsigned char>(run.back()) & 0xC0) == 0x80) run.pop_back();
        if (!run.empty()) run.pop_back();
        end_run();
        if (c == '{') at_ = pattern_.find('}', at_);
        ok_ = at_ != pattern_.npos;
        ++at_;
      } else if (c == '+' || c == '^' || c == '$' || c == '.') {
        end_run();
        ++at_;
      } else if (operators.find(c) == operators.npos) {
        run += c;
        ++at_;
      } else {
        ok_ = false;  // a lone } or ]
      }
    }
    end_run();
    return best;
  }

  Texts group(int depth) {
    ++at_;
    if (pattern_.substr(at_).starts_with("?:"))
      at_ += 2;
    else if (pattern_.substr(at_).starts_with("?"))
      ok_ = false;  // flags and names
    ok_ = ok_ && depth < deepest;
    if (!ok_) return {};
    Texts inside = alternatives(depth + 1);
    ok_ = ok_ && at_ < pattern_.size() && pattern_[at_] == ')';
    ++at_;
    return inside;
  }

  template <class EndRun>
  void escape(std::string& run, EndRun end_run) {
    ok_ = at_ + 1 < pattern_.size();
    if (!ok_) return;
    const char escaped = pattern_[at_ + 1];
    if (operators.find(escaped) != operators.npos ||
        std::string_view("-/:,;\"'#@ ").find(escaped) != std::string_view::npos) {
      run += escaped;
    } else {
      // Those of one letter; \p{…}, \x{…}, \Q…\E and octal ones have more to them.
      ok_ = std::string_view("dDwWsSbB").find(escaped) != std::string_view::npos;
      end_run();
    }
    at_ += 2;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

std::vector<std::string> required_texts(std::string_view pattern) { return Reader(pattern).all(); }

bool is_plain_text(std::string_view pattern) { return pattern.find_first_of(operators) == pattern.npos; }

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
