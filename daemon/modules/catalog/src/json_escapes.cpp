// SPDX-License-Identifier: Apache-2.0
#include "json_escapes.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace firesteel::catalogue {
namespace {

/// The code of `\uXXXX` at the beginning of `text`.
std::optional<std::uint32_t> escape_at(std::string_view text) {
  constexpr std::size_t length = 6;
  if (text.size() < length || !text.starts_with("\\u")) return std::nullopt;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + length, code, 16);
  if (error != std::errc() || end != text.data() + length) return std::nullopt;
  return code;
}

bool is_high(std::uint32_t code) { return code >= 0xd800 && code < 0xdc00; }
bool is_low(std::uint32_t code) { return code >= 0xdc00 && code < 0xe000; }

}  // namespace

bool is_json(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

std::string join_surrogates(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool quoted = false;
  while (!json.empty()) {
    const char c = json.front();
    if (c == '"') quoted = !quoted;
    if (!quoted || c != '\\' || json.size() < 2) {
      out += c;
      json.remove_prefix(1);
      continue;
    }
    const auto code = escape_at(json);
    if (!code || (!is_high(*code) && !is_low(*code))) {
      out += json.substr(0, 2);
      json.remove_prefix(2);
      continue;
    }
    json.remove_prefix(6);
    const auto next = escape_at(json);
    if (is_high(*code) && next && is_low(*next)) {
      out += fmt::format("\\U{:08x}", 0x10000 + ((*code - 0xd800) << 10) + (*next - 0xdc00));
      json.remove_prefix(6);
    } else {
      out += "\\ufffd";
    }
  }
  return out;
}

}  // namespace firesteel::catalogue
