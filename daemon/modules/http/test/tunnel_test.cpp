// SPDX-License-Identifier: Apache-2.0
// WebSockets through a relay.
#include <gmock/gmock.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <future>

#include "firesteel/http/relay.hpp"
#include "with_listener.hpp"

namespace firesteel::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A server that takes one WebSocket and says everything back, until the client closes or says "leave"; or refuses.
class EchoServer {
 public:
  explicit EchoServer(bool refuses = false)
      : request_(std::async(std::launch::async, [this, refuses] { return serve(refuses); })) {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// The header of the request that it had.
  std::string request() { return request_.get(); }

 private:
  std::string serve(bool refuses) {
    tcp::socket socket = acceptor_.accept();
    beast::flat_buffer buffer;
    beast::http::request<beast::http::string_body> request;
    beast::http::read(socket, buffer, request);
    std::ostringstream seen;
    seen << request.base();
    if (refuses) {
      beast::http::response<beast::http::string_body> no(beast::http::status::forbidden, 11, "not you");
      no.prepare_payload();
      beast::http::write(socket, no);
    } else {
      echo(std::move(socket), request);
    }
    return seen.str();
  }

  static void echo(tcp::socket socket, const beast::http::request<beast::http::string_body>& request) {
    websocket::stream<tcp::socket> peer(std::move(socket));
    peer.accept(request);
    for (;;) {
      beast::flat_buffer message;
      beast::error_code error;
      peer.read(message, error);
      if (error || beast::buffers_to_string(message.data()) == "leave") return;
      peer.text(peer.got_text());
      peer.write(message.data());
    }
  }

  asio::io_context loop_;
  tcp::acceptor acceptor_{loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::future<std::string> request_;
};

class TunnelTest : public WithListener {
 protected:
  using Client = websocket::stream<asio::local::stream_protocol::socket>;

  void add_routes(Router& router) override {
    router.add_relay("/ui/{name}", [this](const RelayCall&) { return find(); });
  }

  asio::awaitable<Result<Upstream>> find() {
    Upstream upstream{.port = port_, .headers = {}};
    upstream.headers.emplace_back("Authorization", "Bearer ours");
    co_return upstream;
  }

  Client connected() {
    Client client(own_);
    client.next_layer().connect(asio::local::stream_protocol::endpoint((directory_ / "api.sock").string()));
    client.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
      request.set("Origin", "http://here");
      request.set("Cookie", "session=secret");
    }));
    client.handshake("here", "/ui/main/live?x=1");
    return client;
  }

  static std::string said_back(Client& client, const std::string& text) {
    client.write(asio::buffer(text));
    beast::flat_buffer answer;
    client.read(answer);
    return beast::buffers_to_string(answer.data());
  }

  asio::io_context own_;
  std::uint16_t port_ = 1;
};

TEST_F(TunnelTest, PassesMessagesBothWaysUntilTheClientCloses) {
  EchoServer server;
  port_ = server.port();
  Client client = connected();
  EXPECT_EQ(said_back(client, "hello"), "hello");
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(said_back(client, large), large);
  client.close(websocket::close_code::normal);
  EXPECT_THAT(server.request(), AllOf(StartsWith("GET /live?x=1 HTTP/1.1"), HasSubstr("Authorization: Bearer ours"),
                                      Not(HasSubstr("secret"))));
}

TEST_F(TunnelTest, TheClientSeesTheServerGo) {
  EchoServer server;
  port_ = server.port();
  Client client = connected();
  client.write(asio::buffer(std::string("leave")));
  beast::flat_buffer nothing;
  beast::error_code error;
  client.read(nothing, error);
  EXPECT_TRUE(error);
  server.request();
}

TEST_F(TunnelTest, TheServerSeesTheClientGo) {
  EchoServer server;
  port_ = server.port();
  {
    Client client = connected();
    EXPECT_EQ(said_back(client, "hello"), "hello");
  }
  server.request();  // would wait for ever
}

TEST_F(TunnelTest, ARefusalOfTheServerIsPassedOn) {
  EchoServer server(true);
  port_ = server.port();
  const auto got = talk(
      "GET /ui/main/live HTTP/1.1\r\nHost: here\r\nOrigin: http://here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      "GET /other HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(got, AllOf(StartsWith("HTTP/1.1 403 Forbidden"), HasSubstr("not you")));
  server.request();
}

TEST_F(TunnelTest, PagesOfOtherHostsGetNone) {
  const auto got = talk(
      "GET /ui/main/live HTTP/1.1\r\nHost: here\r\nOrigin: http://there\r\nConnection: Upgrade\r\n"
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      "GET /other HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(got, StartsWith("HTTP/1.1 403 Forbidden"));
}

}  // namespace
}  // namespace firesteel::http
