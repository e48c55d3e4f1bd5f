// SPDX-License-Identifier: Apache-2.0
// What a connection can be made of: the catalogue, documented options, previews, spark-defaults.conf, presets.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "codec.hpp"
#include "firesteel/api/presets.hpp"
#include "firesteel/api/secret_options.hpp"
#include "firesteel/catalog/documented.hpp"
#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/local_launch.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/engine/properties.hpp"
#include "firesteel/supervisor/resolution.hpp"
#include "queries.hpp"
#include "requests.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace json = boost::json;
using http::Access;

namespace {

constexpr std::uint64_t most_options = 500;
constexpr std::uint64_t usual_options = 50;
constexpr std::size_t longest_search = 200;
constexpr std::size_t longest_version = 32;
constexpr std::size_t longest_defaults = 1024 * 1024;

Error no_body_at_all() {
  return {.code = Errc::bad_request, .message = "The body is missing.", .advice = "Send a JSON object."};
}

json::object problem_json(const Error& error, std::string_view severity) {
  json::object out{{"field", error.field}, {"severity", severity}, {"message", error.message}};
  if (!error.advice.empty()) out["advice"] = error.advice;
  return out;
}

Answer get_catalog(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return Reply{200, to_json(services.catalog)};
}

/// As the contract counts them: each byte of UTF-8 but those that continue one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// At most `longest` characters; empty when it is absent.
Result<std::string> text_query(const Call& call, const std::string& key, std::size_t longest) {
  const auto at = call.query.find(key);
  if (at == call.query.end()) return std::string();
  if (characters(at->second) > longest)
    return Error{.code = Errc::bad_request,
                 .message = fmt::format("'{}' has more than {} characters.", key, longest),
                 .field = key};
  return at->second;
}

json::object to_json(const catalogue::OptionHit& hit) {
  json::object out{{"name", hit.name},
                   {"category", hit.category},
                   {"type", hit.type},
                   {"default", hit.default_value},
                   {"description", hit.description},
                   {"reserved", is_reserved(hit.name)},
                   {"source", hit.is_sparks ? "spark" : "catalog"}};
  if (!hit.since.empty()) out["since"] = hit.since;
  return out;
}

Answer search_options(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"q", "spark_version", "limit"}); !known) co_return known.error();
  const auto words = text_query(call, "q", longest_search);
  if (!words) co_return words.error();
  const auto version = text_query(call, "spark_version", longest_version);
  if (!version) co_return version.error();
  const auto limit = number_query(call, "limit", 1, most_options);
  if (!limit) co_return limit.error();
  const catalogue::OptionHits found =
      catalogue::search_options(services.catalog.catalogue(), *words, *version, limit->value_or(usual_options));
  json::array options;
  for (const auto& hit : found.hits) options.push_back(to_json(hit));
  co_return Reply{200, {{"options", std::move(options)}, {"total", found.total}}};
}

json::object to_json(const std::string& name, const MergedOption& option) {
  json::array sources;
  for (const OptionSource& each : option.sources) {
    json::object source{{"kind", to_string(each.origin)}, {"value", shown_value(name, each.value)}};
    if (!each.name.empty()) source["name"] = each.name;
    if (each.joined) source["joined"] = true;
    sources.push_back(std::move(source));
  }
  return {{"name", to_valid_utf8(name)}, {"value", shown_value(name, option.value)}, {"sources", std::move(sources)}};
}

