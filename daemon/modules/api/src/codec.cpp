// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "firesteel/http/error_reply.hpp"

namespace firesteel::api {

namespace json = boost::json;

namespace {

json::object to_json(const Options& options) {
  json::object out;
  for (const auto& [name, value] : options) out[name] = value;
  return out;
}

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

json::object to_json(const Connection& connection, TimePoint now) {
  json::object out{{"id", connection.id.str()},
                   {"name", connection.name},
                   {"cluster", connection.definition.cluster},
                   {"cluster_display_name", connection.cluster_display_name},
                   {"state", to_string(connection.state)},
                   {"state_age_ms", elapsed_ms(connection.state_since, now)},
                   {"is_default", connection.is_default},
                   {"options", to_json(connection.definition.options)},
                   {"created_at", to_rfc3339(connection.created_at)},
                   {"phases", to_json(connection.phases, now)}};
  if (connection.definition.environment != Environment{})
    out["environment"] = to_json(connection.definition.environment);
  add_server(out, connection);
  return out;
}

json::object to_json(const Cluster& cluster) {
  return {{"name", cluster.name},
          {"display_name", cluster.display_name},
          {"engine", cluster.engine},
          {"description", cluster.description}};
}

json::object to_json(const LogChunk& chunk) {
  return {{"lines", json::array(chunk.lines.begin(), chunk.lines.end())}, {"next", chunk.next}, {"end", chunk.end}};
}

json::object channel_json(const Connection& connection, const ServerAccess& access) {
  return {{"name", connection.name},
          {"server_id", connection.server_id.str()},
          {"target", fmt::format("127.0.0.1:{}", access.grpc_port)},
          {"token", access.secret},
          {"spark_version", connection.spark_version},
          {"application_id", connection.application_id}};
}

json::array to_json(const Connections& connections, TimePoint now) {
  json::array out;
  for (const auto& connection : connections.all()) out.push_back(to_json(*connection, now));
  return out;
}

json::array to_json(const Catalog& catalog) {
  json::array out;
  for (const auto& cluster : catalog.clusters()) out.push_back(to_json(cluster));
  return out;
}

}  // namespace firesteel::api
