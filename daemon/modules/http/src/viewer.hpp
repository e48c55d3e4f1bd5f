// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "firesteel/http/message.hpp"
#include "stream.hpp"

namespace firesteel::http {

/// Turns the connection into a WebSocket and runs the route's handler until either side ends it.
boost::asio::awaitable<void> serve_viewer(Stream stream, Request request, const WatchHandler& handler);

}  // namespace firesteel::http
