// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

namespace firesteel::io {

/// How long a loop stays awake for what may come next. Being woken takes longer than what a small call needs here:
/// mostly tens of microseconds, the processor's own sleep included.
inline constexpr std::chrono::microseconds longest_eagerness{150};

/// Runs `loop` until it has no work or is stopped, as io_context::run does.
///
/// When the latest wait was shorter than `longest_eagerness` and `worthwhile` agrees, the next one begins awake and
/// goes to sleep after that time; so a wait that isn't short costs that once. Other waits are asleep from the start.
void run_eagerly(boost::asio::io_context& loop, const std::function<bool()>& worthwhile);

}  // namespace firesteel::io
