// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "firesteel/http/error_reply.hpp"
#include "location.hpp"
#include "origin.hpp"
#include "pieces.hpp"
#include "relay.hpp"
#include "stream.hpp"
#include "viewer.hpp"

namespace firesteel::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

namespace {

constexpr std::string_view client_header = "X-Firesteel-Client";
constexpr std::string_view python_header = "X-Firesteel-Python";

Response respond(const Request& request, const Reply& reply) {
  Response response(beast::http::int_to_status(static_cast<unsigned>(reply.status)), request.version());
  const bool is_text = !reply.text_type.empty();
  response.set(beast::http::field::content_type, is_text ? std::string_view(reply.text_type) : "application/json");
  response.set(beast::http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(request.keep_alive());
  response.body() = is_text ? std::string(reply.body.as_string()) : json::serialize(reply.body);
  response.prepare_payload();
  return response;
}

Response respond(const Request& request, const Error& error) {
  return respond(request, Reply{.status = status_of(error.code), .body = error_body(error)});
}

bool is_token(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) && std::string_view("._/-").find(c) == std::string_view::npos)
      return false;
  return true;
}

bool is_json(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  return beast::iequals(content_type, "application/json");
}

/// An absolute path of visible ASCII (what a header can carry): the contract's CallerPython.
bool is_caller_python(std::string_view text) {
  return text.starts_with('/') && text.size() <= 4096 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
}

Result<void> check_change(const Request& request) {
  if (!is_token(request[client_header]))
    return Error{.code = Errc::missing_client_header,
                 .message = fmt::format("A request that changes something needs the header {}.", client_header),
                 .advice = "Send for example: X-Firesteel-Client: my-script/1.0"};
  if (!request.body().empty() && !is_json(request[beast::http::field::content_type]))
    return Error{.code = Errc::wrong_content_type,
                 .message = "The request's body must be JSON.",
                 .advice = "Send the header: Content-Type: application/json"};
  if (request.count(python_header) > 0 && !is_caller_python(request[python_header]))
    return Error{.code = Errc::bad_request,
                 .message = fmt::format("The header {} is not an absolute path.", python_header),
                 .field = std::string(python_header)};
  return {};
}

Result<void> check_watch(const Request& request) {
  if (!is_own_origin(request[beast::http::field::origin], request[beast::http::field::host],
                     request["X-Forwarded-Host"]))
    return Error{.code = Errc::foreign_origin, .message = "A page of another site asked for this WebSocket."};
  if (!beast::websocket::is_upgrade(request))
    return Error{.code = Errc::upgrade_required, .message = "This path is a WebSocket."};
  return {};
}

/// A page of another site can send such a request, too.
Result<void> check_relay(const Request& request) {
  const bool reads = (request.method() == beast::http::verb::get || request.method() == beast::http::verb::head) &&
                     !beast::websocket::is_upgrade(request);
  if (!reads && !is_own_origin(request[beast::http::field::origin], request[beast::http::field::host],
                               request["X-Forwarded-Host"]))
    return Error{.code = Errc::foreign_origin, .message = "A page of another site asked for this."};
  return {};
}

Result<void> check(Access access, const Request& request) {
  switch (access) {
    case Access::relay:
      return check_relay(request);
    case Access::read:
      return {};
    case Access::change:
      return check_change(request);
    case Access::watch:
      return check_watch(request);
  }
  return Error{.code = Errc::internal, .message = "A route without a check."};
}

Result<std::optional<json::object>> parse_body(const std::string& text) {
  if (text.empty()) return std::optional<json::object>();
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error)
    return Error{.code = Errc::bad_request, .message = fmt::format("The body is not valid JSON: {}.", error.message())};
  if (!value.is_object()) return Error{.code = Errc::bad_request, .message = "The body must be a JSON object."};
  return std::optional<json::object>(std::move(value.get_object()));
}

Reply reply_of(const Error& error) { return {.status = status_of(error.code), .body = error_body(error)}; }

asio::awaitable<Reply> answer(const Request& request, const Router::Match& match) {
  auto body = parse_body(request.body());
  if (!body) co_return reply_of(body.error());
  Call call{match.path, match.query, std::string(request[python_header]), std::move(*body)};
  try {
    auto reply = co_await match.route->handler(std::move(call));
    if (reply) co_return std::move(*reply);
    co_return reply_of(reply.error());
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    spdlog::error("{} {}: {}", std::string_view(request.method_string()), std::string_view(request.target()),
                  error.what());
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", std::string_view(request.method_string()), std::string_view(request.target()),
                  error.what());
  }
  const Error failed{.code = Errc::internal,
                     .message = "Firesteel failed to answer; its log says more.",
                     .advice = "See `firesteel paths` for where the log is."};
  co_return reply_of(failed);
}

asio::awaitable<void> write(Stream& stream, Response response, Limits limits) {
  stream.expires_after(limits.request);
  co_await beast::http::async_write(stream, response, asio::use_awaitable);
}

/// The path that the browser knows the daemon's root by; see docs/dev/http-api.md. Empty: the root itself.
std::string_view outer_context(const Request& request) {
  std::string_view context = request["X-Forwarded-Context"];
  while (context.ends_with('/')) context.remove_suffix(1);
  const bool usable = context.starts_with('/') && !context.starts_with("//") && context.size() <= 1024 &&
                      std::all_of(context.begin(), context.end(), [](char c) { return c > ' ' && c <= '~'; });
  return usable ? context : std::string_view();
}

