// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace firesteel::gateway {

/// What the gateway counts: since it began, unless it is a gauge.
struct Metrics {
  std::uint64_t clients = 0;  ///< gauge: sockets of clients
  std::uint64_t servers = 0;  ///< gauge: sockets to servers
  std::uint64_t streams = 0;  ///< gauge: calls that run
  std::uint64_t clients_total = 0;
  std::uint64_t streams_total = 0;
  std::uint64_t refused_tokens = 0;
  std::uint64_t failed_handshakes = 0;    ///< of TLS, with clients
  std::uint64_t received_bytes = 0;       ///< of messages, from clients
  std::uint64_t sent_bytes = 0;           ///< of messages, to clients
  std::array<std::uint64_t, 17> calls{};  ///< by gRPC status
  std::uint64_t turns = 0;                ///< calls that began and calls that ended, together

  void call_began() { ++streams, ++streams_total, ++turns; }
  void call_ended(int status) { ++calls[static_cast<std::size_t>(status)], ++turns; }

  /// Prometheus' text format; `block_bytes`: memory that holds what is under way.
  std::string to_text(std::uint64_t block_bytes) const;
};

}  // namespace firesteel::gateway
