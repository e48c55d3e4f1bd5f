// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace firesteel::gateway {

/// Memory that slices share. One thread only: the count is a plain number.
class Block {
 public:
  /// `total`: counts the bytes of all blocks that exist.
  static boost::intrusive_ptr<Block> make(std::size_t capacity, std::shared_ptr<std::size_t> total);

  std::uint8_t* begin() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  std::size_t capacity() const { return capacity_; }
  bool is_shared() const { return references_ > 1; }

 private:
  Block(std::size_t capacity, std::shared_ptr<std::size_t> total) : capacity_(capacity), total_(std::move(total)) {}

  friend void intrusive_ptr_add_ref(Block* block) { ++block->references_; }
  friend void intrusive_ptr_release(Block* block);

  std::size_t references_ = 0;
  std::size_t capacity_;
  std::shared_ptr<std::size_t> total_;
};

using BlockPtr = boost::intrusive_ptr<Block>;

/// Bytes that stay where they were read, for as long as somebody wants them.
struct Slice {
  BlockPtr block;
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;

  /// Takes the first bytes away and gives them.
  Slice split(std::size_t count);
};

/// Slices in order. A call of a few messages needs no memory for it.
class SliceQueue {
 public:
  void push(Slice slice) { slices_.push_back(std::move(slice)); }
  Slice& front() { return slices_[first_]; }
  void pop();
  void clear();
  std::span<const Slice> all() const { return {slices_.data() + first_, slices_.size() - first_}; }

 private:
  boost::container::small_vector<Slice, 2> slices_;
  std::size_t first_ = 0;
};

/// Where sockets are read into: one block after another, and the same one again as long as nobody holds a part of it,
/// so that what is passed on at once is still in the processor's cache and idle sockets cost nothing.
class ReadPool {
 public:
  static constexpr std::size_t block_size = 256 * 1024;
  /// Shorter slices are copied: a few bytes must not hold a block.
  static constexpr std::size_t copied_below = 1024;
  static constexpr std::size_t small_block = 16 * 1024;
  /// With more than this in blocks every slice is copied, so that memory is what the slices need and no more.
  static constexpr std::size_t sharing_limit = 64 * 1024 * 1024;

  /// Space to read into; valid until the next call.
  std::span<std::uint8_t> space();
  /// So much of it was used.
  void commit(std::size_t size) { used_ += size; }
  /// Keeps bytes that lie in the space.
  Slice keep(const std::uint8_t* data, std::size_t size);
  /// A copy in memory of its own.
  Slice copy(const std::uint8_t* data, std::size_t size);

  /// A copy beside other small ones, right behind the one before it where there is room. At most `small_block` bytes.
  Slice put(const std::uint8_t* data, std::size_t size);

  /// Gives the blocks back that wait for their next use.
  void release();

  std::size_t bytes() const { return *total_; }

 private:
  std::shared_ptr<std::size_t> total_ = std::make_shared<std::size_t>(0);
  BlockPtr current_;
  std::size_t used_ = 0;
  BlockPtr small_;
  std::size_t small_used_ = 0;
};

}  // namespace firesteel::gateway
