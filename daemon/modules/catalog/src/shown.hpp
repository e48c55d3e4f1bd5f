// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::catalogue {

/// Part of a file in a message: one line, not too long, valid UTF-8.
std::string shown(std::string_view text);

/// How many letters have to be added, taken out or changed to make `b` of `a`. Takes a time as their lengths' product.
std::size_t distance(const std::string& a, const std::string& b);

/// Of `known` the one that `word` was probably meant to be; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "Did you mean 'x'?", or which ones there are.
std::string choice_advice(std::string_view word, const std::vector<std::string>& known);

}  // namespace firesteel::catalogue
