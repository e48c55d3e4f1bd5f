// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <optional>
#include <string>

#include "deadline_io.hpp"
#include "fake_server.hpp"
#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/tls/waits.hpp"

namespace firesteel::h2::test {

/// A FakeServer behind each accepted connection on a free port of 127.0.0.1, on the test's own event loop. It ends
/// with the io_context, whose destruction ends its coroutines.
class LoopbackServer {
 public:
  LoopbackServer(boost::asio::io_context& io, FakeServer::Handler handler)
      : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}), handler_(std::move(handler)) {
    boost::asio::co_spawn(io, accept(), boost::asio::detached);
  }

  boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  /// Called when a client has closed its connection.
  std::function<void()> on_gone = [] {};
  /// What it shows of itself by TLS; null: it speaks in clear text.
  tls::ContextPtr tls;
  /// Closes the connection after the next bytes that come, without an answer.
  bool hang_up = false;
  int accepted = 0;

 private:
  boost::asio::awaitable<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
      ++accepted;
      boost::asio::co_spawn(acceptor_.get_executor(), tls ? serve_by_tls(std::move(socket)) : serve(std::move(socket)),
                            boost::asio::detached);
    }
  }

  boost::asio::awaitable<void> serve_by_tls(boost::asio::ip::tcp::socket socket) {
    socket.native_non_blocking(true);
    const auto stream = tls::Stream::accept(tls, socket.native_handle());
    const TimePoint deadline = Steady::now() + std::chrono::seconds(10);
    const auto failed = co_await tls::shake_hands(socket, *stream, deadline);
    if (failed) co_return on_gone();
    FakeServer server(handler_);
    std::string buffer(4096, '\0');
    for (;;) {
      const std::string out = server.output();
      const auto output = boost::asio::buffer(out);
      co_await write_until(socket, *stream, output, deadline);
      const auto input = boost::asio::buffer(buffer);
      const Transfer got = co_await read_until(socket, *stream, input, deadline);
      if (got.error) co_return on_gone();
      if (!server.receive({buffer.data(), got.size})) co_return;
    }
  }

  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket) {
    FakeServer server(handler_);
    std::string buffer(4096, '\0');
    for (;;) {
      const std::string out = server.output();
      boost::system::error_code error;
      co_await boost::asio::async_write(socket, boost::asio::buffer(out),
                                        boost::asio::redirect_error(boost::asio::use_awaitable, error));
      const std::size_t size = co_await socket.async_read_some(
          boost::asio::buffer(buffer), boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return on_gone();
      if (hang_up || !server.receive({buffer.data(), size})) co_return;
    }
  }

  boost::asio::ip::tcp::acceptor acceptor_;
  FakeServer::Handler handler_;
};

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<Result<T>> coroutine, std::optional<Result<T>>* outcome) {
  outcome->emplace(co_await std::move(coroutine));
}

/// Runs the loop until the coroutine has ended, for ten seconds at most; its result.
template <class T>
Result<T> run(boost::asio::io_context& io, boost::asio::awaitable<Result<T>> coroutine) {
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(io, keep(std::move(coroutine), &outcome), boost::asio::detached);
  const auto limit = Steady::now() + std::chrono::seconds(10);
  io.restart();
  while (!outcome && io.run_one_until(limit) > 0) {
  }
  if (!outcome) return Error{.code = Errc::internal, .message = "the coroutine has not ended"};
  return *std::move(outcome);
}

}  // namespace firesteel::h2::test
