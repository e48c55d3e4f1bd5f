// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "firesteel/http/message.hpp"
#include "firesteel/http/relay.hpp"

namespace firesteel::http {

/// Who may ask. The peer of the socket is always the daemon's own user (see Listener); a route adds:
enum class Access {
  read,    ///< nothing more: a page of another site can send such a request but not read the reply
  change,  ///< the header X-Firesteel-Client, which a page of another site can't send
  watch,   ///< a WebSocket, whose Origin must be the host that was asked
  relay,   ///< pages of another server; what isn't GET or HEAD must come from a page of the host that was asked
};

/// Which handler answers which request. A route can't be made without saying who may ask.
class Router {
 public:
  /// `pattern` is a path such as "/api/v1/connections/{name}".
  void add(std::string method, std::string pattern, Access access, Handler handler);
  void add_watch(std::string pattern, WatchHandler handler);
  /// All methods and all paths below the pattern, such as "/ui/{name}".
  void add_relay(std::string pattern, RelayHandler handler);

  struct Route {
    std::string method;
    std::vector<std::string> pattern;
    Access access;
    Handler handler;
    WatchHandler watch;
    RelayHandler relay;
  };
  struct Match {
    const Route* route;
    Fields path;
    Fields query;
    std::size_t root = 0;  ///< of a relay's route: how much of the target is the route's own
  };

  /// Errc::bad_request for a target that isn't one, Errc::not_found, or Errc::method_not_allowed.
  Result<Match> match(std::string_view method, std::string_view target) const;

  /// The methods that the target's path knows, for the Allow header: "GET, POST".
  std::string allowed(std::string_view target) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace firesteel::http
