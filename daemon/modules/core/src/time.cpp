// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace firesteel {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::int64_t elapsed_ms(TimePoint earlier, TimePoint later) {
  return std::max<std::int64_t>(0, duration_cast<milliseconds>(later - earlier).count());
}

std::int64_t to_unix_ms(WallTime time) { return duration_cast<milliseconds>(time.time_since_epoch()).count(); }

WallTime from_unix_ms(std::int64_t ms) { return WallTime(milliseconds(ms)); }

std::string to_rfc3339(WallTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
  const auto millis = duration_cast<milliseconds>(time - whole).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, millis);
}

}  // namespace firesteel