Answer preview(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  if (!call.body) co_return no_body_at_all();
  auto wanted = replacements_from(*call.body);
  if (!wanted) co_return wanted.error();
  Definition definition = definition_of(std::move(*wanted));
  const std::vector<Error> unknown = reveal(services, definition.options);
  json::object given = options_json(services.secrets.hidden(definition.options));
  const auto defaults = services.supervisor.spark_defaults(definition);
  const Resolution resolution = resolve(services.catalog, definition, defaults ? &*defaults : nullptr);
  json::array options;
  for (const auto& [name, option] : resolution.options) options.push_back(to_json(name, option));
  json::array environment;
  if (resolution.cluster)
    for (const auto& [name, value] : resolution.cluster->env)
      if (!is_scrubbed(name)) environment.emplace_back(name);
  json::array problems;
  for (const Error& each : unknown) problems.push_back(problem_json(each, "error"));
  for (const Error& each : resolution.problems) problems.push_back(problem_json(each, "error"));
  for (const Error& each : resolution.warnings) problems.push_back(problem_json(each, "warning"));
  const std::string spark = services.supervisor.likely_spark(definition, call.caller_python);
  for (const Error& each : remarks_on(resolution, services.catalog.catalogue(), spark))
    problems.push_back(problem_json(each, "warning"));
  co_return Reply{200,
                  {{"options", std::move(options)},
                   {"given", std::move(given)},
                   {"environment", std::move(environment)},
                   {"problems", std::move(problems)}}};
}

Answer read_defaults(const Services&, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  if (!call.body) co_return no_body_at_all();
  const auto text = only_text_from(*call.body, "text", longest_defaults);
  if (!text) co_return text.error();
  Options options = parse_properties(*text);
  json::array problems;
  const catalogue::Cluster any_cluster;
  for (const Error& each : problems_with_options(options, any_cluster)) {
    problems.push_back(problem_json(each, "error"));
    options.erase(each.field.substr(std::min(each.field.size(), std::string_view("options.").size())));
  }
  co_return Reply{200, {{"options", options_json(options)}, {"problems", std::move(problems)}}};
}

Answer write_defaults(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  if (!call.body) co_return no_body_at_all();
  auto options = only_options_from(*call.body);
  if (!options) co_return options.error();
  if (auto revealed = reveal_all(services, *options); !revealed) co_return revealed.error();
  const catalogue::Cluster any_cluster;
  // What Spark wouldn't read back unchanged, or what we would refuse to read.
  if (auto valid = validate_options(*options, any_cluster); !valid) co_return valid.error();
  co_return Reply{200, {{"text", to_properties(*options)}}};
}

json::object preset_json(const Services& services, const std::string& name, Definition definition) {
  definition.options = services.secrets.hidden(definition.options);
  json::object out = definition_json(definition);
  out["name"] = name;
  return out;
}

Answer list_presets(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  json::array out;
  for (const auto& [name, definition] : services.presets.all()) out.push_back(preset_json(services, name, definition));
  co_return Reply{200, {{"presets", std::move(out)}}};
}

Answer save_preset(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  if (!call.body) co_return no_body_at_all();
  const auto name = preset_name_from(call.path.at("preset"));
  if (!name) co_return name.error();
  auto wanted = replacements_from(*call.body);
  if (!wanted) co_return wanted.error();
  Definition definition = definition_of(std::move(*wanted));
  if (auto revealed = reveal_all(services, definition.options); !revealed) co_return revealed.error();
  if (auto saved = services.presets.save(*name, std::move(definition)); !saved) co_return saved.error();
  co_return Reply{200, preset_json(services, *name, services.presets.all().at(*name))};
}

Answer remove_preset(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  const auto name = preset_name_from(call.path.at("preset"));
  if (!name) co_return name.error();
  if (auto removed = services.presets.remove(*name); !removed) co_return removed.error();
  co_return Reply{200, json::object()};
}

}  // namespace

void add_catalog_routes(http::Router& router, const Services& s) {
  router.add("GET", "/api/v1/catalog", Access::read, with(s, get_catalog));
  router.add("GET", "/api/v1/spark-options", Access::read, with(s, search_options));
  router.add("POST", "/api/v1/preview", Access::change, with(s, preview));
  router.add("POST", "/api/v1/spark-defaults/read", Access::change, with(s, read_defaults));
  router.add("POST", "/api/v1/spark-defaults/write", Access::change, with(s, write_defaults));
  router.add("GET", "/api/v1/presets", Access::read, with(s, list_presets));
  router.add("PUT", "/api/v1/presets/{preset}", Access::change, with(s, save_preset));
  router.add("DELETE", "/api/v1/presets/{preset}", Access::change, with(s, remove_preset));
}

}  // namespace firesteel::api
