// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The options as a Java properties file in pure ASCII. java.util.Properties reads them back unchanged; Spark does if
/// no value begins or ends with a space or a control character other than CR and LF.
/// Keys and values must be valid UTF-8.
std::string to_properties(const Options& options);

/// What java.util.Properties reads from a file in UTF-8, with values trimmed as Spark trims them. Of two lines with
/// the same key the later wins.
Options parse_properties(std::string_view content);

/// One key or value as to_properties writes it.
std::string escape_property(std::string_view text);

}  // namespace firesteel
