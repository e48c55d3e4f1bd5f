// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "firesteel/core/error.hpp"

namespace firesteel::io {

/// A port of 127.0.0.1 that nobody listened on a moment ago. Another program may take it before it is used, so
/// whoever uses it must cope with that.
Result<std::uint16_t> free_port();

/// Whether somebody listens on 127.0.0.1:`port` now. Cheap enough to ask many times a second.
bool is_taken(std::uint16_t port);

}  // namespace firesteel::io
