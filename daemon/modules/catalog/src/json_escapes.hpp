// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace firesteel::catalogue {

/// Whether a document looks like JSON: it begins with a bracket or a brace.
bool is_json(std::string_view text);

/// JSON writes a character above U+FFFF as two escapes (`\ud83d\ude00`), YAML as one (`\U0001f600`): the text with the
/// latter. Lines stay as they are. Half a pair becomes U+FFFD.
std::string join_surrogates(std::string_view json);

}  // namespace firesteel::catalogue
