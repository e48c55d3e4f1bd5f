// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <memory>
#include <utility>

#include "firesteel/tls/waits.hpp"
#include "gateway_state.hpp"

/// The TLS handshake with a client, before it has a link.
namespace firesteel::gateway {

namespace asio = boost::asio;

namespace {

constexpr auto handshake_patience = std::chrono::seconds(10);
constexpr auto tell_interval = std::chrono::seconds(1);

/// Counts for as long as it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

/// Whether what has come begins as HTTP/2 in clear text does; a TLS client begins with a 22.
bool is_clear_http2(int socket) {
  char first = 0;
  return ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && first == 'P';
}

}  // namespace

asio::awaitable<void> Gateway::State::greet(Link::Socket socket) {
  auto counted = std::make_unique<Counted>(greeting_);
  const TimePoint deadline = Steady::now() + handshake_patience;
  ClientLink::Entry entry = co_await shake_hands(std::move(socket), deadline);
  counted.reset();
  if (entry.socket.is_open()) welcome(std::move(entry));
}

/// The socket is closed when it comes to nothing.
asio::awaitable<ClientLink::Entry> Gateway::State::shake_hands(Link::Socket socket, TimePoint deadline) {
  socket.native_non_blocking(true);
  auto error = co_await tls::wait_until(socket, tls::Stream::Outcome::wants_read, deadline);
  ClientLink::Entry entry{.socket = std::move(socket), .token = port_token()};
  if (!error && is_clear_http2(entry.socket.native_handle())) {
    entry.lacks_tls = true;
    co_return entry;
  }
  std::string why;
  if (!error) {
    entry.tls = tls::Stream::accept(identity_->current(clock_.now()), entry.socket.native_handle());
    error = co_await tls::shake_hands(entry.socket, *entry.tls, deadline);
    why = entry.tls->failure().message;
  }
  entry.token = port_token();  // it may be a new one by now
  if (!error) co_return entry;
  ++context_.metrics.failed_handshakes;
  if (const TimePoint now = clock_.now(); now - told_ > tell_interval) {  // hostile ones must not fill the log
    told_ = now;
    spdlog::info("gateway: no TLS with a client: {}", why.empty() ? error.message() : why);
  }
  boost::system::error_code ignored;
  entry.tls.reset();
  entry.socket.close(ignored);
  co_return entry;
}

}  // namespace firesteel::gateway
