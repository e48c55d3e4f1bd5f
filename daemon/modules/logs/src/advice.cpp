// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/advice.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "causes.hpp"
#include "literal.hpp"

namespace firesteel {
namespace {

constexpr std::int64_t filter_memory = 16 * 1024 * 1024;
constexpr std::int64_t pattern_memory = 1024 * 1024;

RE2::Options options(std::int64_t memory) {
  RE2::Options out(RE2::Quiet);
  out.set_max_mem(memory);
  out.set_never_nl(true);
  return out;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::vector<Advice> built_in_advice() {
  std::vector<Advice> out;
  for (const Cause& each : causes())
    out.push_back({.pattern = each.pattern,
                   .type = Suggestion::Type::error,
                   .message = fmt::format("{} {}", each.message, each.advice),
                   .fill = true,
                   .only_errors = !each.also_survived});
  for (const Hint& each : hints())
    out.push_back({.pattern = each.pattern, .type = each.type, .message = each.message, .fill = true});
  return out;
}

struct AdvicePatterns::Compiled {
  struct One {
    Advice advice;
    std::unique_ptr<RE2> regex;
  };
  std::vector<One> all;
  std::unique_ptr<RE2> any;       // over a block of lines; null: line by line
  std::unique_ptr<RE2::Set> set;  // which ones, of one line; null: one after the other
};

AdvicePatterns::AdvicePatterns(std::vector<Advice> all) : compiled_(std::make_unique<Compiled>()) {
  std::string alternatives;
  bool in_blocks = true;
  auto set = std::make_unique<RE2::Set>(options(filter_memory), RE2::UNANCHORED);
  bool in_set = true;
  for (Advice& each : all) {
    auto regex = std::make_unique<RE2>(each.pattern, options(pattern_memory));
    if (!regex->ok()) {
      ++skipped_;
      continue;
    }
    alternatives += fmt::format("{}(?:{})", alternatives.empty() ? "" : "|", each.pattern);
    in_blocks = in_blocks && !needs_single_lines(each.pattern);
    in_set = in_set && set->Add(each.pattern, nullptr) >= 0;
    compiled_->all.push_back({std::move(each), std::move(regex)});
  }
  if (compiled_->all.empty()) return;
  if (in_set && set->Compile()) compiled_->set = std::move(set);
  if (!in_blocks) return;
  auto any = std::make_unique<RE2>("(?m)" + alternatives, options(filter_memory));
  if (any->ok()) compiled_->any = std::move(any);
}

AdvicePatterns::~AdvicePatterns() = default;

std::size_t AdvicePatterns::size() const { return compiled_->all.size(); }
const Advice& AdvicePatterns::at(std::size_t index) const { return compiled_->all[index].advice; }

std::size_t AdvicePatterns::find(std::string_view lines, std::size_t from) const {
  if (compiled_->all.empty() || from >= lines.size()) return none;
  if (!compiled_->any) {
    while (from < lines.size()) {
      const std::size_t end = std::min(lines.find('\n', from), lines.size());
      if (!matching(lines.substr(from, end - from)).empty()) return from;
      from = end + 1;
    }
    return none;
  }
  const std::string_view rest = lines.substr(from);
  re2::StringPiece match;
  if (!compiled_->any->Match(piece(rest), 0, rest.size(), RE2::UNANCHORED, &match, 1)) return none;
  const std::size_t at = from + static_cast<std::size_t>(match.data() - rest.data());
  return at < lines.size() ? at : none;
}

std::vector<std::size_t> AdvicePatterns::matching(std::string_view line) const {
  std::vector<std::size_t> out;
  if (compiled_->set) {
    std::vector<int> which;
    RE2::Set::ErrorInfo error{};
    if (compiled_->set->Match(piece(line), &which, &error)) {
      out.assign(which.begin(), which.end());
      std::ranges::sort(out);
      return out;
    }
    if (error.kind == RE2::Set::kNoError) return out;
  }
  for (std::size_t i = 0; i < compiled_->all.size(); ++i)
    if (RE2::PartialMatch(piece(line), *compiled_->all[i].regex)) out.push_back(i);
  return out;
}

std::string AdvicePatterns::message(std::size_t index, std::string_view line) const {
  const auto& [advice, regex] = compiled_->all[index];
  if (!advice.fill) return advice.message;
  std::string detail;
  if (regex->NumberOfCapturingGroups() > 0) RE2::PartialMatch(piece(line), *regex, &detail);
  return fill_in(advice.message, detail);
}

}  // namespace firesteel
