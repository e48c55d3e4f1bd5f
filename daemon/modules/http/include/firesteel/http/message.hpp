// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"

namespace firesteel::http {

using Fields = std::map<std::string, std::string, std::less<>>;

/// A request that has passed the checks of its route, in plain values.
struct Call {
  Fields path;                              ///< "{name}" of the route's pattern → what stands there, decoded
  Fields query;                             ///< decoded; a repeated key keeps its last value
  std::string caller_python;                ///< X-Firesteel-Python; empty when absent
  std::optional<boost::json::object> body;  ///< absent when the request has none
};

struct Reply {
  int status = 200;
  boost::json::value body{};
  std::string text_type{};  ///< of a reply that is no JSON, e.g. "text/plain"; `body` is then a string, sent as it is
};

/// Where a WebSocket's route sends its messages.
class Viewer {
 public:
  virtual ~Viewer() = default;
  /// Sends one text message. Throws system_error when the viewer has gone or doesn't read for 10 s.
  virtual boost::asio::awaitable<void> send(std::string text) = 0;
};

using Handler = std::function<boost::asio::awaitable<Result<Reply>>(Call)>;
/// Runs as long as the viewer stays; cancelled when it leaves.
using WatchHandler = std::function<boost::asio::awaitable<void>(Viewer&)>;

}  // namespace firesteel::http
