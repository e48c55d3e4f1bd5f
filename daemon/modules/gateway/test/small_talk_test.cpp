// SPDX-License-Identifier: Apache-2.0
#include "small_talk.hpp"

#include <gtest/gtest.h>

namespace firesteel::gateway {
namespace {

TEST(SmallTalk, NeedsSomebodyWhoTalks) {
  SmallTalk talk;
  Metrics metrics;
  EXPECT_FALSE(talk.goes_on(metrics));
  metrics.clients = 1;
  EXPECT_TRUE(talk.goes_on(metrics));
}

TEST(SmallTalk, IsOfFewCallsAtOnce) {
  SmallTalk talk;
  Metrics metrics{.clients = 1, .streams = SmallTalk::most_streams};
  EXPECT_TRUE(talk.goes_on(metrics));
  ++metrics.streams;
  EXPECT_FALSE(talk.goes_on(metrics));
}

TEST(SmallTalk, CarriesLittleBetweenTwoQuestions) {
  SmallTalk talk;
  Metrics metrics{.clients = 1, .streams = 1, .sent_bytes = SmallTalk::most_bytes};
  EXPECT_TRUE(talk.goes_on(metrics));
  metrics.received_bytes = SmallTalk::most_bytes + 1;
  EXPECT_FALSE(talk.goes_on(metrics));
  EXPECT_TRUE(talk.goes_on(metrics));
}

}  // namespace
}  // namespace firesteel::gateway
