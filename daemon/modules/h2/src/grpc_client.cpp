// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/grpc_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <sstream>

#include "deadline_io.hpp"
#include "firesteel/core/host_port.hpp"
#include "firesteel/io/resolve.hpp"
#include "firesteel/tls/waits.hpp"

namespace firesteel::h2 {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t read_size = 16 * 1024;

std::string spell(const tcp::endpoint& endpoint) {
  std::ostringstream out;
  out << endpoint;
  return out.str();
}

Error timed_out(std::string what) { return {.code = Errc::timed_out, .message = std::move(what)}; }

/// The value of a grpc-timeout header, which has at most eight digits; rounded up.
std::string spell_timeout(Steady::duration left) {
  constexpr std::int64_t most = 99'999'999;
  const std::int64_t ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return ms <= most ? fmt::format("{}m", ms) : fmt::format("{}S", std::min(most, ms / 1000));
}

}  // namespace

GrpcClient::GrpcClient(tcp::socket socket, ClientSession session)
    : socket_(std::move(socket)), session_(std::move(session)), incoming_(read_size, '\0') {}

asio::awaitable<Result<GrpcClient>> GrpcClient::connect(tcp::endpoint endpoint, TimePoint deadline) {
  tcp::socket socket(co_await asio::this_coro::executor);
  const auto error = co_await connect_until(socket, endpoint, deadline);
  const std::string where = spell(endpoint);
  if (error == asio::error::timed_out) co_return timed_out(fmt::format("connecting to {} took too long", where));
  if (error)
    co_return Error{.code = Errc::not_ready, .message = fmt::format("can't connect to {}: {}", where, error.message())};
  boost::system::error_code only_slower;
  socket.set_option(tcp::no_delay(true), only_slower);
  co_return GrpcClient(std::move(socket), ClientSession(where));
}

asio::awaitable<Result<GrpcClient>> GrpcClient::connect(Place place, TimePoint deadline) {
  const auto found = co_await io::resolve_until(place.host, place.port, deadline);
  const std::string where = host_and_port(place.host, place.port);
  if (found.error == asio::error::timed_out) co_return timed_out(fmt::format("finding {} took too long", where));
  if (found.error)
    co_return Error{.code = Errc::bad_request,
                    .message = fmt::format("the address of {} can't be found: {}", where, found.error.message())};
  Error last{.code = Errc::not_ready, .message = fmt::format("{} has no address", where)};
  for (const tcp::endpoint& endpoint : found.endpoints) {
    auto client = co_await connect(endpoint, deadline);
    if (!client) {
      last = client.error();
      continue;
    }
    client->session_ = ClientSession(where);
    if (place.tls) {
      const auto secured = co_await client->secure(place, deadline);
      if (!secured) co_return secured.error();
    }
    co_return client;
  }
  co_return last;
}

asio::awaitable<Result<void>> GrpcClient::secure(Place place, TimePoint deadline) {
  boost::system::error_code error;
  socket_.native_non_blocking(true, error);
  tls_ = tls::Stream::connect(place.tls, socket_.native_handle(), place.host, place.port);
  if (!error) error = co_await tls::shake_hands(socket_, *tls_, deadline);
  if (!error) co_return Result<void>{};
  const std::string where = host_and_port(place.host, place.port);
  if (error == asio::error::timed_out)
    co_return timed_out(fmt::format("the TLS handshake with {} took too long", where));
  const tls::Failure& failure = tls_->failure();
  if (failure.message.empty())
    co_return Error{.code = Errc::not_ready, .message = fmt::format("{} was lost: {}", where, error.message())};
  co_return Error{.code = failure.is_final ? Errc::bad_request : Errc::not_ready,
                  .message = failure.message,
                  .advice = failure.advice};
}

asio::awaitable<Result<GrpcReply>> GrpcClient::call(GrpcCall call, TimePoint deadline) {
  const auto left = deadline - Steady::now();
  if (left <= Steady::duration::zero()) co_return timed_out(fmt::format("no time is left for {}", call.path));
  if (!is_open()) co_return Error{.code = Errc::not_ready, .message = "the connection is closed"};

  const std::string path = call.path;
  call.metadata.emplace_back("grpc-timeout", spell_timeout(left));
  const auto stream = session_.start(std::move(call));
  if (!stream) co_return stream.error();

  // However this ends, a cancellation included: a connection whose state is unknown is not used again.
  const auto close_it = [](GrpcClient* client) { client->close(); };
  std::unique_ptr<GrpcClient, decltype(close_it)> unless_done(this, close_it);
  auto reply = co_await finish(*stream, deadline);
  if (reply)
    unless_done.release();
  else if (reply.error().code == Errc::timed_out)
    co_return timed_out(fmt::format("{} was not answered in time", path));
  co_return reply;
}

asio::awaitable<Result<GrpcReply>> GrpcClient::finish(StreamId stream, TimePoint deadline) {
  for (;;) {
    if (const auto done = co_await flush(deadline); !done) co_return done.error();
    while (auto ended = session_.next_ended())
      if (ended->stream == stream) co_return std::move(ended->reply);
    if (const auto done = co_await receive(deadline); !done) co_return done.error();
  }
}

asio::awaitable<Result<void>> GrpcClient::flush(TimePoint deadline) {
  const std::string outgoing = session_.output();
  if (outgoing.empty()) co_return Result<void>{};
  const auto buffer = asio::buffer(outgoing);
  Transfer sent;
  if (tls_)
    sent = co_await write_until(socket_, *tls_, buffer, deadline);
  else
    sent = co_await write_until(socket_, buffer, deadline);
  if (sent.error == asio::error::timed_out) co_return timed_out("sending took too long");
  if (sent.error) session_.lost(fmt::format("lost: {}", sent.error.message()));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> GrpcClient::receive(TimePoint deadline) {
  const auto buffer = asio::buffer(incoming_);
  Transfer got;
  if (tls_)
    got = co_await read_until(socket_, *tls_, buffer, deadline);
  else
    got = co_await read_until(socket_, buffer, deadline);
  if (got.error == asio::error::timed_out) co_return timed_out("the answer took too long");
  if (got.size > 0) session_.receive({incoming_.data(), got.size});
  if (got.error == asio::error::eof)
    session_.lost("closed by the server");
  else if (got.error)
    session_.lost(fmt::format("lost: {}", got.error.message()));
  co_return Result<void>{};
}

void GrpcClient::close() {
  boost::system::error_code ignored;  // the descriptor is gone either way
  socket_.close(ignored);
}

}  // namespace firesteel::h2
