// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/tls/context.hpp"

namespace firesteel::gateway {

/// A server that answers, and how it is reached.
struct Destination {
  ServerId server;
  ConnectionId connection;
  std::string name;  ///< of the connection
  std::string host;  ///< an address or a name
  std::uint16_t port = 0;
  std::string secret;  ///< the server's own; empty: it asks for none
  /// How the server is spoken to by TLS, with a certificate for `host`; null: in clear text.
  tls::ContextPtr tls{};
};

/// What the gateway asks the rest of the daemon: which server a call goes to. Implemented where all is wired.
class Destinations {
 public:
  virtual ~Destinations() = default;

  /// The server of the connection (empty: of the one that is meant when none is named), once it answers.
  /// Waits for one that is starting, until the deadline.
  /// Errors, in words that say which connections exist and what to do: Errc::connection_not_found, no_default,
  /// wrong_state (stopped or failed), timed_out (still starting).
  virtual boost::asio::awaitable<Result<Destination>> find(std::string connection, TimePoint deadline) const = 0;

  /// The same without waiting: nothing when `find` would have to.
  virtual std::optional<Result<Destination>> find_now(std::string_view connection) const = 0;

  /// Why this run of a server is over, in a sentence with what to do; nothing while it lives.
  virtual std::optional<std::string> fate(const ServerId& server) const = 0;
};

}  // namespace firesteel::gateway
