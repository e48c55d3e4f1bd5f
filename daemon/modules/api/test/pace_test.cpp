// SPDX-License-Identifier: Apache-2.0
#include "pace.hpp"

#include <gmock/gmock.h>

namespace firesteel::api {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Told = Pace::Told;

const TimePoint noon = TimePoint() + 12h;
const ConnectionId a("a");
const ConnectionId b("b");

}  // namespace

TEST(Pace, TheFirstChangeIsToldAtOnceAndTheNextOnesTogetherAtTheEnd) {
  Pace pace(250ms);
  EXPECT_EQ(pace.changed(a, noon), Told::now);
  EXPECT_EQ(pace.next_due(), TimePoint::max());
  EXPECT_EQ(pace.changed(a, noon + 100ms), Told::later);
  EXPECT_EQ(pace.changed(a, noon + 200ms), Told::with_others);
  EXPECT_EQ(pace.next_due(), noon + 250ms);
  EXPECT_THAT(pace.take_due(noon + 249ms), IsEmpty());
  EXPECT_THAT(pace.take_due(noon + 250ms), ElementsAre(a));
  EXPECT_THAT(pace.take_due(noon + 250ms), IsEmpty());
}

TEST(Pace, NeverMoreThanOneInAnInterval) {
  Pace pace(250ms);
  int told = 0;
  for (TimePoint now = noon; now < noon + 10s; now += 1ms) {
    told += static_cast<int>(pace.take_due(now).size());
    told += pace.changed(a, now) == Told::now ? 1 : 0;
  }
  EXPECT_EQ(told, 40);
}

TEST(Pace, AChangeAfterARestIsToldAtOnce) {
  Pace pace(250ms);
  pace.changed(a, noon);
  EXPECT_EQ(pace.changed(a, noon + 250ms), Told::now);
  EXPECT_EQ(pace.changed(a, noon + 499ms), Told::later);
}

TEST(Pace, EachConnectionHasItsOwn) {
  Pace pace(250ms);
  pace.changed(a, noon);
  EXPECT_EQ(pace.changed(b, noon + 100ms), Told::now);
  EXPECT_EQ(pace.changed(b, noon + 120ms), Told::later);
  EXPECT_EQ(pace.changed(a, noon + 130ms), Told::later);
  EXPECT_EQ(pace.next_due(), noon + 250ms);
  EXPECT_THAT(pace.take_due(noon + 300ms), ElementsAre(a));
  EXPECT_EQ(pace.next_due(), noon + 350ms);
  EXPECT_THAT(pace.take_due(noon + 400ms), ElementsAre(b));
}

TEST(Pace, ALateWakeTellsOnceAndRestsFromThen) {
  Pace pace(250ms);
  pace.changed(a, noon);
  pace.changed(a, noon + 1ms);
  EXPECT_THAT(pace.take_due(noon + 2s), ElementsAre(a));
  EXPECT_EQ(pace.changed(a, noon + 2s + 1ms), Told::later);
  EXPECT_EQ(pace.next_due(), noon + 2s + 250ms);
  pace.clear();
  EXPECT_EQ(pace.next_due(), TimePoint::max());
  EXPECT_EQ(pace.changed(a, noon + 2s + 2ms), Told::now);
}

}  // namespace firesteel::api
