// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace firesteel {

/// "host:15002"; an IPv6 address stands in brackets.
inline std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  std::string out = is_ipv6 ? "[" : "";
  out += host;
  if (is_ipv6) out += ']';
  return out + ':' + std::to_string(port);
}

/// Whether only this machine reaches what is called so: an address of loopback, or `localhost`.
inline bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  return host.starts_with("127.") && ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace firesteel
