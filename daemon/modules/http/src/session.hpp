// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "firesteel/http/listener.hpp"
#include "firesteel/http/router.hpp"

namespace firesteel::http {

/// Serves the requests of one client until it leaves, breaks the rules or waits too long.
boost::asio::awaitable<void> serve(boost::asio::local::stream_protocol::socket socket, const Router& router,
                                   Limits limits);

}  // namespace firesteel::http
