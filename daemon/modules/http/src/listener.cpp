// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/listener.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "firesteel/io/waits.hpp"
#include "session.hpp"

namespace firesteel::http {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

bool is_own_user(stream_protocol::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

}  // namespace

Listener::Listener(stream_protocol::acceptor acceptor, std::filesystem::path path, const Router& router, Limits limits)
    : acceptor_(std::move(acceptor)), path_(std::move(path)), router_(&router), limits_(limits) {}

Result<Listener> Listener::bind(asio::any_io_executor executor, std::filesystem::path path, const Router& router,
                                Limits limits) {
  const auto refuse = [&](std::string_view why) {
    return Error{.code = Errc::internal, .message = fmt::format("Can't listen on {}: {}.", path.string(), why)};
  };
  if (path.string().size() >= sizeof(sockaddr_un::sun_path)) {
    Error error = refuse("the path is too long for a socket");
    error.advice = "Set FIRESTEEL_RUNTIME_DIR to a shorter path.";
    return error;
  }
  ::unlink(path.c_str());
  stream_protocol::acceptor acceptor(executor);
  boost::system::error_code error;
  acceptor.open(stream_protocol(), error);
  const mode_t before = ::umask(0177);
  if (!error) acceptor.bind(stream_protocol::endpoint(path.string()), error);
  ::umask(before);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return refuse(error.message());
  return Listener(std::move(acceptor), std::move(path), router, limits);
}

asio::awaitable<void> Listener::run() {
  io::Scope sessions(co_await asio::this_coro::executor);
  try {
    co_await accept_all(sessions);
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) spdlog::error("{}: {}", path_.string(), error.what());
  }
  // Joining must not be cut short by the cancellation that ended the accepting.
  co_await asio::this_coro::reset_cancellation_state();
  sessions.cancel();
  co_await sessions.join();
}

asio::awaitable<void> Listener::accept_all(io::Scope& sessions) {
  for (;;) {
    boost::system::error_code error;
    stream_protocol::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) {
      // Out of descriptors, most likely: those who wait in the queue can wait a little longer.
      spdlog::warn("{}: {}", path_.string(), error.message());
      co_await io::sleep_for(std::chrono::milliseconds(100));
      continue;
    }
    if (!is_own_user(socket)) {
      spdlog::warn("{}: refused a process of another user", path_.string());
      continue;
    }
    if (sessions.size() >= limits_.sessions) {
      spdlog::warn("{}: refused a client: {} are connected already", path_.string(), limits_.sessions);
      continue;
    }
    sessions.spawn("http session", serve(std::move(socket), *router_, limits_));
  }
}

}  // namespace firesteel::http
