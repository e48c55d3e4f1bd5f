// SPDX-License-Identifier: Apache-2.0
// The Spark UI of each connection, as pages below /ui/NAME/: that of its server, else what is left of the application.
#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "firesteel/sparkui/ui_token.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace asio = boost::asio;

namespace {

constexpr std::string_view history_root = "/history/";

Result<http::Upstream> upstream(std::uint16_t port, const std::string& key, const http::RelayCall& call) {
  const auto token = sparkui::ui_token(key);
  if (!token) return token.error();
  http::Upstream out{.port = port, .headers = {}};
  out.headers.emplace_back("Authorization", "Bearer " + *token);
  out.headers.emplace_back("X-Forwarded-Context", call.context);
  return out;
}

http::Upstream moved_to(std::string target) { return {.port = 0, .headers = {}, .moved_to = std::move(target)}; }

/// Whether it ends a job or a stage. Before Spark 4.0.5, 4.1.4, 4.2.1 and 4.3 a GET is enough, and no token is asked
/// for.
bool is_kill(std::string_view target) {
  const auto parsed = boost::urls::parse_origin_form(target);
  if (!parsed) return true;
  const auto segments = parsed->segments();
  return std::any_of(segments.begin(), segments.end(),
                     [](const std::string& each) { return each.substr(0, each.find(';')) == "kill"; });
}

Result<http::Upstream> running_ui(const Connection& connection, const ServerAccess& access,
                                  const http::RelayCall& call) {
  if (call.from_elsewhere && is_kill(call.target))
    return Error{.code = Errc::foreign_origin, .message = "A page of another site asked for this."};
  if (access.ui_port == 0)
    return Error{.code = Errc::not_ready,
                 .message = fmt::format("Connection '{}' has no Spark UI.", connection.name),
                 .advice = "Spark 3 can't guard its own; with Spark 4, take spark.ui.enabled out of the options."};
  if (call.target.starts_with(history_root)) {
    // A page of an application that has ended; another one runs.
    const auto page = call.target.find('/', history_root.size());
    return moved_to(page == std::string::npos ? "/" : call.target.substr(page));
  }
  auto out = upstream(access.ui_port, access.ui_key, call);
  // YARN tells its applications that they are seen below its own proxy, which goes before what a request says.
  if (out && connection.application_id.starts_with("application_"))
    out->own_context = "/proxy/" + connection.application_id;
  return out;
}

/// Whether the history server has it in the same place; other pages are those of the application.
bool is_of_history_server(std::string_view target) {
  for (const std::string_view root :
       {history_root, std::string_view("/static/"), std::string_view("/api/"), std::string_view("/?")})
    if (target.starts_with(root)) return true;
  return false;
}

asio::awaitable<Result<http::Upstream>> ended_ui(const Services& services, ConnectionId id, EndedApplication ended,
                                                 http::RelayCall call) {
  if (!is_of_history_server(call.target))
    co_return moved_to(fmt::format("{}{}{}", history_root, ended.id, call.target == "/" ? "/jobs/" : call.target));
  const auto access = co_await services.history.open(std::move(id), std::move(ended));
  if (!access) co_return access.error();
  co_return upstream(access->port, access->key, call);
}

asio::awaitable<Result<http::Upstream>> find_ui(const Services& services, http::RelayCall call) {
  const auto connection = services.connections.get(call.path.at("name"));
  if (!connection) co_return connection.error();
  const auto access = services.supervisor.access(**connection);
  if (access) co_return running_ui(**connection, *access, call);
  auto ended = services.supervisor.ended_application(**connection);
  if (ended) co_return co_await ended_ui(services, (*connection)->id, std::move(*ended), std::move(call));
  Error error = access.error();
  if (error.advice.empty())
    error.advice =
        "An application can be looked at after its end when it was started with spark.eventLog.enabled=true.";
  co_return error;
}

}  // namespace

void add_ui_routes(http::Router& router, const Services& s) {
  router.add_relay("/ui/{name}", [&s](http::RelayCall call) {
    s.somebody_asked();
    return find_ui(s, std::move(call));
  });
}

}  // namespace firesteel::api
