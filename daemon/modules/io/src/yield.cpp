// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/yield.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace firesteel::io {

namespace asio = boost::asio;

asio::awaitable<void> yield() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, asio::use_awaitable);
}

}  // namespace firesteel::io
