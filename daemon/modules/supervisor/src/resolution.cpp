// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "firesteel/catalog/option_remarks.hpp"
#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/executors.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {
namespace {

/// A shorter value isn't looked for: the log would be full of stars.
constexpr std::size_t least_secret = 6;

void warn_of_missing(std::vector<Error>& warnings, const std::vector<catalogue::SparkOption>& options,
                     const std::string& field, std::string_view owner) {
  for (const catalogue::SparkOption& option : options)
    for (const std::string& variable : option.missing)
      warnings.push_back({.code = Errc::invalid_option,
                          .message = fmt::format("The option '{}' of {} asks for the variable {}, which is not set.",
                                                 option.name, owner, variable),
                          .advice = "Its place stays empty. Firesteel has the variables that it was started with.",
                          .field = field});
}

/// The request's field that sets an option.
std::string field_of(const OptionSource& who, const std::string& option) {
  if (who.origin == OptionOrigin::user) return "options." + to_valid_utf8(option);
  return who.origin == OptionOrigin::bundle ? "bundles." + who.name : "cluster";
}

}  // namespace

Resolution resolve(const catalogue::Holder& catalogue, const Definition& definition, const Options* spark_defaults) {
  Resolution out;
  const auto cluster = catalogue.choose_cluster(definition.cluster);
  if (cluster) {
    out.cluster = *cluster;
    warn_of_missing(out.warnings, out.cluster->opts, "cluster", "the cluster");
  } else {
    out.problems.push_back(cluster.error());
  }
  std::set<std::string> named;
  for (const std::string& name : definition.bundles) {
    if (!named.insert(name).second) {
      out.problems.push_back({.code = Errc::invalid_option,
                              .message = fmt::format("The bundle '{}' is named twice.", to_valid_utf8(name)),
                              .advice = "Name it once.",
                              .field = "bundles." + to_valid_utf8(name)});
      continue;
    }
    if (!out.cluster) continue;
    const auto bundle = catalogue.find_bundle(name, *out.cluster);
    if (!bundle) {
      out.problems.push_back(bundle.error());
      continue;
    }
    out.bundles.push_back(*bundle);
    warn_of_missing(out.warnings, (*bundle)->options, "bundles." + name, "the bundle");
  }
  out.options = merge_options(
      {.spark_defaults = spark_defaults, .cluster = out.cluster, .bundles = out.bundles, .user = &definition.options});
  // The user's own first; then what the bundles' joined values make of it.
  const catalogue::Cluster any_cluster;
  const catalogue::Cluster& where = out.cluster ? *out.cluster : any_cluster;
  std::set<std::string> said;
  for (const Options& options : {definition.options, values_of(out.options)})
    for (Error& problem : problems_with_options(options, where))
      if (said.insert(problem.field).second) out.problems.push_back(std::move(problem));
  return out;
}

std::vector<std::string> secret_values(const catalogue::Holder& catalogue, const Definition& definition) {
  std::vector<std::string> out;
  const auto look_at = [&](const std::string& name, const std::string& value) {
    if (value.size() >= least_secret && names_secret(name)) out.push_back(value);
  };
  for (const auto& [name, value] : definition.options) look_at(name, value);
  if (const auto cluster = catalogue.find_cluster(definition.cluster)) {
    for (const catalogue::SparkOption& option : (*cluster)->opts) look_at(option.name, option.value);
    for (const auto& [name, value] : (*cluster)->env) look_at(name, value);
  }
  for (const catalogue::Bundle& bundle : catalogue.catalogue().bundles) {
    if (std::find(definition.bundles.begin(), definition.bundles.end(), bundle.name) == definition.bundles.end())
      continue;
    for (const catalogue::SparkOption& option : bundle.options) look_at(option.name, option.value);
  }
  return out;
}

std::vector<Error> remarks_on(const Resolution& resolution, const catalogue::Catalogue& catalogue,
                              const std::string& spark_version) {
  std::vector<Error> out;
  for (const catalogue::Bundle* bundle : resolution.bundles)
    if (!is_for_spark(*bundle, spark_version))
      out.push_back({.code = Errc::invalid_option,
                     .message = wrong_spark(*bundle, spark_version),
                     .advice = "Spark would not be started so. " + std::string(wrong_spark_advice),
                     .field = "bundles." + bundle->name});
  for (Error& remark : remarks_on_executors(values_of(resolution.options))) {
    // It may be about an option that nobody sets.
    const auto option = resolution.options.find(remark.field.substr(std::string_view("options.").size()));
    remark.field =
        option == resolution.options.end() ? "cluster" : field_of(option->second.sources.front(), option->first);
    out.push_back(std::move(remark));
  }
  catalogue::OptionRemarks remarks(catalogue, spark_version);
  for (const auto& [name, option] : resolution.options) {
    const OptionSource& who = option.sources.front();
    if (who.origin == OptionOrigin::spark_defaults) continue;
    auto remark = remarks.on(name);
    if (!remark) continue;
    out.push_back({.code = Errc::invalid_option,
                   .message = std::move(remark->message),
                   .advice = std::move(remark->advice),
                   .field = field_of(who, name)});
  }
  return out;
}

}  // namespace firesteel
