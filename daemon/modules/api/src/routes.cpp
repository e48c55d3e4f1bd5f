// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/routes.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>

#include "codec.hpp"
#include "firesteel/core/names.hpp"
#include "firesteel/core/version.hpp"
#include "queries.hpp"
#include "requests.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace json = boost::json;
using http::Access;

namespace {

constexpr std::uint64_t longest_settle_ms = 60'000;

Result<Reply> show(const Services& services, const Result<const Connection*>& connection, int status = 200) {
  if (!connection) return connection.error();
  return Reply{status, to_json(**connection, services.clock.now(), services.secrets)};
}

// The daemon itself
// -----------------------------------------------------------------------------------------------------

Answer get_status(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  std::map<ConnectionState, int> counts;
  for (const auto& connection : services.connections.all()) ++counts[connection->state];
  json::object states;
  for (const auto state : {ConnectionState::starting, ConnectionState::ready, ConnectionState::stopping,
                           ConnectionState::stopped, ConnectionState::failed})
    states[to_string(state)] = counts[state];
  co_return Reply{200,
                  {{"version", version()},
                   {"api_version", api_version},
                   {"pid", ::getpid()},
                   {"started_at", to_rfc3339(services.started_at)},
                   {"uptime_ms", elapsed_ms(services.started, services.clock.now())},
                   {"runtime_dir", services.directories.runtime.string()},
                   {"state_dir", services.directories.state.string()},
                   {"api_socket", services.directories.api_socket().string()},
                   {"kernel_socket", services.directories.kernel_socket().string()},
                   {"connections", std::move(states)},
                   {"viewers", services.events.viewers()}}};
}

Answer shut_down(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  services.shut_down();
  co_return Reply{202, json::object()};
}

Answer list_clusters(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return Reply{200, {{"clusters", to_json(services.catalog.catalogue().clusters)}}};
}

// Connections
// -----------------------------------------------------------------------------------------------------------

Answer list_connections(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return Reply{200, {{"connections", to_json(services.connections, services.clock.now(), services.secrets)}}};
}

Answer create_connection(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  if (!call.body)
    co_return Error{.code = Errc::bad_request, .message = "The body is missing.", .advice = R"(Send {"name": …}.)"};
  auto wanted = new_connection_from(*call.body);
  if (!wanted) co_return wanted.error();
  if (auto revealed = reveal_all(services, wanted->definition.options); !revealed) co_return revealed.error();
  co_return show(services,
                 services.supervisor.create(std::move(wanted->name), std::move(wanted->definition), call.caller_python),
                 201);
}

Answer get_connection(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"settle_ms"}); !known) co_return known.error();
  const auto patience = number_query(call, "settle_ms", 0, longest_settle_ms);
  if (!patience) co_return patience.error();
  auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  if (*patience) {
    co_await services.supervisor.settle((*connection)->id, Steady::now() + std::chrono::milliseconds(**patience));
    connection = services.connections.get(name_of(call));
  }
  co_return show(services, connection);
}

Answer remove_connection(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  if (auto removed = services.supervisor.remove(name_of(call)); !removed) co_return removed.error();
  co_return Reply{200, json::object()};
}

Answer start_connection(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  auto replacements = replacements_from(call.body.value_or(json::object()));
  if (!replacements) co_return replacements.error();
  if (replacements->options)
    if (auto revealed = reveal_all(services, *replacements->options); !revealed) co_return revealed.error();
  co_return show(services, services.supervisor.start(name_of(call), std::move(*replacements), call.caller_python), 202);
}

Answer stop_connection(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return show(services, services.supervisor.stop(name_of(call)), 202);
}

Answer restart_connection(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return show(services, services.supervisor.restart(name_of(call), call.caller_python), 202);
}

Answer set_default_connection(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return show(services, services.supervisor.set_default(name_of(call)));
}

// Kernels
// ---------------------------------------------------------------------------------------------------------------

Result<const Connection*> wanted_connection(const Services& services, const Call& call) {
  const auto name = call.query.find("name");
  return name == call.query.end() ? services.connections.get_default() : services.connections.get(name->second);
}

Answer get_channel(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"name", "settle_ms"}); !known) co_return known.error();
  const auto patience = number_query(call, "settle_ms", 0, longest_settle_ms);
  if (!patience) co_return patience.error();
  auto connection = wanted_connection(services, call);
  if (!connection) co_return connection.error();
  if (*patience) {
    co_await services.supervisor.settle((*connection)->id, Steady::now() + std::chrono::milliseconds(**patience));
    connection = wanted_connection(services, call);
    if (!connection) co_return connection.error();
  }
  if (const auto ready = services.supervisor.access(**connection); !ready) co_return ready.error();
  co_return Reply{200, channel_json(**connection, services.directories.gateway_socket())};
}

}  // namespace

void add_api_routes(http::Router& router, const Services& s) {
  router.add("GET", "/api/v1/status", Access::read, with(s, get_status));
  router.add("POST", "/api/v1/shutdown", Access::change, with(s, shut_down));
  router.add("GET", "/api/v1/clusters", Access::read, with(s, list_clusters));
  router.add("GET", "/api/v1/connections", Access::read, with(s, list_connections));
  router.add("POST", "/api/v1/connections", Access::change, with(s, create_connection));
  router.add("GET", "/api/v1/connections/{name}", Access::read, with(s, get_connection));
  router.add("DELETE", "/api/v1/connections/{name}", Access::change, with(s, remove_connection));
  router.add("POST", "/api/v1/connections/{name}/start", Access::change, with(s, start_connection));
  router.add("POST", "/api/v1/connections/{name}/stop", Access::change, with(s, stop_connection));
  router.add("POST", "/api/v1/connections/{name}/restart", Access::change, with(s, restart_connection));
  router.add("POST", "/api/v1/connections/{name}/default", Access::change, with(s, set_default_connection));
  add_log_routes(router, s);
  add_catalog_routes(router, s);
  add_session_routes(router, s);
  add_endpoint_routes(router, s);
  add_ui_routes(router, s);
  router.add_watch("/api/v1/events", [&s](http::Viewer& viewer) { return s.events.watch(viewer); });
}

void add_kernel_routes(http::Router& router, const Services& s) {
  router.add("GET", "/kernel/v1/channel", Access::read, with(s, get_channel));
}

}  // namespace firesteel::api
