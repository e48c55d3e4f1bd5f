// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shown.hpp"

namespace firesteel::catalogue {

Place Place::at(std::string_view key, int its_line) const {
  return {file, path.empty() ? shown(key) : path + "." + shown(key), its_line};
}

Place Place::at(std::size_t index, int its_line) const { return {file, fmt::format("{}[{}]", path, index), its_line}; }

void Context::error(const Place& place, std::string message, std::string advice) {
  ++errors_;
  add(Severity::error, place, std::move(message), std::move(advice));
}

void Context::warn(const Place& place, std::string message, std::string advice) {
  add(Severity::warning, place, std::move(message), std::move(advice));
}

void Context::add(Severity severity, const Place& place, std::string message, std::string advice) {
  // An error is never hidden by warnings before it: the last warning makes room.
  if (full()) {
    ++dropped_;
    if (severity == Severity::warning) return;
    const auto warning = std::find_if(problems_.rbegin(), problems_.rend(),
                                      [](const Problem& each) { return each.severity == Severity::warning; });
    if (warning == problems_.rend()) return;
    problems_.erase(std::next(warning).base());
  }
  const auto label = labels_.find(place.file);
  const std::string& file = label == labels_.end() ? place.file : label->second;
  if (std::find(files_.begin(), files_.end(), file) == files_.end()) files_.push_back(file);
  problems_.push_back({.severity = severity,
                       .file = file,
                       .path = place.path,
                       .line = label == labels_.end() ? place.line : 0,
                       .message = std::move(message),
                       .advice = std::move(advice)});
}

std::vector<Problem> Context::take_problems() {
  const auto rank = [&](const Problem& each) {
    return std::pair(std::find(files_.begin(), files_.end(), each.file), each.line);
  };
  std::stable_sort(problems_.begin(), problems_.end(),
                   [&](const Problem& a, const Problem& b) { return rank(a) < rank(b); });
  if (dropped_ > 0)
    problems_.push_back({.severity = errors_ > 0 ? Severity::error : Severity::warning,
                         .file = files_.front(),
                         .message = fmt::format("There are {} more problems, which are not listed.", dropped_),
                         .advice = "Put these right first."});
  return std::move(problems_);
}

std::string_view kind_words(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return node.quoted ? "a text" : "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::broken:
      break;
  }
  return "something that can't be read";
}

}  // namespace firesteel::catalogue
