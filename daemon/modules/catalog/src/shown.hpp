// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace firesteel::catalogue {

/// Part of a file in a message: one line, not too long, valid UTF-8.
std::string shown(std::string_view text);

/// Of `known` the one that `word` was probably meant to be; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "Did you mean 'x'?", or which ones there are.
std::string choice_advice(std::string_view word, const std::vector<std::string>& known);

}  // namespace firesteel::catalogue
