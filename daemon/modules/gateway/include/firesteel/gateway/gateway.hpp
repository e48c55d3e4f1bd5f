// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/gateway/destinations.hpp"
#include "firesteel/model/activity.hpp"

namespace firesteel::gateway {

/// Where clients reach the gateway.
struct Endpoint {
  std::string host;              ///< "127.0.0.1"
  std::uint16_t port = 0;        ///< 0: there is none, and `problem` says why
  std::filesystem::path socket;  ///< for processes of the same user, without a token
  std::string problem;           ///< a sentence; empty when all is well
};

/// Takes the calls of all Spark Connect clients and passes each on to the server of the connection that it names.
///
/// Two doors: a unix socket (file permissions and the peer's user are the login) and TCP on loopback with a token.
/// Messages go through as they are; what goes by is noted in `Activity`. Owns its sockets and all that comes in by
/// them.
class Gateway {
 public:
  struct Settings {
    std::filesystem::path socket{};  ///< empty: no unix socket
    std::string host = "127.0.0.1";
    std::uint16_t port = 15002;
    int ports_to_try = 100;  ///< from `port` on
    bool open_tcp = true;
    bool needs_token = true;  ///< on TCP; false only for a gateway that stands alone and was told so
    /// Keeps port and token, so that URLs outlive the daemon; 0600. Empty: nothing is kept.
    std::filesystem::path record{};
    std::string token{};  ///< empty: as recorded, else a new one
    /// What the TCP port shows of itself (see tls::Context::for_server); empty: it speaks without TLS.
    std::filesystem::path certificate{};
    std::filesystem::path key{};
  };

  /// `destinations`, `activity` and `clock` must outlive the gateway.
  Gateway(boost::asio::any_io_executor executor, const Destinations& destinations, Activity& activity,
          const Clock& clock, Settings settings);
  ~Gateway();

  /// Opens the doors. A TCP port that can't be had is no error (see Endpoint::problem), a unix socket is, and so is a
  /// certificate that can't be used.
  Result<void> open();
  /// Serves until cancelled; ends when everything that came in has ended.
  boost::asio::awaitable<void> run();

  Endpoint endpoint() const;
  /// A URL with the token that PySpark takes as it is; `connection` may be empty: the default one, each time.
  std::string url(std::string_view connection) const;
  /// Makes a new token and ends the connections that came in with the old one.
  Result<void> rotate_token();

  /// The server of these is gone: calls that wait for it end, and nothing more goes to it.
  void server_ended(const ServerId& server);

  /// Interrupts one operation, those of a session, or all that run on the connection's server; gives their ids.
  /// Errors: Errc::session_not_found, operation_not_found, not_ready, timed_out, internal (Spark refused, in words).
  boost::asio::awaitable<Result<std::vector<OperationId>>> interrupt(std::string connection,
                                                                     std::optional<SessionId> session,
                                                                     std::optional<OperationId> operation,
                                                                     TimePoint deadline);
  /// Ends a session on the server. Errors as for interrupt().
  boost::asio::awaitable<Result<void>> release(std::string connection, SessionId session, TimePoint deadline);

  /// Whether few calls with little data go by since this was asked last: then their time is waiting (see io::Manners).
  bool is_small_talk();
  /// Whether many calls came or went since this was asked last: then more of them are about to.
  bool is_crowd();

  /// Prometheus' text format, version 0.0.4.
  std::string metrics() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace firesteel::gateway
