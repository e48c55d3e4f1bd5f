// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "firesteel/core/version.hpp"
#include "firesteel/h2/grpc_client.hpp"
#include "firesteel/h2/spark_fields.hpp"
#include "gateway_state.hpp"

/// What the gateway itself asks servers for: interrupting operations and releasing sessions.
namespace firesteel::gateway {

namespace asio = boost::asio;
namespace fields = spark::fields;
using h2::GrpcClient;
using h2::GrpcStatus;
using h2::ProtoWriter;

namespace {

constexpr std::uint64_t interrupt_type_operation_id = 3;

std::string client_type() { return fmt::format("firesteel/{}", version()); }

std::string user_context(const SessionKey& session) {
  return ProtoWriter().bytes(fields::user_context_user_id, session.user).take();
}

h2::GrpcCall call_to(const Destination& destination, std::string_view method, std::string message) {
  h2::GrpcCall call{.path = fmt::format("/spark.connect.SparkConnectService/{}", method),
                    .metadata = {},
                    .message = std::move(message)};
  if (!destination.secret.empty()) call.metadata.emplace_back("authorization", "Bearer " + destination.secret);
  return call;
}

h2::GrpcCall interrupt_call(const Destination& destination, const SessionKey& session, const OperationId& operation) {
  return call_to(destination, "Interrupt",
                 ProtoWriter()
                     .bytes(fields::interrupt_session_id, session.id.str())
                     .bytes(fields::interrupt_user_context, user_context(session))
                     .bytes(fields::interrupt_client_type, client_type())
                     .varint(fields::interrupt_type, interrupt_type_operation_id)
                     .bytes(fields::interrupt_operation_id, operation.str())
                     .take());
}

h2::GrpcCall release_call(const Destination& destination, const SessionKey& session) {
  return call_to(destination, "ReleaseSession",
                 ProtoWriter()
                     .bytes(fields::release_session_id, session.id.str())
                     .bytes(fields::release_user_context, user_context(session))
                     .bytes(fields::release_client_type, client_type())
                     .take());
}

Error refused(std::string_view what, const GrpcStatus& status) {
  if (status.code == GrpcStatus::unimplemented)
    return {.code = Errc::internal,
            .message = fmt::format("The server's Spark has no way to {}.", what),
            .advice = "Spark 4 has. Spark 3.5 ends a session that nobody has used for an hour."};
  return {.code = status.code == GrpcStatus::unavailable ? Errc::not_ready : Errc::internal,
          .message = fmt::format("Spark refused to {}: {}.", what, to_string(status))};
}

asio::awaitable<Result<GrpcClient>> connect_to(Destination destination, TimePoint deadline) {
  const h2::Place place{destination.host, destination.port, destination.tls};
  co_return co_await GrpcClient::connect(place, deadline);
}

}  // namespace

asio::awaitable<Result<std::vector<OperationId>>> Gateway::State::interrupt(std::string connection,
                                                                            std::optional<SessionId> session,
                                                                            std::optional<OperationId> operation,
                                                                            TimePoint deadline) {
  const auto destination = destinations_.find_now(connection);
  if (!destination)
    co_return Error{.code = Errc::not_ready, .message = fmt::format("Connection {} is still starting.", connection)};
  if (!*destination) co_return destination->error();
  const Destination server = **destination;

  struct Wanted {
    SessionKey session;
    OperationId id;
    OperationKind kind;
  };
  std::vector<Wanted> wanted;
  bool known = false;
  for (const Operation* each : activity_.operations(server.connection)) {
    if (each->session.server != server.server || (session && each->session.id != *session)) continue;
    if (operation && each->id != *operation) continue;
    known = true;
    if (each->state == OperationState::running) wanted.push_back({each->session, each->id, each->kind});
  }
  if (operation && !known)
    co_return Error{.code = Errc::operation_not_found,
                    .message = fmt::format("There is no operation {} on connection {}.", operation->str(), server.name),
                    .advice = "`firesteel operations --all` lists those that are known."};
  if (session && !known) {
    const auto sessions = activity_.sessions(server.connection);
    const bool exists =
        std::any_of(sessions.begin(), sessions.end(), [&](const Session* each) { return each->key.id == *session; });
    if (!exists)
      co_return Error{.code = Errc::session_not_found,
                      .message = fmt::format("There is no session {} on connection {}.", session->str(), server.name),
                      .advice = "`firesteel sessions` lists those that are open."};
  }

  std::vector<OperationId> interrupted;
  std::optional<Error> first_refusal;  // the others are interrupted all the same
  std::optional<GrpcClient> client;
  for (const Wanted& each : wanted) {
    if (each.kind == OperationKind::analyze || each.kind == OperationKind::upload) {
      end_call(each.id);
      interrupted.push_back(each.id);
      continue;
    }
    if (!client) {
      auto connected = co_await connect_to(server, deadline);
      if (!connected) co_return connected.error();
      client.emplace(std::move(*connected));
    }
    h2::GrpcCall call = interrupt_call(server, each.session, each.id);
    const auto reply = co_await client->call(std::move(call), deadline);
    if (!reply) co_return reply.error();
    if (!reply->status.is_ok()) {
      if (!first_refusal) first_refusal = refused("interrupt the operation", reply->status);
      continue;
    }
    interrupted.push_back(each.id);
    // Spark has been told; an operation to which nobody listens has no other end that we would see.
    activity_.update(each.session, each.id, [this](Operation& changed) {
      if (changed.attended) return;
      changed.state = OperationState::interrupted;
      changed.ended = clock_.now();
    });
  }
  if (first_refusal) co_return std::move(*first_refusal);
  co_return interrupted;
}

bool Gateway::State::end_call(const OperationId& operation) {
  const bool found =
      std::any_of(links_.begin(), links_.end(), [&](const auto& link) { return link->interrupt(operation); });
  context_.flush();
  return found;
}

asio::awaitable<Result<void>> Gateway::State::release(std::string connection, SessionId session, TimePoint deadline) {
  const auto destination = destinations_.find_now(connection);
  if (!destination)
    co_return Error{.code = Errc::not_ready, .message = fmt::format("Connection {} is still starting.", connection)};
  if (!*destination) co_return destination->error();
  const Destination server = **destination;

  std::optional<SessionKey> key;
  for (const Session* each : activity_.sessions(server.connection))
    if (each->key.server == server.server && each->key.id == session) key = each->key;
  if (!key)
    co_return Error{.code = Errc::session_not_found,
                    .message = fmt::format("There is no session {} on connection {}.", session.str(), server.name),
                    .advice = "`firesteel sessions` lists those that are open."};

  auto client = co_await connect_to(server, deadline);
  if (!client) co_return client.error();
  h2::GrpcCall call = release_call(server, *key);
  const auto reply = co_await client->call(std::move(call), deadline);
  if (!reply) co_return reply.error();
  if (!reply->status.is_ok()) co_return refused("release the session", reply->status);
  activity_.ended(*key, clock_.now());
  co_return Result<void>{};
}

}  // namespace firesteel::gateway
