// SPDX-License-Identifier: Apache-2.0
#include "queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace firesteel::api {

Result<void> only_known_queries(const http::Call& call, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : call.query)
    // Jupyter's own login may travel in the query of what it forwards.
    if (key != "token" && std::find(known.begin(), known.end(), key) == known.end())
      return Error{.code = Errc::unknown_field,
                   .message = "There is no such query parameter.",
                   .advice = known.size() == 0 ? std::string("This path has none.")
                                               : fmt::format("Known here: {}.", fmt::join(known, ", ")),
                   .field = key.substr(0, 100)};
  return {};
}

Result<std::optional<std::uint64_t>> number_query(const http::Call& call, std::string_view key, std::uint64_t least,
                                                  std::uint64_t most) {
  const auto at = call.query.find(key);
  if (at == call.query.end()) return std::optional<std::uint64_t>();
  const std::string& text = at->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return Error{.code = Errc::bad_request,
                 .message = fmt::format("'{}' must be a whole number from {} to {}.", key, least, most),
                 .advice = {},
                 .field = std::string(key)};
  return std::optional<std::uint64_t>(value);
}

Result<bool> flag_query(const http::Call& call, std::string_view key) {
  const auto at = call.query.find(key);
  if (at == call.query.end() || at->second == "false") return false;
  if (at->second == "true") return true;
  return Error{.code = Errc::bad_request,
               .message = fmt::format("'{}' must be true or false.", key),
               .advice = {},
               .field = std::string(key)};
}

Result<void> no_body(const http::Call& call) {
  if (!call.body || call.body->empty()) return {};
  return Error{.code = Errc::unknown_field, .message = "This request takes no body."};
}

}  // namespace firesteel::api