/// What a browser says of who asks (Sec-Fetch-Site): another site, or another one of the same domain. One that says
/// nothing, as on a site without TLS, names the page before.
bool is_from_elsewhere(const Request& request) {
  if (const std::string_view site = request["Sec-Fetch-Site"]; !site.empty())
    return site != "same-origin" && site != "none";
  const std::string_view referer = request[beast::http::field::referer];
  const std::size_t host = referer.find("://");
  if (host == std::string_view::npos) return false;
  return !is_own_origin(referer.substr(0, referer.find('/', host + 3)), request[beast::http::field::host],
                        request["X-Forwarded-Host"]);
}

/// What a person reads in a page's place.
Reply in_words(const Error& error) {
  std::string text = error.message + (error.advice.empty() ? "" : " " + error.advice) + "\n";
  return {.status = status_of(error.code), .body = json::string(text), .text_type = "text/plain; charset=utf-8"};
}

/// False when the client's connection can't be used any more.
asio::awaitable<bool> serve_relay(Stream& stream, Request request, Router::Match match, Limits limits) {
  const std::string target(request.target());
  const std::string root = target.substr(0, match.root);
  if (match.root == target.size() || target[match.root] != '/') {
    Response response = respond(request, Reply{.status = 308, .body = json::string("\n"), .text_type = "text/plain"});
    response.set(beast::http::field::location, root.substr(root.rfind('/') + 1) + "/" + target.substr(match.root));
    co_await write(stream, std::move(response), limits);
    co_return true;
  }
  RelayCall call{.path = std::move(match.path),
                 .target = target.substr(match.root),
                 .context = std::string(outer_context(request)) + root,
                 .from_elsewhere = is_from_elsewhere(request)};
  Relayed relayed{.request = std::move(request), .target = target.substr(match.root), .context = call.context};
  auto upstream = co_await match.route->relay(std::move(call));
  if (!upstream) {
    co_await write(stream, respond(relayed.request, in_words(upstream.error())), limits);
    co_return true;
  }
  if (!upstream->moved_to.empty()) {
    Response response =
        respond(relayed.request, Reply{.status = 302, .body = json::string("\n"), .text_type = "text/plain"});
    response.set(beast::http::field::location, relative_location(upstream->moved_to, {relayed.target, {}, 0}));
    co_await write(stream, std::move(response), limits);
    co_return true;
  }
  co_return co_await relay(stream, std::move(relayed), std::move(*upstream));
}

Error parse_error(boost::system::error_code error, Limits limits) {
  if (error == beast::http::error::body_limit || error == beast::http::error::header_limit)
    return Error{.code = Errc::payload_too_large,
                 .message = fmt::format("The request is too large: at most {} bytes of headers and {} of body.",
                                        limits.header_bytes, limits.body_bytes)};
  return Error{.code = Errc::bad_request, .message = fmt::format("Not an HTTP request: {}.", error.message())};
}

bool is_parse_error(boost::system::error_code error) {
  return error.category() == beast::http::make_error_code(beast::http::error::bad_method).category() &&
         error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
}

/// The next request; nothing when the client has gone or was told off.
asio::awaitable<std::optional<Request>> read(Stream& stream, beast::flat_buffer& buffer, Limits limits) {
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  boost::system::error_code error;
  stream.expires_after(limits.idle);
  co_await beast::http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    stream.expires_after(limits.request);
    co_await beast::http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) co_return parser.release();
  if (is_parse_error(error)) {
    Request unread;
    unread.keep_alive(false);
    co_await write(stream, respond(unread, parse_error(error, limits)), limits);
  }
  co_return std::nullopt;
}

bool is_gone(const boost::system::system_error& error) {
  return error.code() == asio::error::operation_aborted || error.code() == asio::error::broken_pipe ||
         error.code() == asio::error::connection_reset || error.code() == asio::error::eof ||
         error.code() == beast::error::timeout || error.code() == beast::http::error::end_of_stream;
}

asio::awaitable<void> serve_requests(Stream& stream, const Router& router, Limits limits) {
  beast::flat_buffer buffer(limits.header_bytes + limits.body_bytes);
  for (;;) {
    auto request = co_await read(stream, buffer, limits);
    if (!request) co_return;
    const std::string_view target = request->target();
    const auto match = router.match(request->method_string(), target);
    if (!match) {
      Response response = respond(*request, match.error());
      if (match.error().code == Errc::method_not_allowed)
        response.set(beast::http::field::allow, router.allowed(target));
      co_await write(stream, std::move(response), limits);
    } else if (const auto allowed = check(match->route->access, *request); !allowed) {
      co_await write(stream, respond(*request, allowed.error()), limits);
    } else if (match->route->access == Access::watch) {
      co_await serve_viewer(std::move(stream), std::move(*request), match->route->watch);
      co_return;
    } else if (match->route->access == Access::relay) {
      const bool keep_alive = request->keep_alive();
      const bool usable = co_await serve_relay(stream, std::move(*request), *match, limits);
      if (!usable || !keep_alive) co_return;
      continue;
    } else {
      stream.expires_never();
      Reply reply = co_await answer(*request, *match);
      if (reply.pieces) {
        const bool usable = co_await send_pieces(stream, *request, std::move(reply), limits);
        if (!usable) co_return;
      } else {
        co_await write(stream, respond(*request, reply), limits);
      }
    }
    if (!request->keep_alive()) co_return;
  }
}

}  // namespace

asio::awaitable<void> serve(asio::local::stream_protocol::socket socket, const Router& router, Limits limits) {
  Stream stream(std::move(socket));
  try {
    co_await serve_requests(stream, router, limits);
  } catch (const boost::system::system_error& error) {
    if (!is_gone(error)) throw;
  }
}

}  // namespace firesteel::http
