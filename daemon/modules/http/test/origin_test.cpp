// SPDX-License-Identifier: Apache-2.0
#include "origin.hpp"

#include <gtest/gtest.h>

namespace firesteel::http {

TEST(Origin, OfTheHostThatWasAskedPasses) {
  EXPECT_TRUE(is_own_origin("http://localhost:8888", "localhost:8888", ""));
  EXPECT_TRUE(is_own_origin("https://Hub.Example", "hub.example:443", ""));
  EXPECT_TRUE(is_own_origin("https://hub.example", "127.0.0.1:9999", "hub.example, inner"));
  EXPECT_TRUE(is_own_origin("http://[::1]:8888", "[::1]:8888", ""));
}

TEST(Origin, AbsentMeansNoBrowser) { EXPECT_TRUE(is_own_origin("", "anything", "")); }

TEST(Origin, ForeignOrSenselessIsRefused) {
  for (const char* origin : {"http://evil.example", "http://localhost:8889", "http://localhost:8888.evil.example",
                             "null", "file://", "localhost:8888", "http://", "\x01"})
    EXPECT_FALSE(is_own_origin(origin, "localhost:8888", "")) << origin;
}

}  // namespace firesteel::http
