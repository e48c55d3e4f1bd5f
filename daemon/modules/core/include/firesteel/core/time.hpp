// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace firesteel {

/// Durations and deadlines: a clock that never jumps.
using Steady = std::chrono::steady_clock;
using TimePoint = Steady::time_point;
/// Times shown to people.
using WallTime = std::chrono::system_clock::time_point;

/// Both clocks, handed in wherever time matters so that tests can move it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return Steady::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

/// Milliseconds from `earlier` to `later`; never negative.
std::int64_t elapsed_ms(TimePoint earlier, TimePoint later);

/// RFC 3339 in UTC with milliseconds, e.g. "2024-02-29T12:00:00.123Z".
std::string to_rfc3339(WallTime time);

/// Milliseconds since 1970, as kept in records.
std::int64_t to_unix_ms(WallTime time);
WallTime from_unix_ms(std::int64_t ms);

}  // namespace firesteel
