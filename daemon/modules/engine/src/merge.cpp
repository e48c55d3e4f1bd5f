// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "firesteel/engine/executors.hpp"
#include "firesteel/engine/options.hpp"

namespace firesteel {
namespace {

void set(MergedOptions& out, const std::string& name, OptionSource source) {
  MergedOption& option = out[name];
  option.value = source.value;
  option.sources.insert(option.sources.begin(), std::move(source));
}

void join(MergedOptions& out, const catalogue::SparkOption& from, const std::string& bundle) {
  MergedOption& option = out[from.name];
  const bool joined = !option.value.empty();
  option.value += (joined ? *from.concatenate : "") + from.value;
  option.sources.insert(option.sources.begin(),
                        {.origin = OptionOrigin::bundle, .name = bundle, .value = from.value, .joined = joined});
}

/// The address of the driver, said for executors elsewhere, is of no use when the user runs them here.
void leave_out_address(MergedOptions& out) {
  const auto master = out.find("spark.master");
  if (executors_of(master == out.end() ? std::string_view() : master->second.value) != Executors::here) return;
  std::erase_if(out, [](const auto& each) {
    return is_drivers_address(each.first) && each.second.sources.front().origin != OptionOrigin::user;
  });
}

}  // namespace

std::string_view to_string(OptionOrigin origin) {
  switch (origin) {
    case OptionOrigin::spark_defaults:
      return "spark_defaults";
    case OptionOrigin::cluster:
      return "cluster";
    case OptionOrigin::bundle:
      return "bundle";
    case OptionOrigin::user:
      break;
  }
  return "user";
}

MergedOptions merge_options(const OptionLayers& layers) {
  MergedOptions out;
  if (layers.spark_defaults)
    for (const auto& [name, value] : *layers.spark_defaults)
      if (!is_reserved(name) && name != "spark.master")
        set(out, name, {.origin = OptionOrigin::spark_defaults, .value = value});
  if (const catalogue::Cluster* cluster = layers.cluster) {
    const auto set_by_cluster = [&](const std::string& name, const std::string& value) {
      set(out, name, {.origin = OptionOrigin::cluster, .name = cluster->name, .value = value});
    };
    for (const catalogue::SparkOption& each : cluster->opts) set_by_cluster(each.name, each.value);
    if (!out.contains("spark.master")) set_by_cluster("spark.master", master_of(*cluster));
  }
  for (const catalogue::Bundle* bundle : layers.bundles)
    for (const catalogue::SparkOption& each : bundle->options) {
      if (each.concatenate)
        join(out, each, bundle->name);
      else
        set(out, each.name, {.origin = OptionOrigin::bundle, .name = bundle->name, .value = each.value});
    }
  if (layers.user)
    for (const auto& [name, value] : *layers.user) set(out, name, {.origin = OptionOrigin::user, .value = value});
  leave_out_address(out);
  return out;
}

Options values_of(const MergedOptions& options) {
  Options out;
  for (const auto& [name, option] : options) out.emplace(name, option.value);
  return out;
}

bool is_for_spark(const catalogue::Bundle& bundle, std::string_view spark_version) {
  const auto& filter = bundle.spark_version_filter;
  if (filter.empty() || spark_version.empty()) return true;
  return std::any_of(filter.begin(), filter.end(), [&](const std::string& each) {
    return spark_version.starts_with(each) && (spark_version.size() == each.size() ||
                                               spark_version[each.size()] == '.' || spark_version[each.size()] == '-');
  });
}

std::string wrong_spark(const catalogue::Bundle& bundle, std::string_view spark_version) {
  return fmt::format("The bundle '{}' is for Spark {}, and this is Spark {}.", bundle.display_name,
                     fmt::join(bundle.spark_version_filter, ", "), spark_version);
}

}  // namespace firesteel
