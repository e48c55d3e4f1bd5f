// SPDX-License-Identifier: Apache-2.0
#include "metrics.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace firesteel::gateway {
namespace {

void add(std::string& out, std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
}

}  // namespace

std::string Metrics::to_text(std::uint64_t block_bytes) const {
  std::string out;
  add(out, "firesteel_gateway_clients", "gauge", "Sockets of clients.", clients);
  add(out, "firesteel_gateway_servers", "gauge", "Sockets to Spark Connect servers.", servers);
  add(out, "firesteel_gateway_streams", "gauge", "Calls that run.", streams);
  add(out, "firesteel_gateway_buffer_bytes", "gauge", "Memory that holds what is under way.", block_bytes);
  add(out, "firesteel_gateway_clients_total", "counter", "Sockets of clients that were accepted.", clients_total);
  add(out, "firesteel_gateway_refused_tokens_total", "counter", "Calls with a wrong or no token.", refused_tokens);
  add(out, "firesteel_gateway_failed_handshakes_total", "counter", "Clients with whom TLS came to nothing.",
      failed_handshakes);
  add(out, "firesteel_gateway_received_bytes_total", "counter", "Bytes of messages from clients.", received_bytes);
  add(out, "firesteel_gateway_sent_bytes_total", "counter", "Bytes of messages to clients.", sent_bytes);
  constexpr std::string_view calls_name = "firesteel_gateway_calls_total";
  fmt::format_to(std::back_inserter(out), "# HELP {0} Calls that ended, by gRPC status.\n# TYPE {0} counter\n",
                 calls_name);
  for (std::size_t status = 0; status < calls.size(); ++status)
    if (calls[status] > 0)
      fmt::format_to(std::back_inserter(out), "{}{{status=\"{}\"}} {}\n", calls_name, status, calls[status]);
  return out;
}

}  // namespace firesteel::gateway
