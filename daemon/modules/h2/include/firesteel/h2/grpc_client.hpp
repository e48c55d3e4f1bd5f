// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/h2/client_session.hpp"
#include "firesteel/h2/grpc_call.hpp"
#include "firesteel/tls/stream.hpp"

namespace firesteel::h2 {

/// Where a server is.
struct Place {
  std::string host;  ///< an address (IPv6 without brackets) or a name
  std::uint16_t port = 0;
  tls::ContextPtr tls{};  ///< null: in clear text
};

/// A gRPC client on one HTTP/2 connection, whose socket it owns: unary calls, one after another.
///
/// It must stay where it is while a call runs. A call that times out, is cancelled or meets a broken peer closes the
/// socket; calls after that answer Errc::not_ready. When the coroutine is cancelled, both coroutines throw
/// system_error(operation_aborted).
class GrpcClient {
 public:
  /// Errors: Errc::not_ready (refused, unreachable), timed_out.
  static boost::asio::awaitable<Result<GrpcClient>> connect(boost::asio::ip::tcp::endpoint endpoint,
                                                            TimePoint deadline);
  /// Tries all addresses of the name. Errors as above, and Errc::bad_request: the name isn't known, or TLS with the
  /// server can't be, in words.
  static boost::asio::awaitable<Result<GrpcClient>> connect(Place place, TimePoint deadline);

  /// Sends the call, with its deadline as grpc-timeout, and waits for its end; a status that isn't OK is a reply too.
  /// Errors: Errc::not_ready (connection lost or being closed by the server), timed_out, internal (the peer breaks
  /// HTTP/2 or gRPC, or its reply is longer than max_grpc_message), bad_request (the call can't be sent).
  boost::asio::awaitable<Result<GrpcReply>> call(GrpcCall call, TimePoint deadline);

  /// Whether another call may be tried.
  bool is_open() const { return socket_.is_open() && session_.is_open(); }

 private:
  GrpcClient(boost::asio::ip::tcp::socket socket, ClientSession session);
  boost::asio::awaitable<Result<void>> secure(Place place, TimePoint deadline);

  boost::asio::awaitable<Result<GrpcReply>> finish(StreamId stream, TimePoint deadline);
  boost::asio::awaitable<Result<void>> flush(TimePoint deadline);
  boost::asio::awaitable<Result<void>> receive(TimePoint deadline);
  void close();

  boost::asio::ip::tcp::socket socket_;
  tls::StreamPtr tls_;
  ClientSession session_;
  std::string incoming_;
};

}  // namespace firesteel::h2
