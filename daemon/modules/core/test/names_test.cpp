// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/names.hpp"

#include <gtest/gtest.h>

namespace firesteel {

TEST(ConnectionName, AcceptsWhatTheContractAllows) {
  for (const char* name : {"a", "analysis", "yarn-prod.2", "9_x"}) EXPECT_TRUE(is_connection_name(name)) << name;
  EXPECT_TRUE(is_connection_name(std::string(64, 'x')));
}

TEST(ConnectionName, RefusesAnythingThatCouldBeAPathOrSyntax) {
  for (const char* name : {"", ".", "..", ".hidden", "-x", "a/b", "a b", "a\nb", "é", "$(id)"})
    EXPECT_FALSE(is_connection_name(name)) << name;
  EXPECT_FALSE(is_connection_name(std::string(65, 'x')));
}

}  // namespace firesteel
