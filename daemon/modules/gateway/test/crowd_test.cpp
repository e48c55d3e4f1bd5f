// SPDX-License-Identifier: Apache-2.0
#include "crowd.hpp"

#include <gtest/gtest.h>

namespace firesteel::gateway {
namespace {

TEST(Crowd, IsOfManyCallsThatBeganOrEndedSinceTheLastQuestion) {
  Crowd crowd;
  Metrics metrics;
  EXPECT_FALSE(crowd.is_here(metrics));
  for (std::uint64_t i = 0; i < Crowd::least_turns; ++i) metrics.call_began();
  EXPECT_TRUE(crowd.is_here(metrics));
  EXPECT_FALSE(crowd.is_here(metrics)) << "they run, but none comes or goes";
  for (std::uint64_t i = 0; i < Crowd::least_turns; ++i) metrics.call_ended(0);
  EXPECT_TRUE(crowd.is_here(metrics));
}

TEST(Crowd, IsNotOneCallAfterTheOther) {
  Crowd crowd;
  Metrics metrics;
  for (int i = 0; i < 100; ++i) {
    metrics.call_began();
    metrics.call_ended(0);
    EXPECT_FALSE(crowd.is_here(metrics));
  }
}

}  // namespace
}  // namespace firesteel::gateway
