// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace firesteel::gateway {

void Wire::secure(tls::StreamPtr stream) {
  tls_ = std::move(stream);
  has_unread_ = true;  // the handshake may have taken more off the socket than its own bytes
}

Wire::Got Wire::read(int socket, std::span<std::uint8_t> space) {
  if (tls_) return read_tls(space);
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
  if (tls_) return send_tls(output);
  const auto sent = output.send(socket);
  if (sent == OutputQueue::Sent::broken) error_ = errno;
  return sent;
}

// One record after another until the socket has nothing more: what OpenSSL holds of the next one wakes nobody.
Wire::Got Wire::read_tls(std::span<std::uint8_t> space) {
  Got out;
  has_unread_ = read_waits_to_write_ = false;
  while (out.size < space.size()) {
    const auto moved = tls_->read(space.subspan(out.size));
    out.size += moved.size;
    switch (moved.outcome) {
      case tls::Stream::Outcome::done:
        continue;
      case tls::Stream::Outcome::wants_write:
        read_waits_to_write_ = true;
        return out;
      case tls::Stream::Outcome::wants_read:
        return out;
      case tls::Stream::Outcome::closed:
        out.state = State::closed;
        return out;
      case tls::Stream::Outcome::failed:
        failed_ = true;
        out.state = State::broken;
        return out;
    }
  }
  has_unread_ = true;
  out.state = State::ready;
  return out;
}

// Small pieces share a record. One that the socket took a part of is begun with again, as OpenSSL wants it: the queue
// only grows behind it.
OutputQueue::Sent Wire::send_tls(OutputQueue& output) {
  std::array<std::uint8_t, tls::Stream::largest_record>
      record;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is used
  send_waits_to_read_ = false;
  while (output.bytes() > 0) {
    const auto moved = tls_->write(output.first_bytes(record));
    output.took(moved.size);
    switch (moved.outcome) {
      case tls::Stream::Outcome::done:
        continue;
      case tls::Stream::Outcome::wants_read:
        send_waits_to_read_ = true;
        return OutputQueue::Sent::blocked;
      case tls::Stream::Outcome::wants_write:
        return OutputQueue::Sent::blocked;
      case tls::Stream::Outcome::closed:
        error_ = EPIPE;
        return OutputQueue::Sent::broken;
      case tls::Stream::Outcome::failed:
        failed_ = true;
        return OutputQueue::Sent::broken;
    }
  }
  return OutputQueue::Sent::all;
}

void Wire::say_goodbye() {
  if (tls_) tls_->say_goodbye();
}

const tls::Failure* Wire::failure() const { return failed_ ? &tls_->failure() : nullptr; }

std::string Wire::problem() const { return failed_ ? tls_->failure().message : std::strerror(error_); }

}  // namespace firesteel::gateway
