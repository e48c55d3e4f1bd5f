// SPDX-License-Identifier: Apache-2.0
#include "small_talk.hpp"

#include <gtest/gtest.h>

namespace firesteel::gateway {
namespace {

/// Asked as often as it takes to be sure.
bool settles(SmallTalk& talk, const Metrics& metrics) {
  for (int i = 1; i < SmallTalk::least_calm; ++i) EXPECT_FALSE(talk.goes_on(metrics));
  return talk.goes_on(metrics);
}

TEST(SmallTalk, NeedsSomebodyWhoTalks) {
  SmallTalk talk;
  Metrics metrics;
  EXPECT_FALSE(settles(talk, metrics));
  metrics.clients = 1;
  EXPECT_TRUE(settles(talk, metrics));
}

TEST(SmallTalk, IsOfFewCallsAtOnce) {
  SmallTalk talk;
  Metrics metrics{.clients = 1, .streams = SmallTalk::most_streams};
  EXPECT_TRUE(settles(talk, metrics));
  ++metrics.streams;
  EXPECT_FALSE(talk.goes_on(metrics));
}

TEST(SmallTalk, CarriesLittleBetweenTwoQuestions) {
  SmallTalk talk;
  Metrics metrics{.clients = 1, .streams = 1, .sent_bytes = SmallTalk::most_bytes};
  EXPECT_TRUE(settles(talk, metrics));
  metrics.received_bytes = SmallTalk::most_bytes + 1;
  EXPECT_FALSE(talk.goes_on(metrics));
}

TEST(SmallTalk, IsNotWhereManyCallsComeTogetherAndGoAtOnce) {
  SmallTalk talk;
  Metrics metrics{.clients = 1};
  EXPECT_TRUE(settles(talk, metrics));
  metrics.streams_total += SmallTalk::most_streams;
  EXPECT_TRUE(talk.goes_on(metrics));
  metrics.streams_total += SmallTalk::most_streams + 1;
  EXPECT_FALSE(talk.goes_on(metrics));
}

TEST(SmallTalk, IsNotAMomentBetweenManyCalls) {
  SmallTalk talk;
  Metrics metrics{.clients = 1};
  for (int i = 0; i < 20; ++i) {
    metrics.streams = 64;
    EXPECT_FALSE(talk.goes_on(metrics));
    metrics.streams = 0;
    EXPECT_FALSE(talk.goes_on(metrics));
  }
  for (int i = 2; i < SmallTalk::least_calm; ++i) EXPECT_FALSE(talk.goes_on(metrics));
  EXPECT_TRUE(talk.goes_on(metrics)) << "and then it is";
}

}  // namespace
}  // namespace firesteel::gateway
