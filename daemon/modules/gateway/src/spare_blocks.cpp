// SPDX-License-Identifier: Apache-2.0
#include "spare_blocks.hpp"

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace firesteel::gateway {

void* SpareBlocks::get(std::size_t size) {
  if (size > largest) return std::malloc(size);
  const std::size_t kind = class_for(size);
  Spare* const spare = spares_[kind];
  if (!spare) return std::malloc(kind * step + extra);
  spares_[kind] = spare->next;
  bytes_ -= kind * step + extra;
  return spare;
}

void* SpareBlocks::get_zeroed(std::size_t count, std::size_t size) {
  if (size != 0 && count > largest / size) return std::calloc(count, size);
  void* const place = get(count * size);
  if (place) std::memset(place, 0, count * size);
  return place;
}

void SpareBlocks::put_back(void* place) {
  const std::size_t room = ::malloc_usable_size(place);
  const std::size_t kind = room < step + extra ? 0 : (room - extra) / step;
  if (!keeps_ || kind == 0 || kind >= spares_.size() || bytes_ + kind * step + extra > most_bytes)
    return std::free(place);
  spares_[kind] = new (place) Spare{spares_[kind]};
  bytes_ += kind * step + extra;
}

void SpareBlocks::clear() {
  for (Spare*& spare : spares_)
    while (spare) {
      Spare* const next = spare->next;
      std::free(spare);
      spare = next;
    }
  bytes_ = 0;
}

}  // namespace firesteel::gateway
