// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

namespace firesteel::io {

/// Lets everything else have its turn that is ready by now: between two steps of long work.
boost::asio::awaitable<void> yield();

}  // namespace firesteel::io
