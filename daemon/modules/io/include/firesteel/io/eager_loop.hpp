// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

namespace firesteel::io {

/// How long a loop stays awake for what may come next. Being woken takes longer than what a small call needs here:
/// mostly tens of microseconds, the processor's own sleep included.
inline constexpr std::chrono::microseconds longest_eagerness{150};

/// A wait that was slept through counts as short up to this: it holds the waking.
inline constexpr std::chrono::microseconds longest_short_wait{400};

/// What a loop asks before it waits.
struct Manners {
  /// After a short wait: whether the next one begins awake and goes to sleep after `longest_eagerness`; so a wait that
  /// isn't short costs that once. Other waits are asleep from the start.
  std::function<bool()> stays_awake;
  /// Before each wait: whether whoever else wants this processor has it first.
  std::function<bool()> lets_others_go_first;
};

/// Runs `loop` until it has no work or is stopped, as io_context::run does.
void run_eagerly(boost::asio::io_context& loop, const Manners& manners);

}  // namespace firesteel::io
