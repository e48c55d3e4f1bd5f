// SPDX-License-Identifier: Apache-2.0
#include "relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>

#include "location.hpp"
#include "prefix_replacer.hpp"
#include "tunnel.hpp"

namespace firesteel::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto connect_patience = std::chrono::seconds(5);
constexpr auto answer_patience = std::chrono::minutes(2);  // a thread dump of a busy driver
constexpr auto piece_patience = std::chrono::seconds(30);
constexpr std::uint32_t longest_header = 64 * 1024;
constexpr std::size_t piece_size = 64 * 1024;

using Parser = http::response_parser<http::buffer_body>;
using Serializer = http::response_serializer<http::buffer_body>;

/// Fields that are about one connection, or that are the business of this side alone.
bool stays(std::string_view name) {
  constexpr std::array names{"connection",
                             "keep-alive",
                             "proxy-authenticate",
                             "proxy-authorization",
                             "proxy-connection",
                             "te",
                             "expect",
                             "trailer",
                             "transfer-encoding",
                             "upgrade",
                             "authorization",
                             "cookie",
                             "set-cookie",
                             "www-authenticate",
                             "forwarded",
                             "host",
                             "x-xsrftoken",
                             "x-proxycontextpath"};
  return beast::iequals(name.substr(0, 12), "x-forwarded-") || beast::iequals(name.substr(0, 12), "x-firesteel-") ||
         std::any_of(names.begin(), names.end(), [&](const char* each) { return beast::iequals(name, each); });
}

/// Says that what follows is a WebSocket.
void upgrade(http::fields& header) {
  header.set(http::field::connection, "Upgrade");
  header.set(http::field::upgrade, "websocket");
}

http::request<http::string_body> request_for(Relayed& relayed, const Upstream& upstream) {
  http::request<http::string_body> out(relayed.request.method(), relayed.target, 11);
  if (relayed.request.method() == http::verb::unknown) out.method_string(relayed.request.method_string());
  for (const auto& field : relayed.request)
    if (!stays(field.name_string())) out.insert(field.name_string(), field.value());
  for (const auto& [name, value] : upstream.headers) out.set(name, value);
  if (!upstream.own_context.empty()) out.set(http::field::accept_encoding, "identity");
  out.set(http::field::host, fmt::format("127.0.0.1:{}", upstream.port));
  if (beast::websocket::is_upgrade(relayed.request)) {
    upgrade(out);
  } else {
    out.set(http::field::connection, "close");
  }
  out.body() = std::move(relayed.request.body());
  out.prepare_payload();
  return out;
}

/// Whether links in the body are to be led to where the client knows the server.
bool is_to_be_led(const http::response<http::buffer_body>& answer, const Upstream& upstream) {
  return !upstream.own_context.empty() && answer[http::field::content_type].starts_with("text/html") &&
         answer[http::field::content_encoding].empty() && answer[http::field::content_length] != "0";
}

/// Makes of the server's header what the client is to see.
void adapt(http::response<http::buffer_body>& answer, const Relayed& relayed, const Upstream& upstream) {
  std::vector<std::string> gone;
  for (const auto& field : answer)
    if (stays(field.name_string())) gone.emplace_back(field.name_string());
  const bool chunked = answer.chunked();
  for (const std::string& name : gone) answer.erase(name);
  if (const auto location = answer.find(http::field::location); location != answer.end()) {
    const std::string& context = upstream.own_context.empty() ? relayed.context : upstream.own_context;
    answer.set(http::field::location, relative_location(location->value(), {relayed.target, context, upstream.port}));
  }
  if (is_to_be_led(answer, upstream)) answer.erase(http::field::content_length);
  answer.version(11);
  answer.keep_alive(relayed.request.keep_alive());
  // An answer whose length isn't known ends with its connection, or in chunks; ours has chunks.
  const bool has_length = answer.find(http::field::content_length) != answer.end();
  const unsigned status = answer.result_int();
  const bool has_body = status >= 200 && status != 204 && status != 304;
  if (chunked || (!has_length && has_body)) answer.chunked(true);
}

