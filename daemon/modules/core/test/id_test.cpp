// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/id.hpp"

#include <gmock/gmock.h>

#include <type_traits>

namespace firesteel {

using testing::MatchesRegex;

TEST(Id, KindsDoNotMix) { static_assert(!std::is_convertible_v<ConnectionId, ServerId>); }

TEST(RandomUuid, IsVersionFourAndNeverTheSame) {
  EXPECT_THAT(random_uuid(), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(random_uuid(), random_uuid());
}

TEST(RandomToken, HoldsAllItsBytesInUrlSafeCharacters) {
  EXPECT_THAT(random_token(32), MatchesRegex("[A-Za-z0-9_-]{43}"));
  EXPECT_EQ(random_token(0), "");
  EXPECT_EQ(random_token(3).size(), 4U);
  EXPECT_NE(random_token(32), random_token(32));
}

}  // namespace firesteel
