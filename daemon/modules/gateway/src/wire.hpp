// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "firesteel/tls/stream.hpp"
#include "output_queue.hpp"

namespace firesteel::gateway {

/// How a link's bytes get through its socket, which stays the link's: as they are, or by TLS. Nothing here waits.
class Wire {
 public:
  enum class State {
    ready,    ///< there may be more to read at once
    drained,  ///< nothing more is there until the socket is readable again
    closed,   ///< by the peer
    broken    ///< see problem()
  };
  struct Got {
    std::size_t size = 0;  ///< bytes that were read, whatever the state
    State state = State::drained;
  };

  /// From here on by TLS, whose handshake is done.
  void secure(tls::StreamPtr stream);

  /// Reads what is there, as far as `space` takes it.
  Got read(int socket, std::span<std::uint8_t> space);
  /// Writes what the socket takes now.
  OutputQueue::Sent send(int socket, OutputQueue& output);
  /// What has to come before read() or send() makes sense again is the opposite of what one expects: a record of TLS
  /// itself has to be written before more is read, or the other way round.
  bool read_waits_to_write() const { return read_waits_to_write_; }
  bool send_waits_to_read() const { return send_waits_to_read_; }
  /// Whether there is something to read although the socket may have nothing.
  bool has_unread() const { return has_unread_; }
  /// The peer is told that this is the end, as far as that is possible now.
  void say_goodbye();

  /// Why the last call found it broken.
  std::string problem() const;
  /// Why TLS failed; null when it is something else.
  const tls::Failure* failure() const;

 private:
  Got read_tls(std::span<std::uint8_t> space);
  OutputQueue::Sent send_tls(OutputQueue& output);

  tls::StreamPtr tls_;
  bool failed_ = false;  ///< TLS did
  bool has_unread_ = false;
  bool read_waits_to_write_ = false;
  bool send_waits_to_read_ = false;
  int error_ = 0;  ///< errno of what failed
};

}  // namespace firesteel::gateway
