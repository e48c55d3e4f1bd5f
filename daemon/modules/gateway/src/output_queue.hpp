// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "slices.hpp"

namespace firesteel::gateway {

/// What is to be written to one socket, in order: small things copied together, large ones where they are.
class OutputQueue {
 public:
  enum class Sent { all, blocked, broken };

  explicit OutputQueue(ReadPool& pool) : pool_(pool) {}

  void add(const std::uint8_t* data, std::size_t size);
  void add(Slice slice);

  /// Writes what the socket takes now. broken: see errno.
  Sent send(int socket);

  /// The first bytes that wait, as many as `space` has room for: where they are if they lie together, else copied into
  /// it. For who writes them by other means and says then how many it took().
  std::span<const std::uint8_t> first_bytes(std::span<std::uint8_t> space) const;
  void took(std::size_t size);

  std::size_t bytes() const { return bytes_; }
  void clear();

 private:
  static constexpr std::size_t most_pieces = 64;
  static constexpr std::size_t copied_below = 512;

  ReadPool& pool_;
  std::vector<Slice> pieces_;
  std::size_t first_ = 0;  ///< of the pieces that are not written yet
  std::size_t bytes_ = 0;
};

}  // namespace firesteel::gateway
