// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "problem.hpp"

namespace firesteel::cli {

enum class Method { get, post, delete_ };

struct ApiRequest {
  Method method = Method::get;
  std::string target{};               ///< path and query, percent-encoded
  std::optional<std::string> body{};  ///< JSON
  std::string python{};               ///< for the header X-Firesteel-Python; may be empty
  std::chrono::milliseconds timeout{10'000};
};

struct ApiReply {
  unsigned status = 0;
  std::string body{};
};

/// One request and its reply.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Problems: `no_daemon` when nobody listens, `timed_out`, `bad_reply` for what is no HTTP, is too large or ends
  /// early.
  virtual Answer<ApiReply> exchange(const ApiRequest& request) = 0;
};

/// The largest reply that is read, in bytes.
inline constexpr std::size_t max_reply = std::size_t{16} * 1024 * 1024;

/// HTTP/1.1 over a unix socket; each exchange has its own socket, so a daemon that was replaced is met at once.
std::unique_ptr<Transport> unix_http(std::filesystem::path socket);

}  // namespace firesteel::cli
