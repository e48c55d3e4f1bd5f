// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <list>

#include "firesteel/core/time.hpp"

namespace firesteel::io {

/// Waits until then. Throws system_error(operation_aborted) when the coroutine is cancelled.
boost::asio::awaitable<void> sleep_until(TimePoint when);
boost::asio::awaitable<void> sleep_for(Steady::duration duration);

/// Something that coroutines wait for and others announce; everybody who waits at that moment is woken.
/// Must outlive those who wait.
class Notice {
 public:
  void announce();

  /// Waits for the next announcement, or until the deadline. True when it was announced.
  /// Throws system_error(operation_aborted) when the coroutine is cancelled.
  boost::asio::awaitable<bool> wait(TimePoint deadline);

 private:
  struct Waiter;
  std::list<Waiter*> waiters_;
};

}  // namespace firesteel::io
