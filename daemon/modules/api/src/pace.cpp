// SPDX-License-Identifier: Apache-2.0
#include "pace.hpp"

#include <algorithm>

namespace firesteel::api {

Pace::Told Pace::changed(const ConnectionId& connection, TimePoint now) {
  const auto [at, is_new] = paces_.try_emplace(connection, Last{now, false});
  Last& last = at->second;
  if (last.waits) return Told::with_others;
  if (is_new || now - last.told >= interval_) {
    last.told = now;
    return Told::now;
  }
  last.waits = true;
  return Told::later;
}

std::vector<ConnectionId> Pace::take_due(TimePoint now) {
  std::vector<ConnectionId> due;
  for (auto at = paces_.begin(); at != paces_.end();) {
    auto& [connection, last] = *at;
    const bool over = now - last.told >= interval_;
    if (over && !last.waits) {
      at = paces_.erase(at);
      continue;
    }
    if (over) {
      due.push_back(connection);
      last = {now, false};
    }
    ++at;
  }
  return due;
}

TimePoint Pace::next_due() const {
  TimePoint next = TimePoint::max();
  for (const auto& [connection, last] : paces_)
    if (last.waits) next = std::min(next, last.told + interval_);
  return next;
}

}  // namespace firesteel::api
