// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/http/error_reply.hpp"
#include "firesteel/logs/masker.hpp"
#include "log_codec.hpp"

namespace firesteel::api {

namespace json = boost::json;

namespace {

constexpr std::size_t most_event_operations = 50;  // as in api/openapi.yaml

json::object to_json(const Environment& environment) {
  json::object out;
  if (!environment.python.empty()) out["python"] = environment.python;
  if (!environment.java_home.empty()) out["java_home"] = environment.java_home;
  if (!environment.spark_home.empty()) out["spark_home"] = environment.spark_home;
  return out;
}

json::array to_json(const std::vector<PhaseTiming>& phases, TimePoint now) {
  json::array out;
  for (const auto& phase : phases)
    out.push_back({{"phase", to_string(phase.phase)},
                   {"elapsed_ms", elapsed_ms(phase.started, phase.ended.value_or(now))},
                   {"done", phase.ended.has_value()}});
  return out;
}

json::array texts(const std::vector<std::string>& from) { return json::array(from.begin(), from.end()); }

json::object to_json(const catalogue::Bundle& bundle) {
  json::array options;
  for (const auto& option : bundle.options) {
    json::object one{{"name", option.name}, {"value", shown_value(option.name, option.value)}};
    if (option.concatenate) one["concatenate"] = *option.concatenate;
    options.push_back(std::move(one));
  }
  return {{"name", bundle.name},
          {"display_name", bundle.display_name},
          {"clusters", texts(bundle.cluster_filter)},
          {"spark_versions", texts(bundle.spark_version_filter)},
          {"options", std::move(options)},
          {"complete", bundle.complete}};
}

json::object to_json(const catalogue::Problem& problem) {
  json::object out{{"severity", catalogue::to_string(problem.severity)},
                   {"file", to_valid_utf8(problem.file)},
                   {"path", problem.path},
                   {"message", problem.message}};
  if (problem.line > 0) out["line"] = problem.line;
  if (!problem.advice.empty()) out["advice"] = problem.advice;
  return out;
}

/// What is there only while a server runs, or once it was ready.
void add_server(json::object& out, const Connection& connection) {
  if (!connection.server_id.empty()) out["server_id"] = connection.server_id.str();
  if (connection.pid) out["pid"] = *connection.pid;
  if (!connection.spark_version.empty()) out["spark_version"] = connection.spark_version;
  if (!connection.application_id.empty()) out["application_id"] = connection.application_id;
  if (connection.grpc_port) out["endpoint"] = fmt::format("sc://127.0.0.1:{}", *connection.grpc_port);
  if (connection.ready_at) out["ready_at"] = to_rfc3339(*connection.ready_at);
  if (connection.failure) out["failure"] = http::failure_body(*connection.failure);
}

}  // namespace

json::object options_json(const Options& options) {
  json::object out;
  for (const auto& [name, value] : options) out[name] = value;
  return out;
}

json::object to_json(const Connection& connection, TimePoint now, const SecretOptions& secrets) {
  json::object out{{"id", connection.id.str()},
                   {"name", connection.name},
                   {"cluster", connection.definition.cluster},
                   {"cluster_display_name", connection.cluster_display_name},
                   {"state", to_string(connection.state)},
                   {"state_age_ms", elapsed_ms(connection.state_since, now)},
                   {"is_default", connection.is_default},
                   {"bundles", texts(connection.definition.bundles)},
                   {"options", options_json(secrets.hidden(connection.definition.options))},
                   {"created_at", to_rfc3339(connection.created_at)},
                   {"phases", to_json(connection.phases, now)}};
  if (connection.definition.environment != Environment{})
    out["environment"] = to_json(connection.definition.environment);
  if (connection.has_history) out["has_history"] = true;
  add_server(out, connection);
  json::array suggestions;
  for (const auto& suggestion : connection.suggestions) suggestions.push_back(to_json(suggestion));
  out["suggestions"] = std::move(suggestions);
  return out;
}

json::object to_json(const catalogue::Cluster& cluster) {
  return {{"name", cluster.name},         {"display_name", cluster.display_name},
          {"engine", cluster.engine},     {"description", cluster.description},
          {"master", master_of(cluster)}, {"has_pre_script", !cluster.pre_script.empty()}};
}

json::object to_json(const LogChunk& chunk) {
  return {{"lines", json::array(chunk.lines.begin(), chunk.lines.end())}, {"next", chunk.next}, {"end", chunk.end}};
}

json::object to_json(const Session& session, TimePoint now) {
  const bool is_busy = session.running > 0;
  return {{"session_id", to_valid_utf8(session.key.id.str())},
          {"user_id", to_valid_utf8(session.key.user)},
          {"client_type", session.client_type},
          {"notebook", session.notebook},
          {"local", session.local},
          {"started_at", to_rfc3339(session.started_at)},
          {"idle_ms", is_busy ? 0 : elapsed_ms(session.last_active, now)},
          {"running", session.running}};
}

json::object to_json(const Operation& operation, TimePoint now) {
  json::object out{{"operation_id", to_valid_utf8(operation.id.str())},
                   {"session_id", to_valid_utf8(operation.session.id.str())},
                   {"kind", to_string(operation.kind)},
                   {"detail", operation.detail},
                   {"state", to_string(operation.state)},
                   {"attended", operation.attended},
                   {"started_at", to_rfc3339(operation.started_at)},
                   {"elapsed_ms", elapsed_ms(operation.started, operation.ended.value_or(now))},
                   {"rows", operation.rows},
                   {"bytes", operation.bytes},
                   {"tasks", operation.tasks},
                   {"completed_tasks", operation.completed_tasks},
                   {"notebook", operation.notebook},
                   {"cell", operation.cell}};
  if (!operation.error.empty()) out["error"] = operation.error;
  return out;
}

json::object to_json(const gateway::Endpoint& endpoint) {
  json::object out{{"host", endpoint.host}, {"port", endpoint.port}, {"socket", endpoint.socket.string()}};
  if (!endpoint.problem.empty()) out["problem"] = endpoint.problem;
  return out;
}

json::object channel_json(const Connection& connection, const std::filesystem::path& gateway_socket) {
  return {{"name", connection.name},
          {"server_id", connection.server_id.str()},
          {"target", fmt::format("unix:{}", gateway_socket.string())},
          {"spark_version", connection.spark_version},
          {"application_id", connection.application_id}};
}

json::array to_json(const Connections& connections, TimePoint now, const SecretOptions& secrets) {
  json::array out;
  for (const auto& connection : connections.all()) out.push_back(to_json(*connection, now, secrets));
  return out;
}

json::array to_json(const std::vector<catalogue::Cluster>& clusters) {
  json::array out;
  for (const auto& cluster : clusters) out.push_back(to_json(cluster));
  return out;
}

json::object to_json(const catalogue::Holder& catalog) {
  const catalogue::Catalogue& all = catalog.catalogue();
  json::array bundles;
  for (const auto& bundle : all.bundles) bundles.push_back(to_json(bundle));
  json::array problems;
  for (const auto& problem : catalog.problems()) problems.push_back(to_json(problem));
  json::object out{{"revision", catalog.revision()},
                   {"clusters", to_json(all.clusters)},
                   {"bundles", std::move(bundles)},
                   {"cluster_is_fixed", catalog.cluster_is_fixed()},
                   {"problems", std::move(problems)}};
  if (!all.preselected.empty()) out["preselected"] = all.preselected;
  return out;
}

json::object definition_json(const Definition& definition) {
  return {{"cluster", definition.cluster},
          {"bundles", texts(definition.bundles)},
          {"options", options_json(definition.options)},
          {"environment", to_json(definition.environment)}};
}

std::string shown_value(std::string_view option, const std::string& value) {
  static const Masker masker;
  const std::string line = fmt::format("{}={}", option, value);
  const std::string masked = masker.apply(line);
  return masked == line ? value : masked.substr(std::min(option.size() + 1, masked.size()));
}

json::array sessions_json(const Activity& activity, const ConnectionId& connection, TimePoint now) {
  json::array out;
  for (const Session* session : activity.sessions(connection)) out.push_back(to_json(*session, now));
  return out;
}

json::array operations_json(const Activity& activity, const ConnectionId& connection, std::size_t limit,
                            TimePoint now) {
  const auto operations = activity.operations(connection);
  const auto runs = [](const Operation* each) { return each->state == OperationState::running; };
  std::size_t room_for_running =
      std::min(limit, static_cast<std::size_t>(std::count_if(operations.begin(), operations.end(), runs)));
  std::size_t room_for_ended = limit - room_for_running;
  json::array out;
  for (const Operation* operation : operations) {
    std::size_t& room = runs(operation) ? room_for_running : room_for_ended;
    if (room == 0) continue;
    --room;
    out.push_back(to_json(*operation, now));
  }
  return out;
}

json::object activity_json(const Connection& connection, const Activity& activity, TimePoint now) {
  return {{"type", "activity"},
          {"connection", connection.name},
          {"sessions", sessions_json(activity, connection.id, now)},
          {"operations", operations_json(activity, connection.id, most_event_operations, now)}};
}

json::array activities_json(const Connections& connections, const Activity& activity, TimePoint now) {
  json::array out;
  for (const auto& connection : connections.all()) {
    json::object event = activity_json(*connection, activity, now);
    if (!event.at("sessions").as_array().empty() || !event.at("operations").as_array().empty())
      out.push_back(std::move(event));
  }
  return out;
}

}  // namespace firesteel::api
