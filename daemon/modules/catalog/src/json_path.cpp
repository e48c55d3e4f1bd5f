// SPDX-License-Identifier: Apache-2.0
#include "json_path.hpp"

#include <fmt/format.h>

#include <charconv>

namespace firesteel::catalogue {
namespace {

/// "['name']", "["name"]" or "[0]" at the beginning of `text`, which is taken off.
std::optional<Step> take_bracket(std::string_view& text) {
  text.remove_prefix(1);
  if (text.starts_with('\'') || text.starts_with('"')) {
    const std::size_t end = text.find(text.front(), 1);
    if (end == std::string_view::npos || text.substr(end + 1, 1) != "]") return std::nullopt;
    Step step = std::string(text.substr(1, end - 1));
    text.remove_prefix(end + 2);
    return step;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end == text.data() + text.size() || *end != ']') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return index;
}

/// A name without quotes, which is taken off.
std::optional<Step> take_name(std::string_view& text) {
  const std::string_view name = text.substr(0, text.find_first_of(".["));
  if (name.empty() || name.find_first_of("*?@$'\"()] ,:|&") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(name.size());
  return std::string(name);
}

}  // namespace

std::optional<std::vector<Step>> parse_json_path(std::string_view text) {
  if (text.empty()) return std::nullopt;
  bool is_first = !text.starts_with('$');  // then a name needs no dot before it
  if (!is_first) text.remove_prefix(1);
  std::vector<Step> steps;
  while (!text.empty()) {
    std::optional<Step> step;
    if (text.front() == '[') {
      step = take_bracket(text);
    } else {
      if (!is_first && text.front() != '.') return std::nullopt;
      if (!is_first) text.remove_prefix(1);
      step = take_name(text);
    }
    if (!step) return std::nullopt;
    steps.push_back(std::move(*step));
    is_first = false;
  }
  return steps;
}

const Node* follow(const Node& root, const std::vector<Step>& steps) {
  const Node* node = &root;
  for (const Step& step : steps) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      node = node->find(*key);
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      node = index < node->items.size() ? &node->items[index] : nullptr;
    }
    if (!node) return nullptr;
  }
  return node;
}

std::string to_path(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& step : steps) {
    if (const auto* key = std::get_if<std::string>(&step))
      out += (out.empty() ? "" : ".") + *key;
    else
      out += fmt::format("[{}]", std::get<std::size_t>(step));
  }
  return out;
}

}  // namespace firesteel::catalogue
