// SPDX-License-Identifier: Apache-2.0
#include "server_link.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "client_link.hpp"
#include "firesteel/core/host_port.hpp"
#include "firesteel/h2/grpc_call.hpp"
#include "nghttp2_session.hpp"

namespace firesteel::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto connect_patience = std::chrono::seconds(10);
/// A gRPC server ends a connection that asks more often with GOAWAY "too_many_pings", and its calls with it; without
/// calls it wants to be asked nothing. These are grpc-java's defaults, and Spark 3.5 keeps to them.
constexpr auto permitted_silence = std::chrono::minutes(5);
/// The kernel asks the server's kernel in the meantime. Seconds, seconds, and how often.
constexpr int host_silence = 20;
constexpr int host_interval = 5;
constexpr int host_probes = 4;
constexpr auto idle_patience = std::chrono::seconds(10);

/// What a client says to us, and not to the server.
bool is_ours(std::string_view name) {
  return name == "authorization" || name.starts_with("x-firesteel-") || name == "proxy-authorization";
}

}  // namespace

std::shared_ptr<ServerLink> ServerLink::dial(LinkContext& context, asio::any_io_executor executor,
                                             Destination destination, ClientLink& client) {
  std::shared_ptr<ServerLink> link(new ServerLink(context, std::move(executor), std::move(destination), client));
  link->set_session(make_session(link.get()));
  link->submit_settings(true);
  link->connect();
  return link;
}

ServerLink::ServerLink(LinkContext& context, asio::any_io_executor executor, Destination destination,
                       ClientLink& client)
    : Link(context, Socket(executor), nullptr),
      destination_(std::move(destination)),
      bearer_(destination_.secret.empty() ? std::string() : "Bearer " + destination_.secret),
      authority_(host_and_port(destination_.host, destination_.port)),
      client_(std::static_pointer_cast<ClientLink>(client.shared_from_this())),
      dialing_(std::make_unique<Dialing>(executor)),
      used_(context.clock.now()) {
  ++this->context().metrics.servers;
}

void ServerLink::Dialing::cancel() {
  patience.cancel();
  resolver.cancel();
}

ServerLink::~ServerLink() { --context().metrics.servers; }

void ServerLink::connect() {
  hold_output(true);
  dialing_->patience.expires_after(connect_patience);
  dialing_->patience.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = std::static_pointer_cast<ServerLink>(weak.lock());
    if (error || !self || self->is_connected()) return;
    if (!self->handshake_) return self->on_connected(asio::error::timed_out);
    self->handshake_->expire();
    self->give_up("refused: the TLS handshake took too long");
    self->context().flush();
  });
  const auto self = std::static_pointer_cast<ServerLink>(shared_from_this());
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(destination_.host, not_an_address);
  if (!not_an_address)
    return socket().async_connect(tcp::endpoint(address, destination_.port),
                                  [self](boost::system::error_code error) { self->on_connected(error); });
  dialing_->resolver.async_resolve(destination_.host, std::to_string(destination_.port),
                                   [self](boost::system::error_code error, const tcp::resolver::results_type& found) {
                                     if (error || !self->is_open()) return self->on_connected(error);
                                     std::vector<Socket::endpoint_type> places;
                                     for (const auto& each : found) places.emplace_back(each.endpoint());
                                     asio::async_connect(
                                         self->socket(), places,
                                         [self](boost::system::error_code e, const auto&) { self->on_connected(e); });
                                   });
}

void ServerLink::on_connected(boost::system::error_code error) {
  if (!is_open() || is_connected()) return;
  if (!error) error = watch_afresh();
  if (error) {
    lost(fmt::format("refused: {}", error.message()));
    close();
    return context().flush();
  }
  boost::system::error_code only_slower;
  socket().set_option(tcp::no_delay(true), only_slower);
  watch_host();
  if (!destination_.tls) return on_greeted();
  socket().native_non_blocking(true, only_slower);  // else a read blocks, which would be more than slower
  handshake_ = tls::Stream::connect(destination_.tls, socket().native_handle(), destination_.host, destination_.port);
  shake_hands();
}

