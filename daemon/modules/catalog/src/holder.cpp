// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/holder.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "firesteel/io/waits.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace fs = std::filesystem;
namespace {

constexpr auto look_interval = std::chrono::seconds(1);

std::vector<std::string> names_of(const std::vector<Cluster>& clusters) {
  std::vector<std::string> out;
  for (const Cluster& each : clusters) out.push_back(each.name);
  return out;
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

}  // namespace

Cluster local_cluster() {
  Cluster out;
  out.name = "local";
  out.display_name = "Local";
  out.description = "Spark on this machine, with all its cores.";
  out.engine = "local";
  out.master = "local[*]";
  return out;
}

Holder::Holder(FindSources find_sources, ReadOptions options)
    : find_sources_(std::move(find_sources)), options_(std::move(options)) {
  read(find_sources_());
}

Holder::Holder(Catalogue fixed) : revision_(1) { use(std::move(fixed)); }

void Holder::use(Catalogue catalogue) {
  catalogue_ = std::move(catalogue);
  if (catalogue_.clusters.empty()) catalogue_.clusters.push_back(local_cluster());
}

Holder::Stamp Holder::stamp_of(const fs::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  return std::tuple(static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino),
                    static_cast<std::int64_t>(found.st_size), nanoseconds(found.st_mtim), nanoseconds(found.st_ctim));
}

void Holder::read(std::vector<Source> sources) {
  sources_.clear();
  std::map<fs::path, Stamp> before;
  for (const Source& each : sources) {
    sources_.push_back(each.file);
    before.emplace(each.file, stamp_of(each.file));
  }
  Reading reading = read_catalogues(sources, options_);
  // The stamps of the sources are from before the reading: what changes meanwhile is seen at the next look.
  for (const fs::path& file : reading.files) before.emplace(file, stamp_of(file));
  stamps_ = std::move(before);
  problems_ = std::move(reading.problems);
  ++revision_;
  if (revision_ == 1 || !reading.is_half_written) use(std::move(reading.catalogue));
  const auto errors =
      std::count_if(problems_.begin(), problems_.end(), [](const auto& p) { return p.severity == Severity::error; });
  spdlog::info("catalogue {}: {} files, {} clusters, {} bundles, {} errors{}", revision_, stamps_.size(),
               catalogue_.clusters.size(), catalogue_.bundles.size(), errors,
               reading.is_half_written ? "; a file can't be understood" : "");
}

bool Holder::refresh() {
  if (!find_sources_) return false;
  std::vector<Source> sources = find_sources_();
  const bool same_files = std::equal(sources.begin(), sources.end(), sources_.begin(), sources_.end(),
                                     [](const Source& source, const fs::path& file) { return source.file == file; });
  if (same_files &&
      std::all_of(stamps_.begin(), stamps_.end(), [](const auto& each) { return stamp_of(each.first) == each.second; }))
    return false;
  read(std::move(sources));
  watchers_.tell();
  return true;
}

boost::asio::awaitable<void> Holder::run() {
  for (;;) {
    co_await io::sleep_for(look_interval);
    refresh();
  }
}

bool Holder::cluster_is_fixed() const {
  return catalogue_.disable_cluster_selection_on_preselected && !catalogue_.preselected.empty();
}

Result<const Cluster*> Holder::find_cluster(std::string_view name) const {
  const std::vector<Cluster>& clusters = catalogue_.clusters;
  if (name.empty()) return &clusters.front();
  const auto at =
      std::find_if(clusters.begin(), clusters.end(), [&](const Cluster& each) { return each.name == name; });
  if (at != clusters.end()) return &*at;
  return Error{.code = Errc::unknown_cluster,
               .message = fmt::format("There is no cluster '{}'.", shown(name)),
               .advice = fmt::format("These exist: {}.", fmt::join(names_of(clusters), ", ")),
               .field = "cluster"};
}

Result<const Cluster*> Holder::choose_cluster(std::string_view name) const {
  auto found = find_cluster(name);
  if (!found || !cluster_is_fixed() || (*found)->name == catalogue_.preselected) return found;
  return Error{.code = Errc::unknown_cluster,
               .message = fmt::format("The cluster '{}' can't be chosen here.", shown(name)),
               .advice = fmt::format("Whoever runs this Jupyter keeps its users to the cluster '{}'.",
                                     shown(catalogue_.preselected)),
               .field = "cluster"};
}

Result<const Bundle*> Holder::find_bundle(std::string_view name, const Cluster& cluster) const {
  const auto refused = [&](std::string message, std::string advice) {
    return Error{.code = Errc::invalid_option,
                 .message = std::move(message),
                 .advice = std::move(advice),
                 .field = fmt::format("bundles.{}", shown(name))};
  };
  const auto& bundles = catalogue_.bundles;
  const auto at = std::find_if(bundles.begin(), bundles.end(), [&](const Bundle& each) { return each.name == name; });
  if (at == bundles.end()) {
    std::vector<std::string> names;
    for (const Bundle& each : bundles) names.push_back(each.name);
    return refused(
        fmt::format("There is no bundle '{}'.", shown(name)),
        names.empty() ? "There are none; leave it out." : fmt::format("These exist: {}.", fmt::join(names, ", ")));
  }
  const auto& filter = at->cluster_filter;
  if (filter.empty() || std::find(filter.begin(), filter.end(), cluster.name) != filter.end()) return &*at;
  return refused(
      fmt::format("The bundle '{}' is not for the cluster '{}'.", shown(at->display_name), shown(cluster.display_name)),
      fmt::format("It is for: {}. Leave it out, or choose another cluster.", fmt::join(filter, ", ")));
}

}  // namespace firesteel::catalogue
