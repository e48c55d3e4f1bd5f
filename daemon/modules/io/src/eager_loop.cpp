// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/eager_loop.hpp"

#include <thread>

#include "firesteel/core/time.hpp"

namespace firesteel::io {
namespace {

/// The first handlers that become ready before `end`; their number is 0 when none did. Whoever else wants this
/// processor gets it between two looks: it may be the one that is waited for, and would else wait for this thread's
/// time slice to end.
std::size_t poll_until(boost::asio::io_context& loop, TimePoint end) {
  std::size_t ran = 0;
  while (!loop.stopped() && Steady::now() < end) {
    ran = loop.poll();
    if (ran > 0) break;
    std::this_thread::yield();
  }
  return ran;
}

}  // namespace

void run_eagerly(boost::asio::io_context& loop, const Manners& manners) {
  bool was_short = false;
  while (!loop.stopped()) {
    const TimePoint began = Steady::now();
    if (manners.lets_others_go_first()) std::this_thread::yield();
    if (was_short && manners.stays_awake() && poll_until(loop, began + longest_eagerness) > 0) continue;
    if (loop.run_one() == 0) return;
    was_short = Steady::now() - began < longest_short_wait;
    loop.poll();
  }
}

}  // namespace firesteel::io
