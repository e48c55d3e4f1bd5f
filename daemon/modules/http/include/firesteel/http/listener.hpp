// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <filesystem>

#include "firesteel/core/error.hpp"
#include "firesteel/http/router.hpp"
#include "firesteel/io/scope.hpp"

namespace firesteel::http {

struct Limits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 4 * 1024 * 1024;
  std::size_t sessions = 512;                                    ///< at once; more are refused
  std::chrono::milliseconds idle = std::chrono::minutes(2);      ///< for the next request on a kept connection
  std::chrono::milliseconds request = std::chrono::seconds(30);  ///< for a request to arrive whole, or a reply to leave
};

/// Serves HTTP/1.1 and WebSockets on a unix socket to processes of the daemon's own user and to nobody else.
class Listener {
 public:
  /// Binds the socket with mode 0600 in place of one that a dead daemon left behind (the caller holds the lock that
  /// says it is dead). `router` must outlive the listener's coroutines.
  static Result<Listener> bind(boost::asio::any_io_executor executor, std::filesystem::path socket,
                               const Router& router, Limits limits = {});

  /// Accepts until cancelled; ends when every session has ended.
  boost::asio::awaitable<void> run();

  const std::filesystem::path& path() const { return path_; }

 private:
  Listener(boost::asio::local::stream_protocol::acceptor acceptor, std::filesystem::path path, const Router& router,
           Limits limits);
  boost::asio::awaitable<void> accept_all(io::Scope& sessions);

  boost::asio::local::stream_protocol::acceptor acceptor_;
  std::filesystem::path path_;
  const Router* router_;
  Limits limits_;
};

}  // namespace firesteel::http
