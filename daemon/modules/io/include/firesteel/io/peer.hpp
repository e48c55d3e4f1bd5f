// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <unistd.h>

namespace firesteel::io {

/// Whether the other end of a connected unix socket is a process of this user. Of a socket that this process has
/// connected, the other end is who listens: in a shared temporary directory that can be somebody else.
inline bool is_own_peer(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

}  // namespace firesteel::io
