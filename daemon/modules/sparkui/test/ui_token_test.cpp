// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/ui_token.hpp"

#include <gtest/gtest.h>

namespace firesteel::sparkui {
namespace {

// The key of RFC 7515, appendix A.1; its signature over our header and no claims by Python's hmac.
TEST(UiToken, IsAJwsOfTheKey) {
  const auto token = ui_token("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  ASSERT_TRUE(token);
  EXPECT_EQ(*token, "eyJhbGciOiJIUzI1NiJ9.e30.kV_0TaAytE8UYEw3uFsmhDVFEgvnO6S_dA8UnWQoxmU");
}

TEST(UiToken, TakesPaddedKeysAsWell) { EXPECT_EQ(*ui_token("c2VjcmV0IQ=="), *ui_token("c2VjcmV0IQ")); }

TEST(UiToken, RefusesWhatIsNoKey) {
  EXPECT_FALSE(ui_token(""));
  EXPECT_FALSE(ui_token("not base64!"));
  EXPECT_FALSE(ui_token("abcde"));
}

}  // namespace
}  // namespace firesteel::sparkui
