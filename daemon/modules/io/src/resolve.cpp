// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/resolve.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>

namespace firesteel::io {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Of the networks that are kept for documents: nobody has them, so they are where the default route leads.
constexpr std::array far_away{"198.51.100.1", "2001:db8::1"};

// A look-up can't be broken off: who gives up leaves it to end by itself.
struct LookUp {
  explicit LookUp(const asio::any_io_executor& executor, TimePoint deadline)
      : resolver(executor), ended(executor, deadline) {}

  asio::ip::tcp::resolver resolver;
  asio::steady_timer ended;  ///< rings when it took too long
  Resolved result{.error = asio::error::timed_out};
};

std::string in_url(const asio::ip::address& address) {
  return address.is_v6() ? fmt::format("[{}]", address.to_string()) : address.to_string();
}

Error no_address(std::string message) {
  return {.code = Errc::internal,
          .message = std::move(message),
          .advice = "Name the address by which the executors reach this machine with the option spark.driver.host.",
          .field = "options.spark.driver.host"};
}

}  // namespace

asio::awaitable<Resolved> resolve_until(std::string host, std::uint16_t port, TimePoint deadline) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    Resolved known;
    known.endpoints.emplace_back(address, port);
    co_return known;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto look_up = std::make_shared<LookUp>(executor, deadline);
  look_up->resolver.async_resolve(host, std::to_string(port), [look_up](error_code error, const auto& found) {
    look_up->result.error = error;
    for (const auto& each : found) look_up->result.endpoints.push_back(each.endpoint());
    look_up->ended.cancel();
  });
  error_code ignored;
  co_await look_up->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  co_return look_up->result;
}

std::optional<asio::ip::address> source_towards(const asio::ip::address& other) {
  asio::io_context here;
  asio::ip::udp::socket socket(here);
  const asio::ip::udp::endpoint to(other, 9);
  error_code error;
  socket.open(to.protocol(), error);
  if (!error) socket.connect(to, error);  // of a datagram socket: it only asks for the route
  if (error) return std::nullopt;
  const auto from = socket.local_endpoint(error);
  if (error || from.address().is_unspecified()) return std::nullopt;
  return from.address();
}

asio::awaitable<Result<std::string>> own_address(std::string host, std::uint16_t port, TimePoint deadline) {
  if (host.empty()) {
    for (const char* each : far_away) {
      const auto source = source_towards(asio::ip::make_address(each));
      if (source && !source->is_loopback()) co_return in_url(*source);
    }
    co_return no_address(
        "Executors on other machines can't reach this one: it has no address but loopback's, or no route to others.");
  }
  const Resolved found = co_await resolve_until(host, port, deadline);
  if (found.error)
    co_return no_address(fmt::format("The address of '{}' can't be found: {}.", host, found.error.message()));
  // The addresses of a name are in the order in which this machine would try them.
  for (const auto& each : found.endpoints)
    if (const auto source = source_towards(each.address())) co_return in_url(*source);
  co_return no_address(fmt::format("This machine has no route to '{}'.", host));
}

}  // namespace firesteel::io
