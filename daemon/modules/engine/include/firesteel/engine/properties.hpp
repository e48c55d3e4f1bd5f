// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The options as a Java properties file in pure ASCII, which java.util.Properties reads back unchanged.
/// Keys and values must be valid UTF-8.
std::string to_properties(const Options& options);

/// One key or value as to_properties writes it.
std::string escape_property(std::string_view text);

}  // namespace firesteel
