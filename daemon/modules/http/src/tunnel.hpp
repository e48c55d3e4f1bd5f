// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "stream.hpp"

namespace firesteel::http {

/// Passes bytes both ways until one side has ended or doesn't take what is sent for half a minute; silence is no end.
/// `early`: what the server has said already.
boost::asio::awaitable<void> tunnel(Stream& client, boost::beast::tcp_stream& server, boost::beast::flat_buffer& early);

}  // namespace firesteel::http
