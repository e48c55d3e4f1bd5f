// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace firesteel {

Catalog Catalog::built_in() {
  return Catalog({Cluster{.name = "local",
                          .display_name = "Local",
                          .engine = "local",
                          .description = "Spark on this machine, with all its cores.",
                          .master = "local[*]"}});
}

Catalog::Catalog(std::vector<Cluster> clusters) : clusters_(std::move(clusters)) {
  if (clusters_.empty()) throw std::invalid_argument("A catalogue needs at least one cluster.");
  std::set<std::string> names;
  for (const auto& cluster : clusters_)
    if (!names.insert(cluster.name).second)
      throw std::invalid_argument(fmt::format("The catalogue has two clusters called '{}'.", cluster.name));
}

Result<const Cluster*> Catalog::find(std::string_view name) const {
  if (name.empty()) return &clusters_.front();
  const auto at =
      std::find_if(clusters_.begin(), clusters_.end(), [&](const Cluster& each) { return each.name == name; });
  if (at != clusters_.end()) return &*at;
  std::vector<std::string> names;
  for (const auto& cluster : clusters_) names.push_back(cluster.name);
  return Error{.code = Errc::unknown_cluster,
               .message = fmt::format("There is no cluster '{}'.", name),
               .advice = fmt::format("These exist: {}.", fmt::join(names, ", ")),
               .field = "cluster"};
}

}  // namespace firesteel
