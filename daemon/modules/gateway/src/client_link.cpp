// SPDX-License-Identifier: Apache-2.0
#include "client_link.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "firesteel/h2/grpc_call.hpp"
#include "firesteel/h2/grpc_status.hpp"
#include "nghttp2_session.hpp"

namespace firesteel::gateway {

using h2::GrpcStatus;

namespace {

/// Netty, which Spark Connect is built on, ends the whole connection above this.
constexpr std::size_t most_headers = 10'240;
constexpr auto welcome_patience = std::chrono::seconds(10);
/// gRPC clients connect when they have a call to make.
constexpr auto stranger_patience = std::chrono::seconds(60);
/// The daemon is told by the kernel that a process has ended a moment after its sockets have closed.
constexpr auto fate_patience = std::chrono::seconds(1);
constexpr std::size_t most_client_text = 512;

/// Equal, in a time that doesn't tell how much of it was right.
bool is_same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  return difference == 0;
}

std::string client_text(std::string_view value) {
  return h2::decode_status_message(value.substr(0, most_client_text));  // percent-encoded, as grpc-message is
}

}  // namespace

std::shared_ptr<ClientLink> ClientLink::welcome(LinkContext& context, const Desk& desk, Entry entry) {
  std::shared_ptr<ClientLink> link(new ClientLink(context, desk, std::move(entry)));
  link->set_session(make_session(link.get()));
  link->submit_settings(false);
  link->begin();
  return link;
}

ClientLink::ClientLink(LinkContext& context, const Desk& desk, Entry entry)
    : Link(context, std::move(entry.socket), nullptr),
      desk_(desk),
      token_(std::move(entry.token)),
      lacks_tls_(entry.lacks_tls),
      known_(token_.empty()),
      began_(context.clock.now()) {
  if (entry.tls) wire().secure(std::move(entry.tls));
  ++this->context().metrics.clients;
  ++this->context().metrics.clients_total;
}

ClientLink::~ClientLink() { --context().metrics.clients; }

