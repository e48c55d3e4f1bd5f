// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace firesteel {

bool is_valid_utf8(std::string_view bytes);

/// `bytes` with U+FFFD in place of each byte sequence that isn't UTF-8.
std::string to_valid_utf8(std::string_view bytes);

/// The longest beginning of valid UTF-8 that has at most `max_bytes` and ends between two characters.
std::string_view cut_utf8(std::string_view text, std::size_t max_bytes);

}  // namespace firesteel
