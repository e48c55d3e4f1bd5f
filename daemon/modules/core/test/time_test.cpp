// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/time.hpp"

#include <gtest/gtest.h>

namespace firesteel {

TEST(Rfc3339, IsUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(from_unix_ms(1'709'208'000'123)), "2024-02-29T12:00:00.123Z");
  EXPECT_EQ(to_rfc3339(from_unix_ms(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(ElapsedMs, IsNeverNegative) {
  const TimePoint t{};
  EXPECT_EQ(elapsed_ms(t, t + std::chrono::microseconds(2700)), 2);
  EXPECT_EQ(elapsed_ms(t + std::chrono::seconds(1), t), 0);
}

}  // namespace firesteel
