// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace firesteel {

/// Sets the allocator up for a program that idles most of its life: what a burst needed goes back to the system, and
/// memory that nobody has touched isn't there. Called once, first.
void keep_memory_small();

}  // namespace firesteel
