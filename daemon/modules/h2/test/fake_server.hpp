// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace firesteel::h2::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The server's side of an HTTP/2 connection, by nghttp2's server session: bytes in, bytes out. What it answers is up
/// to the test.
class FakeServer {
 public:
  struct Request {
    std::int32_t stream = 0;
    std::map<std::string, std::string> headers;
    std::string body;
  };
  /// Called when a request is complete.
  using Handler = std::function<void(FakeServer&, const Request&)>;

  explicit FakeServer(Handler handler, std::vector<nghttp2_settings_entry> settings = {});
  ~FakeServer() { nghttp2_session_del(session_); }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  /// False when the client breaks HTTP/2.
  bool receive(std::string_view bytes);
  std::string output();

  /// Headers, one DATA stream of `body`, trailers; with an empty body the trailers follow at once.
  void respond(std::int32_t stream, std::string body, Headers trailers, Headers headers = grpc_headers());
  /// One header block that ends the stream.
  void respond_trailers_only(std::int32_t stream, Headers headers);
  /// Headers and DATA, and then nothing.
  void respond_half(std::int32_t stream, std::string body);
  /// A reply of OK with this message.
  void reply(std::int32_t stream, std::string_view message);

  void reset(std::int32_t stream, std::uint32_t error_code);
  /// Says goodbye, having taken the requests up to `last_stream`.
  void goaway(std::int32_t last_stream, std::uint32_t error_code = NGHTTP2_NO_ERROR);
  void ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

  std::vector<Request> requests;                               ///< complete ones
  std::vector<std::pair<std::int32_t, std::uint32_t>> resets;  ///< RST_STREAM frames that came
  int ping_acks = 0;

  static Headers grpc_headers() { return {{":status", "200"}, {"content-type", "application/grpc"}}; }
  static std::string framed(std::string_view message, bool compressed = false);

 private:
  struct Body {
    std::string bytes;
    std::size_t sent = 0;
    Headers trailers;
    bool ends = true;
  };

  void submit(std::int32_t stream, const Headers& headers, Body body);
  static std::vector<nghttp2_nv> as_nv(const Headers& headers);
  int on_frame(const nghttp2_frame& frame);
  ssize_t on_read(std::int32_t stream, std::uint8_t* out, std::size_t size, std::uint32_t& flags);

  Handler handler_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, Request> open_;
  std::map<std::int32_t, Body> bodies_;
};

}  // namespace firesteel::h2::test
