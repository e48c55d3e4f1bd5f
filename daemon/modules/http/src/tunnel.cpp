// SPDX-License-Identifier: Apache-2.0
#include "tunnel.hpp"

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

namespace firesteel::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto write_patience = std::chrono::seconds(30);
constexpr std::size_t piece_size = 16 * 1024;

/// Each stream has one reader and one writer, whose deadlines are apart.
template <class From, class To>
asio::awaitable<void> pass(From& from, To& to) {
  const auto piece = std::make_unique<std::array<char, piece_size>>();
  for (;;) {
    error_code error;
    from.expires_never();
    const std::size_t size =
        co_await from.async_read_some(asio::buffer(*piece), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    to.expires_after(write_patience);
    co_await asio::async_write(to, asio::buffer(*piece, size), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
}

}  // namespace

asio::awaitable<void> tunnel(Stream& client, boost::beast::tcp_stream& server, boost::beast::flat_buffer& early) {
  using namespace asio::experimental::awaitable_operators;
  if (early.size() > 0) {
    error_code error;
    client.expires_after(write_patience);
    co_await asio::async_write(client, early.data(), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
  co_await (pass(client, server) || pass(server, client));
}

}  // namespace firesteel::http
