// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include "firesteel/core/time.hpp"
#include "firesteel/tls/stream.hpp"

namespace firesteel::tls {

/// Waits until the socket can be read or written, or until the deadline: then with boost::asio::error::timed_out.
/// Throws system_error(operation_aborted) when the coroutine is cancelled.
template <class Socket>
boost::asio::awaitable<boost::system::error_code> wait_until(Socket& socket, Stream::Outcome wanted,
                                                             TimePoint deadline) {
  namespace asio = boost::asio;
  if (Steady::now() >= deadline) co_return asio::error::timed_out;  // however ready a slow peer keeps the socket
  const auto kind = wanted == Stream::Outcome::wants_write ? Socket::wait_write : Socket::wait_read;
  asio::steady_timer timer(socket.get_executor(), deadline);
  auto race = asio::experimental::make_parallel_group(socket.async_wait(kind, asio::deferred),
                                                      timer.async_wait(asio::deferred));
  auto [order, error, rang] = co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  const bool timer_rang = !rang;
  if (error == asio::error::operation_aborted && timer_rang) error = asio::error::timed_out;
  co_return error;
}

/// The whole handshake. What went wrong is in the stream's failure(), unless it is the socket: that is the error.
template <class Socket>
boost::asio::awaitable<boost::system::error_code> shake_hands(Socket& socket, Stream& stream, TimePoint deadline) {
  for (;;) {
    const Stream::Outcome outcome = stream.handshake();
    if (outcome == Stream::Outcome::done) co_return boost::system::error_code{};
    if (outcome == Stream::Outcome::failed) co_return boost::asio::error::connection_aborted;
    const auto error = co_await wait_until(socket, outcome, deadline);
    if (error) co_return error;
  }
}

}  // namespace firesteel::tls
