// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace firesteel {

/// The version of this build, e.g. "0.1.0" (from the project's CMakeLists.txt).
std::string_view version();

/// The version of the API that this build speaks (api/openapi.yaml, `info.version`).
inline constexpr int api_version = 1;

}  // namespace firesteel
