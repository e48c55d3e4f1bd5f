// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/watchers.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <vector>

namespace firesteel {
namespace {

using testing::ElementsAre;
using Numbers = Watchers<int>;

}  // namespace

TEST(Watchers, AreToldWhileTheyAreSubscribed) {
  Numbers watchers;
  std::vector<int> first;
  std::vector<int> second;
  const auto kept = watchers.add([&](int what) { first.push_back(what); });
  {
    const auto left = watchers.add([&](int what) { second.push_back(what); });
    watchers.tell(1);
  }
  watchers.tell(2);
  EXPECT_THAT(first, ElementsAre(1, 2));
  EXPECT_THAT(second, ElementsAre(1));
}

TEST(Watchers, OneMayEndItsOwnAndTheNextSubscriptionWhileItIsTold) {
  Numbers watchers;
  std::vector<int> seen;
  std::optional<Numbers::Subscription> own;
  std::optional<Numbers::Subscription> next;
  own = watchers.add([&, mark = std::vector<int>{7}](int what) {
    own.reset();
    next.reset();
    seen.push_back(what + mark.front());
  });
  next = watchers.add([&](int) { FAIL() << "its subscription has ended"; });
  const auto last = watchers.add([&](int what) { seen.push_back(what); });
  watchers.tell(1);
  watchers.tell(2);
  EXPECT_THAT(seen, ElementsAre(8, 1, 2));
}

TEST(Watchers, AMovedSubscriptionGoesOn) {
  Numbers watchers;
  int told = 0;
  Numbers::Subscription held;
  {
    auto made = watchers.add([&](int) { ++told; });
    held = std::move(made);
  }
  watchers.tell(1);
  held = Numbers::Subscription();
  watchers.tell(2);
  EXPECT_EQ(told, 1);
}

}  // namespace firesteel
