// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "spare_blocks.hpp"

namespace firesteel::gateway {

/// The memory of all sessions of a thread: one buffer in which they put their frames together, and what they need else.
///
/// nghttp2 gives each session one of 16 KiB, of which two pages are used for good although a frame is in it only within
/// one call of nghttp2_session_mem_send and until what that gave is copied (and a client's first bytes from the making
/// of the session on: who makes one takes them at once). That nothing of it is wanted afterwards is not what nghttp2
/// promises: frame_memory_test finds out when a version wants it. What a session needs beyond the first buffer
/// (CONTINUATION, larger frames) is its own. Must outlive the sessions.
class FrameMemory {
 public:
  FrameMemory();
  FrameMemory(const FrameMemory&) = delete;
  FrameMemory& operator=(const FrameMemory&) = delete;

  /// Makes a session with `make(nghttp2_mem*)`.
  template <class Make>
  auto for_session(Make make) {
    offered_ = true;
    auto made = make(&hooks_);
    offered_ = false;
    return made;
  }

  /// Gives back what nobody uses.
  void trim() { blocks_.clear(); }

  /// Spoils what is in the buffer, for tests.
  void spoil();
  /// How many sessions have taken the buffer, for tests.
  std::size_t taken() const { return taken_; }

 private:
  static constexpr std::size_t least = 16 * 1024;  ///< smaller ones are no frame buffers
  static constexpr std::size_t capacity = 20 * 1024;

  void* get(std::size_t size);
  void put_back(void* place);
  void* resize(void* place, std::size_t size);

  nghttp2_mem hooks_{};
  SpareBlocks blocks_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  bool offered_ = false;
  std::size_t taken_ = 0;
};

}  // namespace firesteel::gateway
