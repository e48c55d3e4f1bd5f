// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// Pieces of plain text of which every match of `pattern` (RE2's syntax) must hold one: the best that are easily seen;
/// none when nothing is. More than one comes from alternatives.
std::vector<std::string> required_texts(std::string_view pattern);

/// Whether `pattern` has no operators at all.
bool is_plain_text(std::string_view pattern);

/// Whether `pattern` speaks of the text's beginning or end or of single bytes, which are another thing in a block of
/// lines than in a line.
bool needs_single_lines(std::string_view pattern);

}  // namespace firesteel
