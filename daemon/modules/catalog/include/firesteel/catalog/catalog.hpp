// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"

namespace firesteel {

/// Where connections can run: an entry of the catalogue.
struct Cluster {
  std::string name;            ///< unique, e.g. "local"
  std::string display_name{};  ///< for people, e.g. "Local"
  std::string engine{};        ///< how a server is started; "local" is the only one yet
  std::string description{};   ///< one sentence
  std::string master{};        ///< Spark's master URL unless the user sets another, e.g. "local[*]"

  friend bool operator==(const Cluster&, const Cluster&) = default;
};

/// The clusters that a user can choose from; never empty, the first is the default one.
class Catalog {
 public:
  /// What there is without any configuration: the one cluster `local`.
  static Catalog built_in();

  /// `clusters` must not be empty and their names must differ; else std::invalid_argument.
  explicit Catalog(std::vector<Cluster> clusters);

  const std::vector<Cluster>& clusters() const { return clusters_; }

  /// The cluster called `name`, the default one when `name` is empty, or Errc::unknown_cluster with the names there
  /// are. The pointer lives as long as this catalogue.
  Result<const Cluster*> find(std::string_view name) const;

 private:
  std::vector<Cluster> clusters_;
};

}  // namespace firesteel
