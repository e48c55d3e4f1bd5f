// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "document.hpp"

namespace firesteel::catalogue {

/// A key of a map or an index into a list.
using Step = std::variant<std::string, std::size_t>;

/// The part of JSONPath that leads to one place: `$`, `$.a.b`, `a.b`, `a['b c'][0]`. Nothing when it is not that.
std::optional<std::vector<Step>> parse_json_path(std::string_view text);

/// Where the steps lead; null when there is no such place.
const Node* follow(const Node& root, const std::vector<Step>& steps);

/// As problems write it: "a.b[0]".
std::string to_path(const std::vector<Step>& steps);

}  // namespace firesteel::catalogue
