// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/spark_ui.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <utility>

#include "firesteel/sparkui/ui_token.hpp"

namespace firesteel::sparkui {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint64_t longest_answer = 16 << 20;

struct Answer {
  unsigned status = 0;
  std::string body;
};

Error unreached(error_code error) {
  if (error == beast::error::timeout)
    return {.code = Errc::timed_out, .message = "The Spark UI did not answer in time."};
  const bool too_long = error == http::error::body_limit;
  return {.code = too_long ? Errc::internal : Errc::not_ready,
          .message = fmt::format("The Spark UI can't be asked: {}.", error.message())};
}

asio::awaitable<Result<Answer>> ask(UiAddress address, http::verb verb, std::string target, std::string form,
                                    TimePoint deadline) {
  const auto token = ui_token(address.key);
  if (!token) co_return token.error();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  beast::tcp_stream stream(executor);
  stream.expires_at(deadline);
  error_code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), address.port);
  co_await stream.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return unreached(error);

  http::request<http::string_body> request(verb, target, 11);
  request.set(http::field::host, fmt::format("127.0.0.1:{}", address.port));
  request.set(http::field::authorization, "Bearer " + *token);
  request.set(http::field::connection, "close");
  if (!form.empty()) request.set(http::field::content_type, "application/x-www-form-urlencoded");
  request.body() = std::move(form);
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return unreached(error);

  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(longest_answer);
  co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return unreached(error);
  Answer answer;
  answer.status = parser.get().result_int();
  answer.body = std::move(parser.get().body());
  co_return answer;
}

/// The same for what must be answered with 200.
asio::awaitable<Result<std::string>> get(UiAddress address, std::string target, TimePoint deadline) {
  auto answer = co_await ask(std::move(address), http::verb::get, target, {}, deadline);
  if (!answer) co_return answer.error();
  if (answer->status != 200)
    co_return Error{.code = Errc::not_ready,
                    .message = fmt::format("The Spark UI answered {} with status {}.", target, answer->status)};
  co_return std::move(answer->body);
}

Result<std::string> first_application(std::string_view text) {
  error_code error;
  const auto value = boost::json::parse(text, error);
  if (!error && value.is_array() && !value.get_array().empty())
    if (const auto* object = value.get_array().front().if_object())
      if (const auto* id = object->if_contains("id"); id && id->is_string()) return std::string(id->get_string());
  return Error{.code = Errc::internal, .message = "The Spark UI's list of applications can't be read."};
}

/// What Spark 4.3 and later want back with a form; empty when the page has none.
std::string csrf_token(const std::string& page) {
  static const re2::RE2 pattern(R"re(name="csrfToken"\s+value="([0-9A-Za-z_-]{1,128})")re");
  std::string token;
  return re2::RE2::PartialMatch(page, pattern, &token) ? token : std::string();
}

}  // namespace

asio::awaitable<bool> SparkUi::knows(std::string application, TimePoint deadline) const {
  const std::string target = "/api/v1/applications/" + application;
  const auto facts = co_await get(address_, target, deadline);
  if (!facts) co_return false;
  // Spark 4.0 lists an application a moment before it can show it. Reading a long log takes longer than we wait, and
  // that is no reason to wait on: whoever asks for a page does.
  const auto shown = co_await ask(address_, http::verb::get, target + "/allexecutors", {}, deadline);
  co_return !shown || shown->status != static_cast<unsigned>(http::status::not_found);
}

asio::awaitable<Result<std::vector<Job>>> SparkUi::running_jobs(TimePoint deadline) const {
  const auto applications = co_await get(address_, "/api/v1/applications", deadline);
  if (!applications) co_return applications.error();
  const auto id = first_application(*applications);
  if (!id) co_return id.error();
  const auto jobs = co_await get(address_, fmt::format("/api/v1/applications/{}/jobs?status=running", *id), deadline);
  if (!jobs) co_return jobs.error();
  co_return read_jobs(*jobs);
}

asio::awaitable<Result<void>> SparkUi::kill(std::vector<std::int64_t> jobs, TimePoint deadline) const {
  const auto page = co_await get(address_, "/jobs/", deadline);
  if (!page) co_return page.error();
  const std::string token = csrf_token(*page);
  for (const std::int64_t job : jobs) {
    std::string form = fmt::format("id={}", job);
    if (!token.empty()) form += "&csrfToken=" + token;
    const auto answer = co_await ask(address_, http::verb::post, "/jobs/job/kill/", std::move(form), deadline);
    if (!answer) co_return answer.error();
    // A job that has ended has no link, and then the page may have no token.
    if (answer->status >= 400 && !token.empty())
      co_return Error{.code = Errc::wrong_state,
                      .message = fmt::format("Spark doesn't let job {} be stopped (status {}).", job, answer->status)};
  }
  co_return Result<void>{};
}

}  // namespace firesteel::sparkui
