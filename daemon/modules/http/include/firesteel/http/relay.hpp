// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/http/message.hpp"

namespace firesteel::http {

/// Another HTTP server of this machine, whose pages go through ours.
struct Upstream {
  std::uint16_t port = 0;                                    ///< on 127.0.0.1
  std::vector<std::pair<std::string, std::string>> headers;  ///< set on the request, in the place of the client's
  /// Not empty: the server takes this for the path of its root, whatever it is told; in its HTML and its redirects the
  /// route's context takes its place.
  std::string own_context{};
  std::string moved_to{};  ///< not empty: the client is sent to this target below the route's root, nothing is asked
};

/// What a relay's route is told of a request.
struct RelayCall {
  Fields path;                  ///< as in Call
  std::string target;           ///< below the route's root, with the query: "/jobs/job/?id=3"
  std::string context;          ///< the path that the browser knows the route's root by: "/user/ana/firesteel/ui/main"
  bool from_elsewhere = false;  ///< the browser says that a page of another site leads here, or its picture
};

/// Says where the request goes; an error becomes a page of plain text.
using RelayHandler = std::function<boost::asio::awaitable<Result<Upstream>>(RelayCall)>;

}  // namespace firesteel::http
