// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace firesteel {

/// A piece of plain text that every match of `pattern` (RE2's syntax) must hold, the longest that is easily seen; empty
/// when none is.
std::string required_literal(std::string_view pattern);

/// Whether `pattern` speaks of the text's beginning or end or of single bytes, which are another thing in a block of
/// lines than in a line.
bool needs_single_lines(std::string_view pattern);

}  // namespace firesteel
