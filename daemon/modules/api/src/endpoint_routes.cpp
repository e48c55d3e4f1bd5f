// SPDX-License-Identifier: Apache-2.0
// Where clients speak Spark Connect to all connections, and what the gateway counts there.
#include "codec.hpp"
#include "queries.hpp"
#include "requests.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace json = boost::json;
using http::Access;

namespace {

constexpr const char* metrics_type = "text/plain; version=0.0.4";

Answer get_endpoint(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return Reply{200, to_json(services.gateway.endpoint())};
}

/// The one reply with the token in it.
Answer make_endpoint_url(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  const auto name = url_connection_from(call.body.value_or(json::object()));
  if (!name) co_return name.error();
  if (*name)
    if (const auto connection = services.connections.get(**name); !connection) co_return connection.error();
  if (const gateway::Endpoint endpoint = services.gateway.endpoint(); endpoint.port == 0)
    co_return Error{
        .code = Errc::not_ready,
        .message = endpoint.problem.empty() ? std::string("There is no TCP endpoint.") : endpoint.problem,
        .advice = "Clients of this machine and user can use the unix socket that `firesteel endpoint` shows."};
  co_return Reply{200, {{"url", services.gateway.url(name->value_or(std::string()))}}};
}

Answer rotate_token(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  if (const auto rotated = services.gateway.rotate_token(); !rotated) co_return rotated.error();
  co_return Reply{200, json::object()};
}

Answer get_metrics(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  co_return Reply{200, json::string(services.gateway.metrics()), metrics_type};
}

}  // namespace

void add_endpoint_routes(http::Router& router, const Services& s) {
  router.add("GET", "/api/v1/endpoint", Access::read, with(s, get_endpoint));
  router.add("POST", "/api/v1/endpoint/url", Access::change, with(s, make_endpoint_url));
  router.add("POST", "/api/v1/endpoint/rotate", Access::change, with(s, rotate_token));
  router.add("GET", "/api/v1/metrics", Access::read, with(s, get_metrics));
}

}  // namespace firesteel::api
