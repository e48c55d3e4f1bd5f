// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace firesteel::cli {
namespace json = boost::json;

namespace {

std::string path_of(std::string_view name) { return "/api/v1/connections/" + percent_encode(name); }

}  // namespace

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Answer<json::object> Client::call(ApiRequest request) {
  if (request.method != Method::get) request.python = python_;
  Answer<ApiReply> reply = transport_.exchange(request);
  if (!reply) return reply.error();
  if (reply->status < 200 || reply->status > 299) return problem_from_reply(reply->status, reply->body);
  boost::system::error_code bad;
  json::value value = json::parse(reply->body, bad);
  if (bad || !value.is_object())
    return Problem{
        .code = "bad_reply",
        .message = fmt::format("The daemon's reply to {} is not the JSON object it should be.", request.target),
        .advice = "Is it a Firesteel daemon of another version? `firesteel doctor` tells."};
  return std::move(value.get_object());
}

Answer<json::object> Client::act(std::string_view name, std::string_view verb, const json::object& body) {
  ApiRequest request{.method = Method::post, .target = path_of(name) + "/" + std::string(verb)};
  if (!body.empty()) request.body = json::serialize(body);
  return call(std::move(request));
}

Answer<json::object> Client::status() { return call({.target = "/api/v1/status"}); }
Answer<json::object> Client::clusters() { return call({.target = "/api/v1/clusters"}); }
Answer<json::object> Client::connections() { return call({.target = "/api/v1/connections"}); }

Answer<json::object> Client::connection(std::string_view name, std::chrono::milliseconds settle) {
  ApiRequest request{.target = path_of(name)};
  if (settle.count() > 0) {
    request.target += fmt::format("?settle_ms={}", settle.count());
    request.timeout += settle;
  }
  return call(std::move(request));
}

Answer<json::object> Client::create(const json::object& new_connection) {
  return call({.method = Method::post, .target = "/api/v1/connections", .body = json::serialize(new_connection)});
}

Answer<json::object> Client::start(std::string_view name, const json::object& body) { return act(name, "start", body); }
Answer<json::object> Client::preview(const json::object& wanted) {
  return call({.method = Method::post, .target = "/api/v1/preview", .body = json::serialize(wanted)});
}

Answer<json::object> Client::stop(std::string_view name) { return act(name, "stop", {}); }
Answer<json::object> Client::restart(std::string_view name) { return act(name, "restart", {}); }

Answer<json::object> Client::remove(std::string_view name) {
  return call({.method = Method::delete_, .target = path_of(name)});
}

Answer<json::object> Client::log(std::string_view name, std::optional<std::int64_t> after, int limit) {
  std::string target = path_of(name) + fmt::format("/log?limit={}", limit);
  if (after) target += fmt::format("&after={}", *after);
  return call({.target = std::move(target)});
}

Answer<json::object> Client::search_log(std::string_view name, const LogSearchQuery& query, std::string_view cursor) {
  constexpr int most = 1000;  // as in api/openapi.yaml
  std::string target = path_of(name) + fmt::format("/log/search?limit={}", most);
  if (!query.pattern.empty()) target += "&q=" + percent_encode(query.pattern);
  if (query.regex) target += "&regex=true";
  if (query.ignore_case) target += "&ignore_case=true";
  if (!query.levels.empty()) target += "&levels=" + percent_encode(query.levels);
  if (!cursor.empty()) target += "&cursor=" + percent_encode(cursor);
  return call({.target = std::move(target)});
}

Answer<json::object> Client::sessions(std::string_view name) { return call({.target = path_of(name) + "/sessions"}); }

Answer<json::object> Client::operations(std::string_view name) {
  constexpr int most = 1000;  // as in api/openapi.yaml
  return call({.target = path_of(name) + fmt::format("/operations?limit={}", most)});
}

Answer<json::object> Client::interrupt(std::string_view name, const json::object& what) {
  return act(name, "interrupt", what);
}

Answer<json::object> Client::release(std::string_view name, std::string_view session) {
  return act(name, fmt::format("sessions/{}/release", percent_encode(session)), {});
}

Answer<json::object> Client::endpoint() { return call({.target = "/api/v1/endpoint"}); }

Answer<json::object> Client::endpoint_url(const std::string& connection) {
  ApiRequest request{.method = Method::post, .target = "/api/v1/endpoint/url"};
  if (!connection.empty()) request.body = json::serialize(json::object{{"connection", connection}});
  return call(std::move(request));
}

Answer<json::object> Client::rotate_token() {
  return call({.method = Method::post, .target = "/api/v1/endpoint/rotate"});
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : 0;
}

bool flag_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

std::vector<const json::object*> objects_of(const json::object& object, std::string_view key) {
  std::vector<const json::object*> found;
  if (const json::value* value = object.if_contains(key); value && value->is_array())
    for (const json::value& element : value->get_array())
      if (element.is_object()) found.push_back(&element.get_object());
  return found;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> found;
  if (const json::value* value = object.if_contains(key); value && value->is_array())
    for (const json::value& element : value->get_array())
      if (element.is_string()) found.emplace_back(element.get_string());
  return found;
}

}  // namespace firesteel::cli
