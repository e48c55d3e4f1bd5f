// SPDX-License-Identifier: Apache-2.0
#include "destinations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace firesteel {

namespace asio = boost::asio;
using gateway::Destination;

namespace {

constexpr std::size_t most_past = 1000;
constexpr std::string_view how_to_start =
    "Start it in the Firesteel panel, with `firesteel start`, or with get_spark_session(start=True).";

std::string why_ended(const Connection& connection) {
  if (connection.state == ConnectionState::failed) {
    const std::string cause = connection.failure ? connection.failure->message : "The cause is not known.";
    const std::string advice = connection.failure ? connection.failure->advice : "";
    return fmt::format("The Spark server of connection '{}' has ended: {}{}{} {}", connection.name, cause,
                       advice.empty() ? "" : " ", advice, how_to_start);
  }
  return fmt::format("Connection '{}' {} stopped. {}", connection.name,
                     connection.state == ConnectionState::stopping ? "is being" : "is", how_to_start);
}

std::string restarted(std::string_view name) {
  return fmt::format(
      "Connection '{0}' was restarted, and this session ended with the server before it: run "
      "spark = get_spark_session('{0}') for a new one.",
      name);
}

}  // namespace

ServerDestinations::ServerDestinations(Connections& connections, Supervisor& supervisor, Hooks hooks)
    : connections_(connections),
      supervisor_(supervisor),
      hooks_(std::move(hooks)),
      subscription_(connections.watch([this](std::string_view name, const Connection* one) { changed(name, one); })) {}

Result<const Connection*> ServerDestinations::wanted(std::string_view name) const {
  return name.empty() ? connections_.get_default() : connections_.get(name);
}

std::optional<Result<Destination>> ServerDestinations::find_now(std::string_view name) const {
  const auto connection = wanted(name);
  if (!connection) return Result<Destination>(connection.error());
  const Connection& found = **connection;
  if (found.state == ConnectionState::starting) return std::nullopt;
  if (found.state != ConnectionState::ready)
    return Result<Destination>(Error{.code = Errc::wrong_state, .message = why_ended(found)});
  auto access = supervisor_.access(found);
  if (!access) return Result<Destination>(access.error());
  return Result<Destination>(Destination{.server = found.server_id,
                                         .connection = found.id,
                                         .name = found.name,
                                         .host = "127.0.0.1",
                                         .port = access->grpc_port,
                                         .secret = std::move(access->secret)});
}

asio::awaitable<Result<Destination>> ServerDestinations::find(std::string name, TimePoint deadline) const {
  for (;;) {
    auto destination = find_now(name);
    if (destination) co_return std::move(*destination);
    const auto connection = wanted(name);
    if (!connection) co_return connection.error();
    const std::string found = (*connection)->name;
    if (Steady::now() >= deadline)
      co_return Error{.code = Errc::timed_out,
                      .message = fmt::format("Connection '{}' is still starting; its log may tell why.", found)};
    const ConnectionId id = (*connection)->id;
    co_await supervisor_.settle(id, deadline);
  }
}

std::optional<std::string> ServerDestinations::fate(const ServerId& server) const {
  for (const auto& connection : connections_.all()) {
    if (connection->server_id != server) continue;
    const bool lives = connection->state == ConnectionState::ready || connection->state == ConnectionState::starting;
    return lives ? std::nullopt : std::optional(why_ended(*connection));
  }
  const auto past = std::ranges::find(past_, server, &std::pair<ServerId, std::string>::first);
  if (past == past_.end())
    return "The Spark server of this session has ended: run spark = get_spark_session() for a new session.";
  const Connection* connection = connections_.find(past->second);
  if (!connection)
    return fmt::format("Connection '{}' was removed. Create it again in the Firesteel panel.", past->second);
  const bool lives = connection->state == ConnectionState::ready || connection->state == ConnectionState::starting;
  return lives ? restarted(connection->name) : why_ended(*connection);
}

void ServerDestinations::changed(std::string_view name, const Connection* connection) {
  const auto it = current_.find(name);
  if (!connection) {
    if (it == current_.end()) return;
    told(name, it->second);
    hooks_.on_removed(it->second.connection);
    current_.erase(it);
    return;
  }
  if (it != current_.end() && it->second.server != connection->server_id) told(name, it->second);
  Current& current = current_[std::string(name)];
  current.connection = connection->id;
  if (current.server != connection->server_id) current = {connection->id, connection->server_id, false};
  const bool takes_calls =
      connection->state == ConnectionState::ready || connection->state == ConnectionState::starting;
  if (!takes_calls) told(name, current);
}

void ServerDestinations::told(std::string_view name, Current& current) {
  if (current.server.empty() || std::exchange(current.told, true)) return;
  if (past_.size() >= most_past) past_.pop_front();
  past_.emplace_back(current.server, std::string(name));
  hooks_.on_end(current.server);
}

}  // namespace firesteel
