// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"

namespace firesteel::catalogue {

/// A documented option, Spark's own or the catalogue's.
struct OptionHit {
  std::string name{};
  std::string category{};
  std::string type{};  ///< boolean, integer, number, size, duration, text, list; empty: not known
  std::string default_value{};
  std::string description{};
  std::string since{};  ///< the version of Spark that had it first; may be empty
  bool is_sparks = true;
};

struct OptionHits {
  std::vector<OptionHit> hits{};  ///< the best first: names before descriptions
  std::size_t total = 0;          ///< how many match in all
};

/// The versions of Spark whose options are known, the oldest first, e.g. "4.1".
std::vector<std::string> known_spark_versions();

/// Options that hold all words of `query` (whatever their case) in their name or description. `spark_version`, e.g.
/// "4.1.2": the nearest known one that isn't later; empty: the latest. Where the catalogue documents an option of
/// Spark's, its words are used.
OptionHits search_options(const Catalogue& catalogue, std::string_view query, std::string_view spark_version,
                          std::size_t limit);

}  // namespace firesteel::catalogue
