// SPDX-License-Identifier: Apache-2.0
#include "option_data.hpp"

#include <algorithm>
#include <charconv>

namespace firesteel::catalogue {

std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::pair<int, int> number_of(std::string_view version) {
  std::pair<int, int> out{0, 0};
  const std::string_view major = take_until(version, '.');
  const std::string_view minor = take_until(version, '.');
  std::from_chars(major.data(), major.data() + major.size(), out.first);
  std::from_chars(minor.data(), minor.data() + minor.size(), out.second);
  return out;
}

}  // namespace firesteel::catalogue
