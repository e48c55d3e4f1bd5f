// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel::io {

Result<std::uint16_t> free_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!fd || ::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0)
    return Error{.code = Errc::internal,
                 .message = std::string("No free port on 127.0.0.1: ") + std::strerror(errno) + "."};
  return ntohs(address.sin_port);
}

}  // namespace firesteel::io
