// SPDX-License-Identifier: Apache-2.0
// Who uses a connection's server, and what runs there.
#include <algorithm>
#include <boost/json/array.hpp>

#include "codec.hpp"
#include "firesteel/core/utf8.hpp"
#include "queries.hpp"
#include "requests.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace json = boost::json;
using http::Access;

namespace {

constexpr std::uint64_t most_operations = 1000;
constexpr std::uint64_t usual_operations = 100;
/// For Spark to answer; less than a client waits for us.
constexpr auto spark_patience = std::chrono::seconds(8);

Answer list_sessions(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  const auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  co_return Reply{200, {{"sessions", sessions_json(services.activity, (*connection)->id, services.clock.now())}}};
}

Answer list_operations(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"limit"}); !known) co_return known.error();
  const auto limit = number_query(call, "limit", 1, most_operations);
  if (!limit) co_return limit.error();
  const auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  co_return Reply{200,
                  {{"operations", operations_json(services.activity, (*connection)->id,
                                                  limit->value_or(usual_operations), services.clock.now())}}};
}

/// What may stand in the path; another one is nobody's.
Result<SessionId> session_in(const Call& call) {
  const std::string& id = call.path.at("session_id");
  const bool fits = id.size() <= Activity::longest_id &&
                    std::all_of(id.begin(), id.end(), [](char c) { return c >= '!' && c <= '~' && c != '/'; });
  if (fits && !id.empty()) return SessionId(id);
  return Error{.code = Errc::session_not_found, .message = "There is no such session."};
}

Answer release_session(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  const auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  auto session = session_in(call);
  if (!session) co_return session.error();
  const TimePoint deadline = Steady::now() + spark_patience;
  auto releasing = services.gateway.release((*connection)->name, std::move(*session), deadline);
  const auto released = co_await std::move(releasing);
  if (!released) co_return released.error();
  co_return Reply{200, json::object()};
}

Answer interrupt(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {}); !known) co_return known.error();
  auto wanted = interrupt_request_from(call.body.value_or(json::object()));
  if (!wanted) co_return wanted.error();
  const auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  const TimePoint deadline = Steady::now() + spark_patience;
  auto interrupting = services.gateway.interrupt((*connection)->name, std::move(wanted->session),
                                                 std::move(wanted->operation), deadline);
  const auto interrupted = co_await std::move(interrupting);
  if (!interrupted) co_return interrupted.error();
  json::array ids;
  for (const OperationId& id : *interrupted) ids.emplace_back(to_valid_utf8(id.str()));
  co_return Reply{200, {{"operation_ids", std::move(ids)}}};
}

}  // namespace

void add_session_routes(http::Router& router, const Services& s) {
  router.add("GET", "/api/v1/connections/{name}/sessions", Access::read, with(s, list_sessions));
  router.add("POST", "/api/v1/connections/{name}/sessions/{session_id}/release", Access::change,
             with(s, release_session));
  router.add("GET", "/api/v1/connections/{name}/operations", Access::read, with(s, list_operations));
  router.add("POST", "/api/v1/connections/{name}/interrupt", Access::change, with(s, interrupt));
}

}  // namespace firesteel::api
