// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "fields.hpp"
#include "placeholders.hpp"
#include "sections.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

const std::vector<Field>& cluster_fields() {
  static const std::vector<Field> fields{
      {"display_name"}, {"description"},        {"engine"},         {"master"},    {"env"}, {"opts"},
      {"pre_script"},   {"pre_script_timeout"}, {"webui_hostname"}, {"webui_port"}};
  return fields;
}

/// A whole number that may stand in a field, and what it is called.
struct Kind {
  std::string_view word{};  ///< "port"
  std::uint16_t most = 0;   ///< from 1 on
  std::string_view advice{};
};

constexpr Kind port{"port", 65535, "A port is a number from 1 to 65535, without quotes."};
constexpr Kind script_seconds{"number of seconds", 1800, "It is a whole number from 1 to 1800, without quotes."};

std::optional<std::uint16_t> read_number(Context& context, const Fields& fields, std::string_view name,
                                         const Kind& kind) {
  const auto found = fields.find(name);
  if (!found) return std::nullopt;
  const auto& [node, place] = *found;
  const std::string& text = node->text;
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (node->kind == Node::Kind::scalar && !node->quoted && error == std::errc() && end == text.data() + text.size() &&
      number > 0 && number <= kind.most)
    return number;
  context.error(place,
                node->kind == Node::Kind::scalar
                    ? fmt::format("'{}' is no {}.", shown(text), kind.word)
                    : fmt::format("Here must be a {}, but there is {}.", kind.word, kind_words(*node)),
                std::string(kind.advice));
  return std::nullopt;
}

std::string read_engine(Context& context, const Fields& fields) {
  const std::vector<std::string>& engines = context.options().engines;
  const std::string engine = fields.text("engine");
  if (engine.empty()) return engines.front();
  if (std::find(engines.begin(), engines.end(), engine) != engines.end()) return engine;
  context.error(fields.find("engine")->second, fmt::format("There is no engine '{}'.", shown(engine)),
                choice_advice(engine, engines));
  return {};
}

void read_env(Context& context, const Fields& fields, Cluster& cluster) {
  const auto found = fields.find("env");
  if (!found) return;
  each_member(context, *found->first, found->second, [&](const Member& member, const Place& place) {
    if (!is_variable_name(member.key))
      return context.error(place, fmt::format("'{}' is no name of a variable.", shown(member.key)),
                           "Letters, digits and underscores, not a digit first.");
    if (auto value = read_text(context, member.value, place)) cluster.env.emplace_back(member.key, std::move(*value));
  });
}

void read_opts(Context& context, const Fields& fields, Cluster& cluster) {
  const auto found = fields.find("opts");
  if (!found) return;
  each_member(context, *found->first, found->second, [&](const Member& member, const Place& place) {
    if (auto option = read_spark_option(context, member.key, member.value, place))
      cluster.opts.push_back(std::move(*option));
  });
}

std::optional<Cluster> read_cluster(Context& context, const std::string& name, const Fields& fields) {
  Cluster cluster{.name = name, .display_name = fields.text("display_name")};
  if (cluster.display_name.empty()) {
    cluster.display_name = name;
    context.warn(fields.place(), "The cluster has no display name; its own name is shown.",
                 fmt::format("Give it one: \"display_name\": \"{}\".", shown(name)));
  }
  cluster.description = fields.text("description");
  cluster.master = fields.text("master");
  read_env(context, fields, cluster);
  read_opts(context, fields, cluster);
  cluster.pre_script = fields.text("pre_script");
  if (const auto patience = read_number(context, fields, "pre_script_timeout", script_seconds))
    cluster.pre_script_patience = std::chrono::seconds(*patience);
  cluster.webui_hostname = fields.text("webui_hostname");
  cluster.webui_port = read_number(context, fields, "webui_port", port);
  cluster.engine = read_engine(context, fields);
  if (cluster.engine.empty()) return std::nullopt;
  return cluster;
}

}  // namespace

void read_clusters(Context& context, const Node& node, const Place& place, bool lenient, std::vector<Cluster>& out) {
  each_member(context, node, place, [&](const Member& member, const Place& here) {
    if (member.value.kind == Node::Kind::broken || !check_entry_name(context, member.key, here)) return;
    if (member.value.kind != Node::Kind::map)
      return context.error(here, fmt::format("A cluster must be a map, but there is {}.", kind_words(member.value)),
                           "Write its fields: {\"display_name\": …, \"opts\": {…}}.");
    const std::size_t before = context.errors();
    const Fields fields(context, member.value, here, cluster_fields(), lenient);
    std::optional<Cluster> cluster = read_cluster(context, member.key, fields);
    if (!cluster) return;
    if (context.options().check_cluster)
      for (OptionRefusal& remark : context.options().check_cluster(*cluster))
        context.warn(here, std::move(remark.message), std::move(remark.advice));
    cluster->complete = context.errors() == before;
    out.push_back(std::move(*cluster));
  });
}

}  // namespace firesteel::catalogue
