// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"

namespace firesteel::sparkui {

/// What Spark's own JWSFilter (org.apache.spark.ui) lets in: a compact JWS by HS256 without claims.
/// `key`: base64url, with or without padding, as in spark.org.apache.spark.ui.JWSFilter.param.secretKey.
/// Errc::internal when it isn't that.
Result<std::string> ui_token(std::string_view key);

}  // namespace firesteel::sparkui
