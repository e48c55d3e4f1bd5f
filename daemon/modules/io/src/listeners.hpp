// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace firesteel::io {

/// Inodes of the TCP sockets that listen on `port`, IPv4 and IPv6, whatever the address.
///
/// Asked by sock_diag(7), which looks at listening sockets alone: /proc/net/tcp walks through the kernel's whole table
/// of connections, which takes tens of milliseconds on a machine with much memory.
std::vector<std::uint32_t> listening_inodes(std::uint16_t port);

}  // namespace firesteel::io
