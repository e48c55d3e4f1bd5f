// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "firesteel/gateway/destinations.hpp"
#include "firesteel/model/connections.hpp"
#include "firesteel/supervisor/supervisor.hpp"

namespace firesteel {

/// Which server a gateway's call goes to, as the connections are now; and what has become of past servers.
class ServerDestinations final : public gateway::Destinations {
 public:
  struct Hooks {
    std::function<void(const ServerId&)> on_end;          ///< this run of a server takes no more calls
    std::function<void(const ConnectionId&)> on_removed;  ///< the connection is gone
  };

  /// All of it must outlive this object.
  ServerDestinations(Connections& connections, Supervisor& supervisor, Hooks hooks);

  boost::asio::awaitable<Result<gateway::Destination>> find(std::string connection, TimePoint deadline) const override;
  std::optional<Result<gateway::Destination>> find_now(std::string_view connection) const override;
  std::optional<std::string> fate(const ServerId& server) const override;

 private:
  struct Current {
    ConnectionId connection;
    ServerId server;
    bool told = false;  ///< that it takes no more calls
  };

  Result<const Connection*> wanted(std::string_view name) const;
  void changed(std::string_view name, const Connection* connection);
  void told(std::string_view name, Current& current);

  Connections& connections_;
  Supervisor& supervisor_;
  const Hooks hooks_;
  std::map<std::string, Current, std::less<>> current_;  ///< by the connection's name
  std::deque<std::pair<ServerId, std::string>> past_;    ///< with the connection's name; the oldest first
  Connections::Subscription subscription_;
};

}  // namespace firesteel
