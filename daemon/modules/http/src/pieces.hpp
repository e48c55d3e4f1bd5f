// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "firesteel/http/listener.hpp"
#include "firesteel/http/message.hpp"
#include "stream.hpp"

namespace firesteel::http {

/// Sends a reply whose body comes in pieces: what the client hasn't taken isn't made. False when it was cut off, and
/// the client's connection can't be used any more.
boost::asio::awaitable<bool> send_pieces(Stream& client, const Request& request, Reply reply, Limits limits);

}  // namespace firesteel::http
