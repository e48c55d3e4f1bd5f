// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "fields.hpp"
#include "sections.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

std::optional<std::string> read_between(Context& context, const Fields& option) {
  const auto found = option.find("concatenate");
  if (!found) return std::nullopt;
  const auto& [node, place] = *found;
  if (node->kind != Node::Kind::scalar || node->quoted || (node->text != "true" && node->text != "false"))
    return read_text(context, *node, place);
  context.error(place, fmt::format("Here must be the text between two values, but there is {}.", node->text),
                "Write it in quotes: \",\" or \" \".");
  return std::nullopt;
}

std::vector<SparkOption> read_options(Context& context, const Fields& bundle, bool lenient) {
  static const std::vector<Field> known{{"name"}, {"value"}, {"concatenate"}};
  std::vector<SparkOption> out;
  std::unordered_set<std::string> set;
  const auto found = bundle.find("options");
  if (!found) return out;
  each_item(context, *found->first, found->second, [&](const Node& item, const Place& place) {
    if (item.kind == Node::Kind::broken) return;
    if (item.kind != Node::Kind::map)
      return context.error(place, fmt::format("An option must be a map, but there is {}.", kind_words(item)),
                           "Write {\"name\": \"spark.…\", \"value\": \"…\"}.");
    const Fields fields(context, item, place, known, lenient);
    const auto name = fields.required_text("name", "Say which option is set, e.g. \"name\": \"spark.executor.cores\".");
    const Node* value_node = item.find("value");
    if (!value_node)
      return context.error(place, "'value' is missing.", "Say what the option is set to: \"value\": \"…\".");
    if (!name) return;
    auto option = read_spark_option(context, *name, *value_node, fields.place().at("value", value_node->line));
    if (!option) return;
    option->concatenate = read_between(context, fields);
    if (!set.insert(*name).second && !option->concatenate)
      context.warn(place, fmt::format("The bundle sets '{}' already; this one is used.", shown(*name)),
                   "Keep one of them, or say with \"concatenate\" what stands between their values.");
    out.push_back(std::move(*option));
  });
  return out;
}

std::vector<std::string> read_cluster_filter(Context& context, const Fields& bundle, const ClusterNames& clusters) {
  std::vector<std::string> out;
  for (auto& [name, place] : bundle.texts("cluster_filter")) {
    if (!context.full() && !clusters.known.contains(name))
      context.warn(place, fmt::format("There is no cluster '{}'.", shown(name)),
                   clusters.names.empty() ? "No cluster is defined at all." : choice_advice(name, clusters.names));
    out.push_back(std::move(name));
  }
  return out;
}

Bundle read_bundle(Context& context, const std::string& name, const Fields& fields, bool lenient,
                   const ClusterNames& clusters) {
  Bundle bundle{.name = name, .display_name = fields.text("display_name")};
  if (bundle.display_name.empty()) bundle.display_name = fields.text("name");
  if (bundle.display_name.empty()) {
    bundle.display_name = name;
    context.warn(fields.place(), "The bundle has no display name; its own name is shown.",
                 fmt::format("Give it one: \"display_name\": \"{}\".", shown(name)));
  }
  bundle.cluster_filter = read_cluster_filter(context, fields, clusters);
  for (auto& [version, place] : fields.texts("spark_version_filter")) bundle.spark_version_filter.push_back(version);
  bundle.options = read_options(context, fields, lenient);
  return bundle;
}

}  // namespace

void read_bundles(Context& context, const Node& node, const Place& place, bool lenient, const ClusterNames& clusters,
                  std::vector<Bundle>& out) {
  static const std::vector<Field> known{
      {"name"}, {"display_name"}, {"cluster_filter"}, {"spark_version_filter"}, {"options"}};
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < out.size(); ++i) places.emplace(out[i].name, i);
  each_member(context, node, place, [&](const Member& member, const Place& here) {
    if (member.value.kind == Node::Kind::broken || !check_entry_name(context, member.key, here)) return;
    if (member.value.kind != Node::Kind::map)
      return context.error(here, fmt::format("A bundle must be a map, but there is {}.", kind_words(member.value)),
                           "Write its fields: {\"display_name\": …, \"options\": […]}.");
    const std::size_t before = context.errors();
    const Fields fields(context, member.value, here, known, lenient);
    Bundle bundle = read_bundle(context, member.key, fields, lenient, clusters);
    bundle.complete = context.errors() == before;
    const auto [at, is_new] = places.emplace(bundle.name, out.size());
    if (is_new) {
      out.push_back(std::move(bundle));
      return;
    }
    context.warn(here, fmt::format("There is a bundle '{}' already; this one takes its place.", shown(bundle.name)),
                 "Call one of them otherwise.");
    out[at->second] = std::move(bundle);
  });
}

}  // namespace firesteel::catalogue
