// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

namespace firesteel::gateway {

/// Small blocks of memory that were given back, for who wants one of that size next.
///
/// The C library keeps seven of a size at hand, and joins and splits the others. Of many calls at once each has some of
/// the same few sizes. Not for several threads.
class SpareBlocks {
 public:
  /// `keeps`: else all goes to the C library at once, so that a sanitizer sees each block come and go.
  explicit SpareBlocks(bool keeps = !is_sanitized) : keeps_(keeps) {}
  SpareBlocks(const SpareBlocks&) = delete;
  SpareBlocks& operator=(const SpareBlocks&) = delete;
  ~SpareBlocks() { clear(); }

  /// As malloc, calloc, realloc and free, which may be mixed with these.
  void* get(std::size_t size);
  void* get_zeroed(std::size_t count, std::size_t size);
  void put_back(void* place);

  /// Gives all to the C library.
  void clear();
  /// How much is kept, in bytes; at most `most_bytes`.
  std::size_t bytes() const { return bytes_; }

  static constexpr std::size_t largest = 1024;
  static constexpr std::size_t most_bytes = 128 * 1024;

 private:
#ifdef __SANITIZE_ADDRESS__
  static constexpr bool is_sanitized = true;
#else
  static constexpr bool is_sanitized = false;
#endif
  struct Spare {
    Spare* next;
  };
  /// Blocks of class n have room for 16 n + 8 bytes, as glibc cuts them.
  static constexpr std::size_t step = 16;
  static constexpr std::size_t extra = 8;
  static std::size_t class_for(std::size_t size) { return size <= step + extra ? 1 : (size - extra + step - 1) / step; }

  std::array<Spare*, largest / step + 1> spares_{};
  const bool keeps_;
  std::size_t bytes_ = 0;
};

}  // namespace firesteel::gateway
