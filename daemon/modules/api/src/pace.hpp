// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::api {

/// When the changes of each connection are told: the first at once, those that follow within the interval together at
/// its end.
///
/// | a change of a connection that            | is told                 |
/// |------------------------------------------|-------------------------|
/// | was told nothing in the last interval    | at once                 |
/// | was told something in the last interval  | when that interval ends |
class Pace {
 public:
  explicit Pace(Steady::duration interval) : interval_(interval) {}

  enum class Told { now, later, with_others };  ///< with_others: one that comes due already is told then

  Told changed(const ConnectionId& connection, TimePoint now);

  /// Those that have come due; they count as told now.
  std::vector<ConnectionId> take_due(TimePoint now);

  /// When the next comes due; TimePoint::max() when nothing waits.
  TimePoint next_due() const;

  void clear() { paces_.clear(); }

 private:
  struct Last {
    TimePoint told;
    bool waits = false;
  };

  Steady::duration interval_;
  std::map<ConnectionId, Last> paces_;
};

}  // namespace firesteel::api
