// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "output_queue.hpp"

namespace firesteel::gateway {

/// How a link's bytes get through its socket, which stays the link's: nothing here waits.
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

  /// Reads what is there, as far as `space` takes it.
  Got read(int socket, std::span<std::uint8_t> space);
  /// Writes what the socket takes now.
  OutputQueue::Sent send(int socket, OutputQueue& output);
  /// Why the last call found it broken.
  std::string problem() const;

 private:
  int error_ = 0;  ///< errno of what failed
};

}  // namespace firesteel::gateway
