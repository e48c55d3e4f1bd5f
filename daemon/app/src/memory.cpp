// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <malloc.h>
#include <sys/prctl.h>

namespace firesteel {

void keep_memory_small() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TRIM_THRESHOLD, 256 * 1024);
  ::mallopt(M_MMAP_THRESHOLD, 64 * 1024);
  // A huge page has 2 MiB of which we would use a few KiB: nghttp2 has buffers of 16 KiB that are mostly empty.
  ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

}  // namespace firesteel
