// SPDX-License-Identifier: Apache-2.0
#include "frame_memory.hpp"

#include <cstdlib>
#include <cstring>

namespace firesteel::gateway {

FrameMemory::FrameMemory() : buffer_(std::make_unique<std::uint8_t[]>(capacity)) {
  hooks_.mem_user_data = this;
  hooks_.malloc = [](std::size_t size, void* user) { return static_cast<FrameMemory*>(user)->get(size); };
  hooks_.calloc = [](std::size_t count, std::size_t size, void* user) {
    return static_cast<FrameMemory*>(user)->blocks_.get_zeroed(count, size);
  };
  hooks_.free = [](void* place, void* user) { static_cast<FrameMemory*>(user)->put_back(place); };
  hooks_.realloc = [](void* place, std::size_t size, void* user) {
    return static_cast<FrameMemory*>(user)->resize(place, size);
  };
}

void* FrameMemory::get(std::size_t size) {
  if (!offered_ || size < least || size > capacity) return blocks_.get(size);
  offered_ = false;  // one for each session
  ++taken_;
  return buffer_.get();
}

void FrameMemory::put_back(void* place) {
  if (place && place != buffer_.get()) blocks_.put_back(place);
}

void* FrameMemory::resize(void* place, std::size_t size) {
  if (!place) return get(size);
  if (place != buffer_.get()) return std::realloc(place, size);
  void* own = std::malloc(size);
  if (own) std::memcpy(own, place, size < capacity ? size : capacity);
  return own;
}

void FrameMemory::spoil() { std::memset(buffer_.get(), 0xa5, capacity); }

}  // namespace firesteel::gateway
