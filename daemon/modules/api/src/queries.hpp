// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "firesteel/http/message.hpp"

namespace firesteel::api {

/// Errc::unknown_field for a query parameter that the route doesn't know.
Result<void> only_known_queries(const http::Call& call, std::initializer_list<std::string_view> known);

/// A whole number from `least` to `most`; nothing when the parameter is absent.
Result<std::optional<std::uint64_t>> number_query(const http::Call& call, std::string_view key, std::uint64_t least,
                                                  std::uint64_t most);

/// `true` or `false`; false when the parameter is absent.
Result<bool> flag_query(const http::Call& call, std::string_view key);

/// Errc::bad_request when the request has a body that the route has no use for.
Result<void> no_body(const http::Call& call);

}  // namespace firesteel::api
