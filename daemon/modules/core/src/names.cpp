// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/names.hpp"

#include <algorithm>

namespace firesteel {
namespace {

// Not std::isalnum: its answer depends on the locale.
constexpr bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_connection_name(std::string_view text) {
  if (text.empty() || text.size() > 64 || !is_alnum(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace firesteel
