// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::catalogue {

struct Expanded {
  std::string text{};
  std::vector<std::string> missing{};  ///< variables that are not set, each once
  std::string fault{};                 ///< why the braces can't be read, and then `text` is empty; else empty
};

/// Puts the values of variables in place of `{NAME}`; `{{` and `}}` are single braces. What is put in isn't looked at
/// again. A variable that is not set or empty gives nothing.
Expanded expand(std::string_view text, const std::function<std::string(const char*)>& env);

/// Whether the environment can have a variable of this name.
bool is_variable_name(std::string_view name);

}  // namespace firesteel::catalogue
