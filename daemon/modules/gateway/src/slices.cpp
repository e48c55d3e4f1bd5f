// SPDX-License-Identifier: Apache-2.0
#include "slices.hpp"

#include <cstring>
#include <new>
#include <utility>

namespace firesteel::gateway {
namespace {

constexpr std::size_t least_space = 32 * 1024;

}  // namespace

BlockPtr Block::make(std::size_t capacity, std::shared_ptr<std::size_t> total) {
  *total += capacity;
  return new (::operator new(sizeof(Block) + capacity)) Block(capacity, std::move(total));
}

void intrusive_ptr_release(Block* block) {
  if (--block->references_ > 0) return;
  *block->total_ -= block->capacity_;
  block->~Block();
  ::operator delete(block);
}

Slice Slice::split(std::size_t count) {
  if (count >= size) return std::exchange(*this, {});
  Slice first{block, data, count};
  data += count;
  size -= count;
  return first;
}

void SliceQueue::pop() {
  constexpr std::size_t most_gone = 64;
  slices_[first_++] = {};
  if (first_ == slices_.size()) {
    clear();
  } else if (first_ > most_gone && first_ * 2 > slices_.size()) {
    slices_.erase(slices_.begin(), slices_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void SliceQueue::clear() {
  slices_.clear();
  first_ = 0;
}

std::span<std::uint8_t> ReadPool::space() {
  if (current_ && !current_->is_shared()) used_ = 0;
  if (!current_ || current_->capacity() - used_ < least_space) {
    current_ = Block::make(block_size, total_);
    used_ = 0;
  }
  return {current_->begin() + used_, current_->capacity() - used_};
}

Slice ReadPool::keep(const std::uint8_t* data, std::size_t size) {
  if (size < copied_below || *total_ > sharing_limit) return copy(data, size);
  return {current_, data, size};
}

Slice ReadPool::copy(const std::uint8_t* data, std::size_t size) {
  const BlockPtr own = Block::make(size, total_);
  std::memcpy(own->begin(), data, size);
  return {own, own->begin(), size};
}

Slice ReadPool::put(const std::uint8_t* data, std::size_t size) {
  if (small_ && !small_->is_shared()) small_used_ = 0;
  if (!small_ || small_->capacity() - small_used_ < size) {
    small_ = Block::make(small_block, total_);
    small_used_ = 0;
  }
  std::uint8_t* place = small_->begin() + small_used_;
  std::memcpy(place, data, size);
  small_used_ += size;
  return {small_, place, size};
}

void ReadPool::release() {
  if (small_ && !small_->is_shared()) small_.reset();
  if (current_ && !current_->is_shared()) current_.reset();
}

}  // namespace firesteel::gateway
