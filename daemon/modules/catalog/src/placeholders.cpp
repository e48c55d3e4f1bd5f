// SPDX-License-Identifier: Apache-2.0
#include "placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shown.hpp"

namespace firesteel::catalogue {

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

Expanded expand(std::string_view text, const std::function<std::string(const char*)>& env) {
  Expanded out;
  while (!text.empty()) {
    const std::size_t brace = text.find_first_of("{}");
    out.text += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace);
    if (text.starts_with("{{") || text.starts_with("}}")) {
      out.text += text.front();
      text.remove_prefix(2);
      continue;
    }
    if (text.front() == '}') return {.text = {}, .missing = {}, .fault = "A '}' stands there without its '{'."};
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos)
      return {.text = {}, .missing = {}, .fault = "A '{' stands there without its '}'."};
    const std::string name(text.substr(1, end - 1));
    if (!is_variable_name(name))
      return {.text = {}, .missing = {}, .fault = fmt::format("'{{{}}}' names no variable.", shown(name))};
    const std::string value = env(name.c_str());
    if (value.empty() && std::find(out.missing.begin(), out.missing.end(), name) == out.missing.end())
      out.missing.push_back(name);
    out.text += value;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace firesteel::catalogue
