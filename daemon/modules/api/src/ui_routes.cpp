// SPDX-License-Identifier: Apache-2.0
// The Spark UI of each connection, as pages below /ui/NAME/.
#include <fmt/format.h>

#include "firesteel/sparkui/ui_token.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<http::Upstream>> find_ui(const Services& services, http::RelayCall call) {
  const auto connection = services.connections.get(call.path.at("name"));
  if (!connection) co_return connection.error();
  const auto access = services.supervisor.access(**connection);
  if (!access) co_return access.error();
  if (access->ui_port == 0)
    co_return Error{.code = Errc::not_ready,
                    .message = fmt::format("Connection '{}' has no Spark UI.", (*connection)->name),
                    .advice = "Spark 3 can't guard its own; with Spark 4, take spark.ui.enabled out of the options."};
  const auto token = sparkui::ui_token(access->ui_key);
  if (!token) co_return token.error();
  http::Upstream upstream{.port = access->ui_port, .headers = {}};
  upstream.headers.emplace_back("Authorization", "Bearer " + *token);
  upstream.headers.emplace_back("X-Forwarded-Context", std::move(call.context));
  co_return upstream;
}

}  // namespace

void add_ui_routes(http::Router& router, const Services& s) {
  router.add_relay("/ui/{name}", [&s](http::RelayCall call) { return find_ui(s, std::move(call)); });
}

}  // namespace firesteel::api
