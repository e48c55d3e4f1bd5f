// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace firesteel::gateway {

Wire::Got Wire::read(int socket, std::span<std::uint8_t> space) {
  ssize_t got = -1;
  do {
    got = ::recv(socket, space.data(), space.size(), MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return {0, State::closed};
  if (got > 0) {
    const auto size = static_cast<std::size_t>(got);
    return {size, size == space.size() ? State::ready : State::drained};
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {0, State::drained};
  error_ = errno;
  return {0, State::broken};
}

OutputQueue::Sent Wire::send(int socket, OutputQueue& output) {
  const auto sent = output.send(socket);
  if (sent == OutputQueue::Sent::broken) error_ = errno;
  return sent;
}

std::string Wire::problem() const { return std::strerror(error_); }

}  // namespace firesteel::gateway
