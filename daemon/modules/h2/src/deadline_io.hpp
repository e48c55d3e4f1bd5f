// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>

#include "firesteel/core/time.hpp"
#include "firesteel/tls/stream.hpp"

/// Operations on a socket that end by a deadline: with boost::asio::error::timed_out, having left the socket open.
/// Each throws system_error(operation_aborted) when the coroutine is cancelled. Socket and buffers must outlive them.
namespace firesteel::h2 {

struct Transfer {
  boost::system::error_code error;
  std::size_t size = 0;  ///< bytes that were moved, whatever the error
};

boost::asio::awaitable<boost::system::error_code> connect_until(boost::asio::ip::tcp::socket& socket,
                                                                boost::asio::ip::tcp::endpoint endpoint,
                                                                TimePoint deadline);
/// Reads what there is, at least one byte.
boost::asio::awaitable<Transfer> read_until(boost::asio::ip::tcp::socket& socket, boost::asio::mutable_buffer buffer,
                                            TimePoint deadline);
/// Writes all of it.
boost::asio::awaitable<Transfer> write_until(boost::asio::ip::tcp::socket& socket, boost::asio::const_buffer buffer,
                                             TimePoint deadline);

/// The same by TLS.
boost::asio::awaitable<Transfer> read_until(boost::asio::ip::tcp::socket& socket, tls::Stream& stream,
                                            boost::asio::mutable_buffer buffer, TimePoint deadline);
boost::asio::awaitable<Transfer> write_until(boost::asio::ip::tcp::socket& socket, tls::Stream& stream,
                                             boost::asio::const_buffer buffer, TimePoint deadline);

}  // namespace firesteel::h2
