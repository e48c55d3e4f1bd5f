// SPDX-License-Identifier: Apache-2.0
#include "deadline_io.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <span>
#include <utility>

#include "firesteel/tls/waits.hpp"

namespace firesteel::h2 {

namespace asio = boost::asio;
using asio::experimental::make_parallel_group;
using asio::experimental::wait_for_one;
using boost::system::error_code;

namespace {

/// What an operation's end means that raced against the timer: aborted by the timer is timed out.
error_code outcome(error_code operation, error_code timer) {
  const bool timer_rang = !timer;
  return operation == asio::error::operation_aborted && timer_rang ? error_code(asio::error::timed_out) : operation;
}

void throw_if_cancelled(const asio::cancellation_state& state) {
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace

asio::awaitable<error_code> connect_until(asio::ip::tcp::socket& socket, asio::ip::tcp::endpoint endpoint,
                                          TimePoint deadline) {
  asio::steady_timer timer(socket.get_executor(), deadline);
  auto race = make_parallel_group(socket.async_connect(endpoint, asio::deferred), timer.async_wait(asio::deferred));
  auto [order, error, rang] = co_await race.async_wait(wait_for_one(), asio::use_awaitable);
  throw_if_cancelled(co_await asio::this_coro::cancellation_state);
  co_return outcome(error, rang);
}

asio::awaitable<Transfer> read_until(asio::ip::tcp::socket& socket, asio::mutable_buffer buffer, TimePoint deadline) {
  asio::steady_timer timer(socket.get_executor(), deadline);
  auto race = make_parallel_group(socket.async_read_some(buffer, asio::deferred), timer.async_wait(asio::deferred));
  auto [order, error, size, rang] = co_await race.async_wait(wait_for_one(), asio::use_awaitable);
  throw_if_cancelled(co_await asio::this_coro::cancellation_state);
  co_return Transfer{outcome(error, rang), size};
}

asio::awaitable<Transfer> write_until(asio::ip::tcp::socket& socket, asio::const_buffer buffer, TimePoint deadline) {
  asio::steady_timer timer(socket.get_executor(), deadline);
  auto race = make_parallel_group(asio::async_write(socket, buffer, asio::deferred), timer.async_wait(asio::deferred));
  auto [order, error, size, rang] = co_await race.async_wait(wait_for_one(), asio::use_awaitable);
  throw_if_cancelled(co_await asio::this_coro::cancellation_state);
  co_return Transfer{outcome(error, rang), size};
}

asio::awaitable<Transfer> read_until(asio::ip::tcp::socket& socket, tls::Stream& stream, asio::mutable_buffer buffer,
                                     TimePoint deadline) {
  const std::span<std::uint8_t> space(static_cast<std::uint8_t*>(buffer.data()), buffer.size());
  for (;;) {
    const auto moved = stream.read(space);
    if (moved.outcome == tls::Stream::Outcome::done) co_return Transfer{{}, moved.size};
    if (moved.outcome == tls::Stream::Outcome::closed) co_return Transfer{asio::error::eof};
    if (moved.outcome == tls::Stream::Outcome::failed) co_return Transfer{asio::error::connection_aborted};
    const auto error = co_await tls::wait_until(socket, moved.outcome, deadline);
    if (error) co_return Transfer{error};
  }
}

asio::awaitable<Transfer> write_until(asio::ip::tcp::socket& socket, tls::Stream& stream, asio::const_buffer buffer,
                                      TimePoint deadline) {
  std::span<const std::uint8_t> left(static_cast<const std::uint8_t*>(buffer.data()), buffer.size());
  Transfer out;
  while (!left.empty()) {
    const auto moved = stream.write(left);
    left = left.subspan(moved.size);
    out.size += moved.size;
    if (moved.outcome == tls::Stream::Outcome::done) continue;
    const bool over = moved.outcome == tls::Stream::Outcome::closed || moved.outcome == tls::Stream::Outcome::failed;
    if (over) out.error = asio::error::connection_aborted;
    if (!over) out.error = co_await tls::wait_until(socket, moved.outcome, deadline);
    if (out.error) break;
  }
  co_return out;
}

}  // namespace firesteel::h2