asio::awaitable<void> say(Stream& client, const Request& request, unsigned status, std::string text) {
  http::response<http::string_body> answer(http::int_to_status(status), request.version());
  answer.set(http::field::content_type, "text/plain; charset=utf-8");
  answer.set(http::field::cache_control, "no-store");
  answer.set("X-Content-Type-Options", "nosniff");
  answer.keep_alive(request.keep_alive());
  answer.body() = std::move(text);
  answer.prepare_payload();
  client.expires_after(piece_patience);
  co_await http::async_write(client, answer, asio::use_awaitable);
}

/// The body, piece by piece: what the client hasn't taken isn't read.
asio::awaitable<bool> pass_body(beast::tcp_stream& server, beast::flat_buffer& buffer, Parser& parser, Stream& client,
                                Serializer& serializer, PrefixReplacer links) {
  const auto piece = std::make_unique<std::array<char, piece_size>>();
  auto& body = parser.get().body();
  error_code error;
  while (!parser.is_done()) {
    body.data = piece->data();
    body.size = piece->size();
    server.expires_after(answer_patience);
    co_await http::async_read_some(server, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error == http::error::need_buffer) error = {};
    if (error && error != http::error::end_of_stream) co_return false;  // cut off: the client must see it so
    std::string text = links.feed({piece->data(), piece->size() - body.size}, parser.is_done());
    body.size = text.size();
    body.data = body.size > 0 ? text.data() : nullptr;  // an empty piece would be a second last chunk
    body.more = !parser.is_done();
    if (body.size == 0 && body.more) continue;
    client.expires_after(piece_patience);
    co_await http::async_write(client, serializer, asio::redirect_error(asio::use_awaitable, error));
    if (error == http::error::need_buffer) error = {};
    if (error) co_return false;
  }
  co_return true;
}

}  // namespace

asio::awaitable<bool> relay(Stream& client, Relayed relayed, Upstream upstream) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  beast::tcp_stream server(executor);
  error_code error;
  server.expires_after(connect_patience);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), upstream.port);
  co_await server.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    const auto request = request_for(relayed, upstream);
    server.expires_after(piece_patience);
    co_await http::async_write(server, request, asio::redirect_error(asio::use_awaitable, error));
  }
  beast::flat_buffer buffer;
  Parser parser;
  parser.header_limit(longest_header);
  parser.body_limit(boost::none);
  const bool is_head = relayed.request.method() == http::verb::head;
  if (is_head) parser.skip(true);
  if (!error) {
    server.expires_after(answer_patience);
    co_await http::async_read_header(server, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error && parser.get().result() == http::status::switching_protocols &&
      !beast::websocket::is_upgrade(relayed.request))
    error = http::error::bad_status;  // nobody asked for that
  if (error) {
    co_await say(client, relayed.request, 502, fmt::format("It does not answer: {}.\n", error.message()));
    co_return true;
  }
  adapt(parser.get(), relayed, upstream);
  const bool becomes_socket = parser.get().result() == http::status::switching_protocols;
  if (becomes_socket) upgrade(parser.get());
  parser.get().body().data = nullptr;
  parser.get().body().more = !is_head;
  Serializer serializer(parser.get());
  if (is_head) serializer.split(true);
  client.expires_after(piece_patience);
  co_await http::async_write_header(client, serializer, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return false;
  if (becomes_socket) {
    co_await tunnel(client, server, buffer);
    co_return false;
  }
  if (is_head) co_return true;
  PrefixReplacer links(is_to_be_led(parser.get(), upstream) ? upstream.own_context : std::string(), relayed.context);
  co_return co_await pass_body(server, buffer, parser, client, serializer, std::move(links));
}

}  // namespace firesteel::http
