// SPDX-License-Identifier: Apache-2.0
// The floor: a TCP relay that reads and writes bytes on one thread, and looks at none of them.
//   bench_relay UPSTREAM_PORT PORT        runs until it is killed
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;
constexpr std::size_t kEvents = 256;

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category());
  return result;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// One end of a relayed pair. Bytes read here that the other end could not take yet wait in `pending`.
struct End {
  int socket;
  End* other = nullptr;
  std::string pending{};
  bool finished = false;  ///< its peer sends no more
  bool dead = false;
};

class Relay {
 public:
  Relay(int upstream_port, int port)
      : upstream_(loopback(upstream_port)),
        poll_(checked(epoll_create1(0))),
        listener_(checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0))) {
    const auto address = loopback(port);
    checked(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    checked(listen(listener_, SOMAXCONN));
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN, nullptr);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, kEvents> events{};
    while (true) {
      const int count = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        if (events[i].data.ptr == nullptr) {
          accept_pair();
          continue;
        }
        auto& end = *static_cast<End*>(events[i].data.ptr);
        if (!end.dead && (events[i].events & EPOLLOUT) != 0) flush(*end.other);
        if (!end.dead && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) forward(end);
      }
      dead_.clear();  // only now, as later events of this round may point to them
    }
  }

 private:
  void watch(int operation, int socket, unsigned events, End* end) const {
    epoll_event event{};
    event.events = events;
    event.data.ptr = end;
    checked(epoll_ctl(poll_, operation, socket, &event));
  }

  void accept_pair() const {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (client < 0) return;
    const int server = checked(socket(AF_INET, SOCK_STREAM, 0));
    checked(connect(server, reinterpret_cast<const sockaddr*>(&upstream_), sizeof upstream_));
    auto* left = new End{client};         // NOLINT: a pair is owned by the poll set until close_pair()
    auto* right = new End{server, left};  // NOLINT
    left->other = right;
    for (End* end : {left, right}) {
      const int on = 1;
      checked(setsockopt(end->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
      watch(EPOLL_CTL_ADD, end->socket, EPOLLIN, end);
    }
  }

  /// Reads what `from` has, once, and writes it to the other end.
  void forward(End& from) {
    if (!from.pending.empty()) return close_pair(from);  // not read from now: it was reset
    const ssize_t got = recv(from.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) close_pair(from);
      return;
    }
    if (got == 0) {
      from.finished = true;
      shutdown(from.other->socket, SHUT_WR);
      return from.other->finished ? close_pair(from) : listen_again(from);
    }
    const ssize_t put =
        send(from.other->socket, buffer_.data(), static_cast<std::size_t>(got), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return close_pair(from);
    if (put == got) return;
    from.pending.assign(buffer_.data() + std::max<ssize_t>(put, 0),
                        static_cast<std::size_t>(got - std::max<ssize_t>(put, 0)));
    listen_again(from), listen_again(*from.other);
  }

  /// Writes what waits to go from `from` to its other end.
  void flush(End& from) {
    const ssize_t put = send(from.other->socket, from.pending.data(), from.pending.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0) {
      if (errno != EAGAIN && errno != EINTR) close_pair(from);
      return;
    }
    from.pending.erase(0, static_cast<std::size_t>(put));
    if (!from.pending.empty()) return;
    std::string().swap(from.pending);
    listen_again(from), listen_again(*from.other);
  }

  /// An end is read from while nothing waits that came from it, and written to while something waits to go there.
  void listen_again(End& end) const {
    const unsigned read = end.pending.empty() && !end.finished ? unsigned{EPOLLIN} : 0;
    const unsigned write = end.other->pending.empty() ? 0 : unsigned{EPOLLOUT};
    watch(EPOLL_CTL_MOD, end.socket, read | write, &end);
  }

  void close_pair(End& end) {
    for (End* each : {&end, end.other}) {
      each->dead = true;
      close(each->socket);
      dead_.emplace_back(each);
    }
  }

  sockaddr_in upstream_;
  int poll_;
  int listener_;
  std::vector<char> buffer_ = std::vector<char>(kBuffer);
  std::vector<std::unique_ptr<End>> dead_{};
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Relay(std::atoi(arguments[1]), std::atoi(arguments[2])).run();
}