void ServerLink::shake_hands() {
  const auto outcome = handshake_->handshake();
  if (outcome == tls::Stream::Outcome::failed) {
    give_up(fmt::format("refused: {}", handshake_->failure().message));
    return context().flush();
  }
  if (outcome == tls::Stream::Outcome::done) {
    wire().secure(std::move(handshake_));
    return on_greeted();
  }
  const auto needed = outcome == tls::Stream::Outcome::wants_write ? Socket::wait_write : Socket::wait_read;
  const auto self = std::static_pointer_cast<ServerLink>(shared_from_this());
  socket().async_wait(needed, [self](boost::system::error_code error) {
    if (!error && self->is_open()) self->shake_hands();
  });
}

void ServerLink::on_greeted() {
  dialing_.reset();
  hold_output(false);
  begin();
  context().flush();
}

/// A host that has vanished ends the link after 40 s, however quiet the calls are.
void ServerLink::watch_host() {
  const auto set = [this](int level, int name, int value) {  // an error: it is noticed later
    ::setsockopt(socket().native_handle(), level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, host_silence);
  set(IPPROTO_TCP, TCP_KEEPINTVL, host_interval);
  set(IPPROTO_TCP, TCP_KEEPCNT, host_probes);
}

std::optional<std::chrono::seconds> ServerLink::most_silence() const {
  if (calls_ == 0) return std::nullopt;
  return permitted_silence;
}

/// Asio watches a socket that it has connected for "writable", too, and for good: each wait for something to read would
/// come back once for nothing.
boost::system::error_code ServerLink::watch_afresh() {
  boost::system::error_code error;
  const auto protocol = socket().local_endpoint(error).protocol();
  if (error) return error;
  const int handle = socket().release(error);
  if (error) return error;
  socket().assign(protocol, handle, error);
  if (error) ::close(handle);
  return error;
}

SessionPtr ServerLink::make_session(ServerLink* self) {
  const CallbacksPtr callbacks = make_callbacks();
  set_output_callbacks(callbacks.get());
  nghttp2_session_callbacks_set_on_begin_headers_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame*, void* user) noexcept {
        of<ServerLink>(user).headers_ = of<ServerLink>(user).context().spare_headers.get();
        return 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks.get(),
      [](nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
         const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept {
        if (stream_user<Exchange>(session, frame->hd.stream_id))
          of<ServerLink>(user).headers_.add(view(name, name_size), view(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks.get(), [](nghttp2_session* session, const nghttp2_frame* frame, void* user) noexcept {
        auto* exchange = stream_user<Exchange>(session, frame->hd.stream_id);
        if (exchange && !of<ServerLink>(user).let_go_) of<ServerLink>(user).on_frame(*exchange, *frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks.get(), [](nghttp2_session* session, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                          std::size_t size, void* user) noexcept {
        of<ServerLink>(user).on_data(stream, stream_user<Exchange>(session, stream), {bytes, size});
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks.get(),
      [](nghttp2_session* session, std::int32_t stream, std::uint32_t error_code, void* user) noexcept {
        of<ServerLink>(user).on_stream_close(stream, stream_user<Exchange>(session, stream), error_code);
        return 0;
      });
  nghttp2_session* session = nullptr;
  check(self->context().frames.for_session([&](nghttp2_mem* memory) {
    return nghttp2_session_client_new3(&session, callbacks.get(), static_cast<Link*>(self), options(), memory);
  }));
  return SessionPtr(session);
}

bool ServerLink::takes_calls() const {
  return is_open() && nghttp2_session_check_request_allowed(const_cast<ServerLink*>(this)->session()) != 0;
}

/// Who serves many names by TLS looks into `:authority` for which is meant; what the client put there names the
/// gateway.
void ServerLink::name_server(std::span<nghttp2_nv> fields) const {
  for (nghttp2_nv& field : fields) {
    if (view(field.name, field.namelen) != ":authority") continue;
    field.value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(authority_.data()));  // it is only read
    field.valuelen = authority_.size();
  }
}

bool ServerLink::start(Exchange& exchange) {
  if (!takes_calls()) return false;
  auto fields = exchange.request.fields([](std::string_view name) { return !is_ours(name); });
  if (!bearer_.empty()) fields.push_back(HeaderBlock::as_field("authorization", bearer_));
  if (destination_.tls) name_server(fields);
  const nghttp2_data_provider body = exchange.to_server.provider();
  const std::int32_t stream =
      nghttp2_submit_request(session(), nullptr, fields.data(), fields.size(), &body, &exchange);
  if (stream == NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE) return false;
  check(stream);
  ++calls_;
  exchange.server_stream = stream;
  exchange.server = std::static_pointer_cast<ServerLink>(shared_from_this());
  exchange.to_client.set_source(this, stream);
  touch();
  return true;
}

void ServerLink::cancel(Exchange& exchange, std::uint32_t error_code) {
  const std::int32_t stream = std::exchange(exchange.server_stream, 0);
  if (!is_open() || stream == 0) return;
  nghttp2_session_set_stream_user_data(session(), stream, nullptr);
  check(nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, stream, error_code));
  touch();
}

void ServerLink::resume(const Exchange& exchange) {
  if (!is_open() || exchange.server_stream == 0) return;
  nghttp2_session_resume_data(session(), exchange.server_stream);  // an error: nothing was deferred
  touch();
}

void ServerLink::on_frame(Exchange& exchange, const nghttp2_frame& frame) {
  const bool is_end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame.hd.type == NGHTTP2_HEADERS) {
    if (headers_.get(":status").starts_with('1')) return;  // not the answer yet
    if (frame.headers.cat == NGHTTP2_HCAT_HEADERS && exchange.answered)
      exchange.client.end(exchange, std::exchange(headers_, {}));
    else
      exchange.client.answer(exchange, headers_, is_end);
    context().spare_headers.put_back(std::exchange(headers_, {}));
  } else if (frame.hd.type == NGHTTP2_DATA && is_end) {
    exchange.client.end(exchange, {});
  }
}

void ServerLink::on_data(std::int32_t stream, Exchange* exchange, std::span<const std::uint8_t> bytes) {
  if (exchange && !let_go_)
    return exchange->client.add_data(*exchange, context().pool.keep(bytes.data(), bytes.size()));
  consumed_link(bytes.size());
  consumed_stream(stream, bytes.size());
}

void ServerLink::on_stream_close(std::int32_t stream, Exchange* exchange, std::uint32_t error_code) {
  if (calls_ > 0) --calls_;
  used_ = context().clock.now();
  if (!exchange || let_go_ || exchange->server_stream != stream) return;
  exchange->server_stream = 0;
  if (!exchange->to_client.has_ended()) exchange->client.reset(*exchange, error_code);
}

void ServerLink::let_go() {
  let_go_ = true;
  if (dialing_) dialing_->cancel();
  close();
}

bool ServerLink::is_idle() const {
  return is_connected() && calls_ == 0 && context().clock.now() - used_ > idle_patience;
}

void ServerLink::retire() {
  let_go_ = true;
  ++context().retired;
  if (is_open()) {
    check(nghttp2_session_terminate_session(session(), NGHTTP2_NO_ERROR));
    touch();
    context().flush();
  }
  let_go();  // a socket that takes no goodbye isn't waited for
}

ssize_t ServerLink::waiting_data(nghttp2_session* session, std::int32_t stream) const {
  const auto* exchange = stream_user<Exchange>(session, stream);
  return exchange ? static_cast<ssize_t>(exchange->to_server.size()) : 0;
}

/// What calls are told if it is TLS that has failed.
std::optional<Refusal> ServerLink::refusal() const {
  const tls::Failure* failure = handshake_ ? &handshake_->failure() : wire().failure();
  if (!failure || failure->message.empty()) return std::nullopt;
  if (!failure->is_final && !handshake_) return std::nullopt;
  if (!failure->is_final) return Refusal{h2::GrpcStatus::unavailable, failure->message + " " + failure->advice};
  return Refusal{h2::GrpcStatus::failed_precondition, failure->message + " " + failure->advice,
                 failure->is_trust ? "server_untrusted" : "tls_failed"};
}

void ServerLink::lost(std::string_view why) {
  if (dialing_) dialing_->cancel();
  const auto client = client_.lock();
  if (client && !std::exchange(let_go_, true)) client->lost_server(*this, why, refusal());
}

}  // namespace firesteel::gateway