SessionPtr ClientLink::make_session(ClientLink* self) {
  const CallbacksPtr callbacks = make_callbacks();
  set_output_callbacks(callbacks.get());
  nghttp2_session_callbacks_set_on_begin_headers_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
        of<ClientLink>(user).receiving_ = nullptr;  // trailers are nobody's business
        if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) of<ClientLink>(user).on_begin(frame->hd.stream_id);
        return 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                          const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept {
        // Frames of one header block come without others between them.
        Exchange* exchange = of<ClientLink>(user).receiving_;
        if (exchange && exchange->client_stream == frame->hd.stream_id)
          exchange->request.add(view(name, name_size), view(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks.get(), [](nghttp2_session* session, const nghttp2_frame* frame, void* user) noexcept {
        auto& link = of<ClientLink>(user);
        link.welcomed_ = true;
        auto* exchange = frame->hd.stream_id == 0 ? nullptr : stream_user<Exchange>(session, frame->hd.stream_id);
        if (!exchange) return 0;
        const bool is_end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        const bool is_request = frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
        if (is_end && (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS))
          link.on_request_end(*exchange);
        if (is_request) link.on_request(*exchange);
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks.get(), [](nghttp2_session* session, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                          std::size_t size, void* user) noexcept {
        of<ClientLink>(user).on_data(stream_user<Exchange>(session, stream), stream, {bytes, size});
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_send_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
        of<ClientLink>(user).on_sent(*frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks.get(), [](nghttp2_session*, std::int32_t stream, std::uint32_t error_code, void* user) noexcept {
        of<ClientLink>(user).on_stream_close(stream, error_code);
        return 0;
      });
  nghttp2_session* session = nullptr;
  check(self->context().frames.for_session([&](nghttp2_mem* memory) {
    return nghttp2_session_server_new3(&session, callbacks.get(), static_cast<Link*>(self), options(), memory);
  }));
  return SessionPtr(session);
}

// What the client does
// ------------------------------------------------------------------------------------------------

void ClientLink::on_begin(std::int32_t stream) {
  auto exchange = std::make_unique<Exchange>(*this, stream);
  exchange->request = context().spare_headers.get();
  exchange->to_server.set_source(this, stream);
  nghttp2_session_set_stream_user_data(session(), stream, exchange.get());
  receiving_ = exchange.get();
  exchanges_.emplace(stream, std::move(exchange));
  context().metrics.call_began();
}

void ClientLink::on_request(Exchange& exchange) {
  if (!exchange.request.get("content-type").starts_with("application/grpc")) {
    HeaderBlock headers;
    headers.add(":status", "415");
    return answer(exchange, headers, true);
  }
  if (lacks_tls_)
    return refuse(exchange,
                  {GrpcStatus::failed_precondition,
                   "This endpoint takes TLS alone: put use_ssl=true and token=… into the URL instead of "
                   "authorization=…, or take the URL that the gateway has printed. The token that was sent in "
                   "clear text should be replaced.",
                   "needs_tls"});
  if (!is_allowed(exchange)) {
    ++context().metrics.refused_tokens;
    return refuse(exchange, {GrpcStatus::unauthenticated,
                             "This endpoint needs its token. `firesteel endpoint --url` gives an address that has it.",
                             "unauthenticated"});
  }
  known_ = true;
  const std::string connection = client_text(exchange.request.get("x-firesteel-connection"));
  auto destination = desk_.destinations.find_now(connection);
  if (!destination)
    return desk_.find_later(std::static_pointer_cast<ClientLink>(shared_from_this()), exchange.client_stream,
                            connection);
  arrive(exchange.client_stream, std::move(*destination));
}

bool ClientLink::is_allowed(const Exchange& exchange) const {
  constexpr std::string_view scheme = "Bearer ";
  if (token_.empty()) return true;
  std::string_view given = exchange.request.get("authorization");
  if (!given.starts_with(scheme)) return false;
  given.remove_prefix(scheme.size());
  return is_same_secret(given, token_);
}

void ClientLink::arrive(std::int32_t stream, Result<Destination> destination) {
  Exchange* exchange = find(stream);
  if (!exchange || !is_open() || exchange->server) return;
  const std::string_view wanted = exchange->request.get("x-firesteel-server");
  if (!wanted.empty() && (!destination || destination->server.str() != wanted))
    if (auto fate = desk_.destinations.fate(ServerId(std::string(wanted))))
      return refuse(*exchange, {GrpcStatus::failed_precondition, std::move(*fate), "server_ended"});
  if (!destination) {
    const Error& error = destination.error();
    const bool unknown = error.code == Errc::connection_not_found || error.code == Errc::no_default;
    return refuse(*exchange, {unknown ? GrpcStatus::not_found : GrpcStatus::failed_precondition,
                              error.advice.empty() ? error.message : error.message + " " + error.advice,
                              unknown ? "connection_not_found" : "not_ready"});
  }
  if (exchange->request.list_size() + destination->secret.size() + 64 > most_headers)
    return refuse(*exchange, {GrpcStatus::resource_exhausted,
                              fmt::format("The call's metadata is longer than the {} bytes that Spark Connect takes.",
                                          most_headers)});
  exchange->call = SparkCall::watch(exchange->request.get(":path"),
                                    {.connection = destination->connection,
                                     .server = destination->server,
                                     .local = is_local(),
                                     .notebook = client_text(exchange->request.get("x-firesteel-notebook")),
                                     .cell = client_text(exchange->request.get("x-firesteel-cell")),
                                     .agent = exchange->request.get("user-agent")},
                                    desk_.activity, context().clock);
  if (exchange->call)
    for (const Slice& slice : exchange->to_server.slices()) exchange->call->request_data({slice.data, slice.size});
  exchange->destination = std::move(*destination);
  send_on(*exchange);
}

void ClientLink::send_on(Exchange& exchange) {
  auto server = link_to(*exchange.destination);
  if (server->start(exchange)) return;
  // It says goodbye: the calls that it has go on, new ones take another way.
  servers_.erase(exchange.destination->server);
  server = link_to(*exchange.destination);
  if (!server->start(exchange))
    refuse(exchange, {GrpcStatus::unavailable, "The Spark server takes no more calls now; try again."});
}

std::shared_ptr<ServerLink> ClientLink::link_to(const Destination& destination) {
  auto& link = servers_[destination.server];
  if (!link || !link->takes_calls()) link = ServerLink::dial(context(), desk_.executor, destination, *this);
  return link;
}

void ClientLink::on_data(Exchange* exchange, std::int32_t stream, std::span<const std::uint8_t> bytes) {
  context().metrics.received_bytes += bytes.size();
  const bool wanted = exchange && !(exchange->answered && exchange->to_client.has_ended());
  if (!wanted) {
    consumed_link(bytes.size());
    return consumed_stream(stream, bytes.size());
  }
  if (exchange->call) exchange->call->request_data(bytes);
  exchange->to_server.push(context().pool.keep(bytes.data(), bytes.size()), context().pool);
  if (exchange->server) exchange->server->resume(*exchange);
}

void ClientLink::on_request_end(Exchange& exchange) {
  exchange.to_server.end({});
  if (exchange.server) exchange.server->resume(exchange);
}

/// A call that is answered is over, even if its client would go on asking.
void ClientLink::on_sent(const nghttp2_frame& frame) {
  const bool has_data = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  if (!has_data || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
  if (nghttp2_session_get_stream_remote_close(session(), frame.hd.stream_id) == 0)
    check(nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR));
}

void ClientLink::on_stream_close(std::int32_t stream, std::uint32_t) {
  const auto it = exchanges_.find(stream);
  if (it == exchanges_.end()) return;
  Exchange& exchange = *it->second;
  if (exchange.call && !exchange.to_client.has_ended()) {
    exchange.call->abandoned();
    context().metrics.call_ended(GrpcStatus::cancelled);
  }
  forget_server(exchange);
  if (receiving_ == &exchange) receiving_ = nullptr;
  context().spare_headers.put_back(std::move(exchange.request));
  context().spare_headers.put_back(exchange.to_client.take_trailers());
  exchanges_.erase(it);
  --context().metrics.streams;
}

void ClientLink::forget_server(Exchange& exchange) {
  if (exchange.server) exchange.server->cancel(exchange, NGHTTP2_CANCEL);
  exchange.to_client.forget_source();
  exchange.server.reset();
}

ssize_t ClientLink::waiting_data(nghttp2_session* session, std::int32_t stream) const {
  const auto* exchange = stream_user<Exchange>(session, stream);
  return exchange ? static_cast<ssize_t>(exchange->to_client.size()) : 0;
}

void ClientLink::lost(std::string_view) {
  for (auto& [stream, exchange] : exchanges_) {
    if (exchange->call && !exchange->to_client.has_ended()) exchange->call->abandoned();
    exchange->to_client.forget_source();
  }
  context().metrics.streams -= exchanges_.size();
  for (auto& [id, server] : servers_) server->let_go();
  for (auto& [stream, exchange] : exchanges_)
    if (exchange->server) exchange->server->let_go();  // one that had said goodbye
  receiving_ = nullptr;
  const auto gone = std::exchange(exchanges_, {});
  servers_.clear();
  desk_.left(*this);
}

// What the server does
// ------------------------------------------------------------------------------------------------

void ClientLink::answer(Exchange& exchange, const HeaderBlock& headers, bool is_all) {
  if (exchange.answered) return;
  exchange.answered = true;
  if (is_all) {
    exchange.to_client.end({});
    const std::string_view status = headers.get("grpc-status");
    const int code = status.empty() ? GrpcStatus::unknown : h2::parse_status_code(status);
    context().metrics.call_ended(code);
    if (exchange.call) exchange.call->ended(code, h2::decode_status_message(headers.get("grpc-message")));
  }
  const auto fields = headers.fields();
  const nghttp2_data_provider body = exchange.to_client.provider();
  check(nghttp2_submit_response(session(), exchange.client_stream, fields.data(), fields.size(),
                                is_all ? nullptr : &body));
  touch();
}

void ClientLink::add_data(Exchange& exchange, Slice slice) {
  context().metrics.sent_bytes += slice.size;
  if (exchange.call) exchange.call->response_data({slice.data, slice.size});
  exchange.to_client.push(std::move(slice), context().pool);
  nghttp2_session_resume_data(session(), exchange.client_stream);  // an error: nothing was deferred
  touch();
}

void ClientLink::end(Exchange& exchange, HeaderBlock trailers) {
  if (exchange.to_client.has_ended()) return;
  const std::string_view status = trailers.get("grpc-status");
  const int code = status.empty() ? GrpcStatus::unknown : h2::parse_status_code(status);
  context().metrics.call_ended(code);
  if (exchange.call) exchange.call->ended(code, h2::decode_status_message(trailers.get("grpc-message")));
  exchange.to_client.end(std::move(trailers));
  nghttp2_session_resume_data(session(), exchange.client_stream);
  touch();
}

void ClientLink::reset(Exchange& exchange, std::uint32_t error_code) {
  if (error_code == NGHTTP2_NO_ERROR)
    return refuse(exchange, {GrpcStatus::internal, "The Spark server ended the call without an answer."});
  const GrpcStatus status = h2::status_from_reset(error_code);
  context().metrics.call_ended(status.code);
  if (exchange.call) exchange.call->ended(status.code, status.message);
  exchange.to_client.end({});
  check(nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, exchange.client_stream, error_code));
  touch();
}

void ClientLink::lost_server(ServerLink& server, std::string_view why, std::optional<Refusal> refusal) {
  spdlog::info("gateway: the way to the server of {} was {}", server.destination().name, why);
  const TimePoint now = context().clock.now();
  if (const auto fate = desk_.destinations.fate(server.destination().server))
    refusal = {GrpcStatus::failed_precondition, *fate, "server_ended"};
  for (auto& [stream, exchange] : exchanges_) {
    if (exchange->server.get() != &server) continue;
    exchange->server_stream = 0;
    exchange->to_client.forget_source();
    exchange->server.reset();
    if (exchange->to_client.has_ended()) continue;
    exchange->orphaned = now;
    if (refusal) refuse(*exchange, *refusal);
  }
  forget(server);
}

/// New calls don't take it any more.
void ClientLink::forget(const ServerLink& server) {
  const auto it = servers_.find(server.destination().server);
  if (it != servers_.end() && it->second.get() == &server) servers_.erase(it);
}

void ClientLink::server_ended(const ServerId& server, const std::string& fate) {
  for (auto& [stream, exchange] : exchanges_) {
    const bool concerns = exchange->destination && exchange->destination->server == server;
    if (!concerns || exchange->to_client.has_ended()) continue;
    forget_server(*exchange);
    refuse(*exchange, {GrpcStatus::failed_precondition, fate, "server_ended"});
  }
  if (const auto it = servers_.find(server); it != servers_.end()) {
    it->second->let_go();
    servers_.erase(it);
  }
}

bool ClientLink::interrupt(const OperationId& operation) {
  for (auto& [stream, exchange] : exchanges_) {
    if (!exchange->call || exchange->call->operation() != operation || exchange->to_client.has_ended()) continue;
    forget_server(*exchange);
    refuse(*exchange, {GrpcStatus::cancelled, "[OPERATION_CANCELED] The operation was interrupted.", "interrupted"});
    return true;
  }
  return false;
}

void ClientLink::look_after_all() {
  const TimePoint now = context().clock.now();
  if (!welcomed_ && now - began_ > welcome_patience) return give_up("no greeting in time");
  if (!known_ && now - began_ > stranger_patience) return give_up("no call with the token in time");
  for (auto& [stream, exchange] : exchanges_)
    if (exchange->orphaned && !exchange->to_client.has_ended() && now - *exchange->orphaned > fate_patience)
      refuse(*exchange, {GrpcStatus::unavailable, "The connection to the Spark server was lost; try again."});
  look_after();
  const auto servers = servers_;  // one that is lost leaves the map
  for (const auto& [id, server] : servers) {
    if (!server->is_idle()) {
      server->look_after();
      continue;
    }
    forget(*server);  // the next call makes a new one
    server->retire();
  }
}

// What the gateway does
// ------------------------------------------------------------------------------------------------

void ClientLink::refuse(Exchange& exchange, const Refusal& refusal) {
  HeaderBlock trailers;
  if (!exchange.answered) {
    trailers.add(":status", "200");
    trailers.add("content-type", "application/grpc");
  }
  trailers.add("grpc-status", std::to_string(refusal.status));
  trailers.add("grpc-message", h2::encode_status_message(refusal.message));
  if (!refusal.code.empty()) trailers.add("x-firesteel-error", refusal.code);
  exchange.orphaned.reset();
  exchange.to_server.drop();
  if (exchange.answered)
    end(exchange, std::move(trailers));
  else
    answer(exchange, trailers, true);
}

Exchange* ClientLink::find(std::int32_t stream) {
  const auto it = exchanges_.find(stream);
  return it == exchanges_.end() ? nullptr : it->second.get();
}

void ClientLink::leave() { give_up("closed here"); }

}  // namespace firesteel::gateway
