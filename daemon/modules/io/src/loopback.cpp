// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel::io {
namespace {

constexpr int longest_wait_ms = 20;

sockaddr_in loopback(std::uint16_t port, in_addr_t host = INADDR_LOOPBACK) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

Result<std::uint16_t> free_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!fd || ::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0)
    return Error{.code = Errc::internal,
                 .message = std::string("No free port on 127.0.0.1: ") + std::strerror(errno) + "."};
  return ntohs(address.sin_port);
}

bool is_taken(std::uint16_t port) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  // From another address of the loopback device: the kernel may choose `port` as the source, and a socket that calls
  // its own number is connected to itself.
  const sockaddr_in source = loopback(0, INADDR_LOOPBACK + 1);
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) return false;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  if (errno != EINPROGRESS) return false;
  // Usually a connection on the loopback device is made, or refused, before the call returns; a busy machine needs
  // longer.
  pollfd entry{.fd = fd.get(), .events = POLLOUT, .revents = 0};
  int error = 0;
  socklen_t size = sizeof error;
  return ::poll(&entry, 1, longest_wait_ms) == 1 && ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
         error == 0;
}

}  // namespace firesteel::io
