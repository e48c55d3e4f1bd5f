// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "firesteel/core/version.hpp"
#include "firesteel/io/peer.hpp"
#include "transport.hpp"

namespace firesteel::cli {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint32_t max_header = 64 * 1024;

http::verb verb_of(Method method) {
  switch (method) {
    case Method::post:
      return http::verb::post;
    case Method::delete_:
      return http::verb::delete_;
    case Method::get:
      break;
  }
  return http::verb::get;
}

/// A header's value may hold only what api/openapi.yaml allows for X-Firesteel-Python.
bool fits_header(std::string_view path) {
  if (path.empty() || path.size() > 4096 || path.front() != '/') return false;
  for (const char c : path)
    if (c < '!' || c > '~') return false;
  return true;
}

http::request<http::string_body> message_of(const ApiRequest& request) {
  http::request<http::string_body> message(verb_of(request.method), request.target, 11);
  message.set(http::field::host, "localhost");
  message.set(http::field::accept, "application/json");
  message.set(http::field::connection, "close");
  message.set("X-Firesteel-Client", fmt::format("cli/{}", version()));
  if (fits_header(request.python)) message.set("X-Firesteel-Python", request.python);
  if (request.body) {
    message.set(http::field::content_type, "application/json");
    message.body() = *request.body;
  }
  message.prepare_payload();
  return message;
}

/// One exchange on a socket of its own; the deadline covers connecting, writing and reading together.
class Exchange {
 public:
  Exchange(const std::filesystem::path& socket, const ApiRequest& request)
      : socket_(socket), timeout_(request.timeout), message_(message_of(request)) {
    parser_.header_limit(max_header);
    parser_.body_limit(max_reply);
  }

  Answer<ApiReply> run() {
    stream_.expires_after(timeout_);
    stream_.async_connect(net::local::stream_protocol::endpoint(socket_.string()),
                          [this](error_code error) { on_connect(error); });
    io_.run();
    if (problem_) return *problem_;
    return ApiReply{parser_.get().result_int(), std::move(parser_.get().body())};
  }

 private:
  void on_connect(error_code error) {
    if (error) return fail(error, true);
    if (!io::is_own_peer(stream_.socket().native_handle())) {
      problem_ = Problem{.code = "internal",
                         .message = fmt::format("Who listens on {} is another user.", socket_.string()),
                         .advice = "Set FIRESTEEL_RUNTIME_DIR to a directory of your own."};
      return;
    }
    http::async_write(stream_, message_, [this](error_code e, std::size_t) { on_written(e); });
  }

  void on_written(error_code error) {
    // A daemon that refuses a large body may close early; what it answered is still worth reading.
    if (error && error != net::error::broken_pipe) return fail(error, false);
    http::async_read(stream_, buffer_, parser_, [this](error_code e, std::size_t) {
      if (e) fail(e, false);
    });
  }

  void fail(error_code error, bool connecting) {
    const std::string where = socket_.string();
    if (error == beast::error::timeout) {
      problem_ = Problem{.code = "timed_out",
                         .message = fmt::format("The daemon on {} did not answer within {} s.", where,
                                                std::chrono::ceil<std::chrono::seconds>(timeout_).count()),
                         .advice = "It may be overloaded or stopped (SIGSTOP); `firesteel doctor` looks further."};
    } else if (error == http::error::body_limit || error == http::error::header_limit) {
      problem_ = Problem{.code = "bad_reply",
                         .message = fmt::format("The daemon's reply is larger than {} MiB.", max_reply / 1024 / 1024),
                         .advice = "Ask for less, e.g. fewer log lines."};
    } else if (connecting && (error == boost::system::errc::no_such_file_or_directory ||
                              error == boost::system::errc::connection_refused)) {
      problem_ = Problem{.code = "no_daemon",
                         .message = "No Firesteel daemon runs.",
                         .advice = "`firesteel start` starts one together with a connection."};
    } else if (connecting) {
      problem_ = Problem{.code = "internal",
                         .message = fmt::format("Can't reach the daemon's socket {}: {}.", where, error.message()),
                         .advice = "`firesteel doctor` checks its owner and mode."};
    } else if (error == http::error::end_of_stream || error == http::error::partial_message ||
               error == net::error::connection_reset || error == net::error::eof) {
      problem_ = Problem{.code = "no_daemon",
                         .message = "The daemon went away before it had answered.",
                         .advice = "`firesteel status` tells whether another one runs."};
    } else {
      problem_ = Problem{.code = "bad_reply",
                         .message = fmt::format("What answers on {} does not speak HTTP: {}.", where, error.message()),
                         .advice = "Is it another program's socket? `firesteel paths` shows where things should be."};
    }
  }

  std::filesystem::path socket_;
  std::chrono::milliseconds timeout_;
  net::io_context io_{1};
  beast::basic_stream<net::local::stream_protocol> stream_{io_};
  http::request<http::string_body> message_;
  beast::flat_buffer buffer_{max_header + max_reply};
  http::response_parser<http::string_body> parser_;
  std::optional<Problem> problem_;
};

class UnixHttp final : public Transport {
 public:
  explicit UnixHttp(std::filesystem::path socket) : socket_(std::move(socket)) {}

  Answer<ApiReply> exchange(const ApiRequest& request) override {
    try {
      return Exchange(socket_, request).run();
    } catch (const boost::system::system_error& error) {  // the path does not fit a socket's address
      return Problem{.code = "internal",
                     .message = fmt::format("{} can't be a socket: {}.", socket_.string(), error.code().message()),
                     .advice = "Set FIRESTEEL_RUNTIME_DIR to a shorter path (a socket's path holds 107 bytes)."};
    }
  }

 private:
  std::filesystem::path socket_;
};

}  // namespace

std::unique_ptr<Transport> unix_http(std::filesystem::path socket) {
  return std::make_unique<UnixHttp>(std::move(socket));
}

}  // namespace firesteel::cli
