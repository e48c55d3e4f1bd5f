// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::spark {

/// What a Spark Connect server says of itself: printable ASCII, at most 256 characters each.
struct ServerFacts {
  std::string spark_version;   ///< "4.3.0"
  std::string application_id;  ///< "local-1763798400000"; empty when the server tells none (not every engine has one)

  friend bool operator==(const ServerFacts&, const ServerFacts&) = default;
};

/// Asks the Spark Connect server on 127.0.0.1:`port` for its version (AnalyzePlan) and its application id (Config),
/// as a session of its own that it releases again. `secret` is sent as bearer token. One attempt; the caller repeats.
///
/// Errors: Errc::not_ready (refused, closed or UNAVAILABLE: not up yet, or gone), timed_out (`deadline` passed),
/// internal (any other gRPC status, in words, e.g. UNAUTHENTICATED; or an answer that isn't Spark Connect's).
/// Throws system_error(operation_aborted) when the coroutine is cancelled.
boost::asio::awaitable<Result<ServerFacts>> probe_server(std::uint16_t port, std::string secret, TimePoint deadline);

}  // namespace firesteel::spark
