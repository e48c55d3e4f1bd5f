// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
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

/// A body that is made while it is sent.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next piece, of some 100 KiB at most; an empty one is the end. What it throws cuts the reply off, so that the
  /// client sees that it isn't whole.
  virtual boost::asio::awaitable<std::string> next() = 0;
};

struct Reply {
  int status = 200;
  boost::json::value body{};
  std::string text_type{};  ///< of a reply that is no JSON, e.g. "text/plain"; `body` is then a string, sent as it is
  /// In the place of `body`, with `text_type`; gzipped on the way for a client that takes it.
  std::unique_ptr<BodySource> pieces{};
  std::string file_name{};  ///< what a browser saves it as: visible ASCII without quotes; empty: it shows it
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
