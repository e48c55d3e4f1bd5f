// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "firesteel/http/relay.hpp"
#include "stream.hpp"

namespace firesteel::http {

/// A request that is to be relayed.
struct Relayed {
  Request request;
  std::string target;   ///< for the upstream: path and query
  std::string context;  ///< see RelayCall
};

/// Passes the request on and the answer back piece by piece, however long it is. The client's credentials (cookies,
/// authorization) stay here, and so do the server's cookies. What the server can't be asked becomes an answer. A
/// WebSocket that the server agrees to is passed both ways until it ends. False when the client's connection can't be
/// used any more.
boost::asio::awaitable<bool> relay(Stream& client, Relayed relayed, Upstream upstream);

}  // namespace firesteel::http
