// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/spark_probe.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>

#include "firesteel/core/id.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/h2/grpc_client.hpp"
#include "firesteel/h2/spark_fields.hpp"

namespace firesteel::spark {

namespace asio = boost::asio;
using asio::ip::tcp;
using h2::GrpcClient;
using h2::GrpcReply;
using h2::GrpcStatus;
using h2::ProtoWriter;

namespace {

constexpr std::string_view application_id_key = "spark.app.id";
constexpr std::size_t max_fact = 256;

/// The session that a probe makes and releases.
struct ProbeSession {
  std::string id;
  std::string authorization;

  h2::GrpcCall call(std::string_view method, std::string message) const {
    return {.path = fmt::format("/spark.connect.SparkConnectService/{}", method),
            .metadata = {{"authorization", authorization}},
            .message = std::move(message)};
  }
};

std::string client_type() { return fmt::format("firesteel/{}", version()); }
std::string user_context() { return ProtoWriter().bytes(fields::user_context_user_id, "firesteel").take(); }

std::string version_request(const std::string& session_id) {
  return ProtoWriter()
      .bytes(fields::analyze_session_id, session_id)
      .bytes(fields::analyze_user_context, user_context())
      .bytes(fields::analyze_client_type, client_type())
      .bytes(fields::analyze_spark_version, "")
      .take();
}

// GetOption rather than Get: an engine that has no such key answers without a value, not with an error.
std::string application_id_request(const std::string& session_id) {
  const std::string get = ProtoWriter().bytes(fields::get_option_keys, application_id_key).take();
  return ProtoWriter()
      .bytes(fields::config_session_id, session_id)
      .bytes(fields::config_user_context, user_context())
      .bytes(fields::config_operation, ProtoWriter().bytes(fields::operation_get_option, get).take())
      .bytes(fields::config_client_type, client_type())
      .take();
}

std::string release_request(const std::string& session_id) {
  return ProtoWriter()
      .bytes(fields::release_session_id, session_id)
      .bytes(fields::release_user_context, user_context())
      .bytes(fields::release_client_type, client_type())
      .take();
}

Error not_spark(std::string_view what) {
  return {.code = Errc::internal, .message = fmt::format("the server doesn't answer as Spark Connect does: {}", what)};
}

Error refused(std::string_view method, const GrpcStatus& status) {
  Error error{.code = Errc::internal, .message = fmt::format("{} was answered with {}", method, to_string(status))};
  if (status.code == GrpcStatus::unavailable) error.code = Errc::not_ready;
  if (status.code == GrpcStatus::deadline_exceeded) error.code = Errc::timed_out;
  if (status.code == GrpcStatus::unauthenticated)
    error.advice = "The server on this port runs with another secret: it isn't the one that was started here.";
  return error;
}

Result<std::string> check_fact(std::string_view name, std::string_view value) {
  const bool printable = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!printable || value.size() > max_fact) return not_spark(fmt::format("its {} isn't a short word", name));
  return std::string(value);
}

Result<std::string> read_version(std::string_view reply) {
  const auto answer = h2::find_bytes(reply, fields::analyzed_spark_version);
  if (!answer) return not_spark(answer.error().message);
  const auto version = h2::find_bytes(answer->value_or(""), fields::spark_version_version);
  if (!version) return not_spark(version.error().message);
  if (version->value_or("").empty()) return not_spark("it tells no version");
  return check_fact("version", **version);
}

/// Empty when the server has none.
Result<std::string> read_application_id(std::string_view reply) {
  const auto pair = h2::find_bytes(reply, fields::configured_pairs);
  if (!pair) return not_spark(pair.error().message);
  const auto key = h2::find_bytes(pair->value_or(""), fields::pair_key);
  const auto value = h2::find_bytes(pair->value_or(""), fields::pair_value);
  if (!key || !value) return not_spark(!key ? key.error().message : value.error().message);
  if (*key && **key != application_id_key) return not_spark("it tells an option that wasn't asked for");
  return check_fact("application id", value->value_or(""));
}

asio::awaitable<Result<std::string>> ask_version(GrpcClient& client, ProbeSession session, TimePoint deadline) {
  const auto reply = co_await client.call(session.call("AnalyzePlan", version_request(session.id)), deadline);
  if (!reply) co_return reply.error();
  if (!reply->status.is_ok()) co_return refused("AnalyzePlan", reply->status);
  co_return read_version(reply->message);
}

asio::awaitable<Result<std::string>> ask_application_id(GrpcClient& client, ProbeSession session, TimePoint deadline) {
  const auto reply = co_await client.call(session.call("Config", application_id_request(session.id)), deadline);
  if (!reply) co_return reply.error();
  if (reply->status.code == GrpcStatus::unimplemented) co_return std::string();
  if (!reply->status.is_ok()) co_return refused("Config", reply->status);
  co_return read_application_id(reply->message);
}

/// A session that stays is no reason to call the server unready: it ends by itself after an hour without use.
asio::awaitable<void> release(GrpcClient& client, ProbeSession session, TimePoint deadline) {
  const auto released = co_await client.call(session.call("ReleaseSession", release_request(session.id)), deadline);
  if (!released)
    spdlog::warn("the probe's session was not released: {}", released.error().message);
  else if (!released->status.is_ok() &&
           released->status.code != GrpcStatus::unimplemented)  // Spark 3.5 knows no such call
    spdlog::warn("the probe's session was not released: {}", to_string(released->status));
}

}  // namespace

asio::awaitable<Result<ServerFacts>> probe_server(std::uint16_t port, std::string secret, TimePoint deadline) {
  auto client = co_await GrpcClient::connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), deadline);
  if (!client) co_return client.error();
  const ProbeSession session{random_uuid(), "Bearer " + secret};
  const auto version = co_await ask_version(*client, session, deadline);
  if (!version) co_return version.error();  // it made no session
  const auto application_id = co_await ask_application_id(*client, session, deadline);
  if (client->is_open()) co_await release(*client, session, deadline);
  if (!application_id) co_return application_id.error();
  co_return ServerFacts{*version, *application_id};
}

}  // namespace firesteel::spark
