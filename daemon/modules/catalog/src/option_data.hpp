// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace firesteel::catalogue {

/// Cuts `text` at the first `separator`, gives what is before it, and leaves what is after it.
std::string_view take_until(std::string_view& text, char separator);

/// With small letters for A to Z.
std::string lower(std::string_view text);

/// "4.10.2" as {4, 10}, to compare.
std::pair<int, int> number_of(std::string_view version);

/// A line of data/spark-options.tsv: what is known of an option in all versions of Spark from `first` to `last`.
struct DocumentedLine {
  std::string_view name{}, first{}, last{}, category{}, type{}, default_value{}, since{}, description{};
};

/// All of them by their names; those of one name by their versions.
void each_documented(const std::function<void(const DocumentedLine&)>& told);

}  // namespace firesteel::catalogue
