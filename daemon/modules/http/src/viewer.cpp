// SPDX-License-Identifier: Apache-2.0
#include "viewer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "firesteel/io/waits.hpp"

namespace firesteel::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

using WebSocket = beast::websocket::stream<Stream>;

constexpr auto send_deadline = std::chrono::seconds(10);
constexpr std::size_t largest_message = 64 * 1024;  // from a viewer, who has nothing to say

asio::awaitable<void> write_text(WebSocket& socket, const std::string& text) {
  co_await socket.async_write(asio::buffer(text), asio::use_awaitable);
}

class WebSocketViewer final : public Viewer {
 public:
  explicit WebSocketViewer(WebSocket& socket) : socket_(socket) {}

  asio::awaitable<void> send(std::string text) override {
    using namespace asio::experimental::awaitable_operators;
    const auto outcome = co_await (write_text(socket_, text) || io::sleep_for(send_deadline));
    if (outcome.index() == 1) throw boost::system::system_error(beast::error::timeout);
  }

 private:
  WebSocket& socket_;
};

/// Ends when the viewer closes; what it says is read and dropped.
asio::awaitable<void> read_until_closed(WebSocket& socket) {
  beast::flat_buffer buffer;
  boost::system::error_code error;
  while (!error) {
    co_await socket.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    buffer.clear();
  }
}

asio::awaitable<void> accept(WebSocket& socket, const Request& request) {
  beast::get_lowest_layer(socket).expires_never();
  socket.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
  socket.read_message_max(largest_message);
  co_await socket.async_accept(request, asio::use_awaitable);
  socket.text(true);
}

}  // namespace

asio::awaitable<void> serve_viewer(Stream stream, Request request, const WatchHandler& handler) {
  using namespace asio::experimental::awaitable_operators;
  WebSocket socket(std::move(stream));
  co_await accept(socket, request);
  WebSocketViewer viewer(socket);
  co_await (handler(viewer) || read_until_closed(socket));
}

}  // namespace firesteel::http
