// SPDX-License-Identifier: Apache-2.0
#include "listeners.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel::io {
namespace {

struct DiagRequest {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

bool ask(int socket, int family) {
  DiagRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = static_cast<std::uint8_t>(family);
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = 1U << TCP_LISTEN;
  return ::send(socket, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

/// Reads one batch of the answer. False when it was the last one, or none.
bool read_batch(int socket, std::uint16_t port, std::vector<std::uint32_t>& inodes) {
  alignas(nlmsghdr) std::array<char, 32 * 1024> buffer;
  const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  auto left = static_cast<unsigned>(size);
  for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
       message = NLMSG_NEXT(message, left)) {
    if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) return false;
    const auto* socket_info = static_cast<const inet_diag_msg*>(NLMSG_DATA(message));
    if (ntohs(socket_info->id.idiag_sport) == port) inodes.push_back(socket_info->idiag_inode);
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> listening_inodes(std::uint16_t port) {
  std::vector<std::uint32_t> inodes;
  const UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  // The kernel answers at once or not at all.
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) return inodes;
  for (const int family : {AF_INET, AF_INET6})
    if (ask(socket.get(), family))
      while (read_batch(socket.get(), port, inodes)) continue;
  return inodes;
}

}  // namespace firesteel::io
