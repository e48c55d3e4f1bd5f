// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "firesteel/catalog/reader.hpp"
#include "firesteel/core/error.hpp"
#include "firesteel/core/watchers.hpp"

namespace firesteel::catalogue {

/// What there is without any configuration: the cluster `local`.
Cluster local_cluster();

/// The catalogue that holds now, from whichever files there are; read again when one of them changes.
///
/// A file that can't be understood as a whole is taken for half-written: the catalogue from before stays, and its
/// problems are said. (At the beginning there is none before: the other files are used.)
/// What `catalogue()` and the find functions give is valid until the next refresh().
class Holder {
 public:
  /// The files that there are at the moment, the most important first.
  using FindSources = std::function<std::vector<Source>()>;

  /// Reads them. `find_sources` is called for every refresh.
  Holder(FindSources find_sources, ReadOptions options);
  /// One that never changes.
  explicit Holder(Catalogue fixed);

  /// Never without a cluster; the first is the default one.
  const Catalogue& catalogue() const { return catalogue_; }
  const std::vector<Problem>& problems() const { return problems_; }
  /// From 1 on; one more whenever the catalogue or its problems may have changed.
  std::uint64_t revision() const { return revision_; }
  /// What to tell users when a log says something: the suggestions of all sources.
  const std::vector<ErrorSuggestion>& error_suggestions() const { return catalogue_.error_suggestions; }

  /// The cluster called `name`, the default one when `name` is empty; Errc::unknown_cluster with the names there are.
  Result<const Cluster*> find_cluster(std::string_view name) const;
  /// The same, but Errc::unknown_cluster also for one that users may not choose (see cluster_is_fixed()).
  Result<const Cluster*> choose_cluster(std::string_view name) const;
  /// Whether users are kept to the preselected cluster.
  bool cluster_is_fixed() const;
  /// Errc::invalid_option with the field `bundles.<name>` when there is none, or it is for other clusters only.
  Result<const Bundle*> find_bundle(std::string_view name, const Cluster& cluster) const;

  /// Looks whether a file has changed, and reads them all again if so; true then.
  bool refresh();
  /// Refreshes each second.
  boost::asio::awaitable<void> run();

  using Subscription = Watchers<>::Subscription;
  /// Called after each refresh that gave a new revision.
  [[nodiscard]] Subscription watch(std::function<void()> told) { return watchers_.add(std::move(told)); }

 private:
  /// Tells a file's content from a later one: device, inode, size, and times in nanoseconds.
  using Stamp = std::optional<std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t>>;
  static Stamp stamp_of(const std::filesystem::path& file);
  void read(std::vector<Source> sources);
  void use(Catalogue catalogue);

  FindSources find_sources_;
  ReadOptions options_;
  Catalogue catalogue_;
  std::vector<Problem> problems_;
  std::uint64_t revision_ = 0;
  std::vector<std::filesystem::path> sources_;
  std::map<std::filesystem::path, Stamp> stamps_;
  Watchers<> watchers_;
};

/// Where catalogues are looked for.
struct Locations {
  std::filesystem::path named;        ///< $FIRESTEEL_CATALOG, in place of `user`; empty: not set
  std::filesystem::path user;         ///< a folder with catalog.yaml, catalog.yml or catalog.json
  std::filesystem::path jupyter;      ///< what the Jupyter server's extension wrote
  std::filesystem::path system_wide;  ///< a folder, as `user`
};

/// As docs/user/configuration.md says; `state` is the instance's state directory.
Locations find_locations(const std::function<std::string(const char* name)>& env, const std::filesystem::path& state);

/// The sources that are there now, in the order of their importance: the user's, Jupyter's, the system's.
std::vector<Source> sources_at(const Locations& locations);

}  // namespace firesteel::catalogue
