// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/utf8.hpp"

#include <gtest/gtest.h>

namespace firesteel {

TEST(Utf8, KnowsWhatIsValid) {
  for (const char* text : {"", "plain", "é", "\u2028", "🔥", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  for (const char* bytes : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82z"})
    EXPECT_FALSE(is_valid_utf8(bytes));
  EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, ReplacesOnlyWhatIsNotValid) {
  EXPECT_EQ(to_valid_utf8("a\xFF"
                          "b"),
            "a\uFFFDb");
  EXPECT_EQ(to_valid_utf8("\xE2\x82z🔥"), "\uFFFDz🔥");
  EXPECT_EQ(to_valid_utf8("\xC3"), "\uFFFD");
  EXPECT_EQ(to_valid_utf8("\xC3\"quoted\""), "\uFFFD\"quoted\"");
  EXPECT_EQ(to_valid_utf8("ünchanged"), "ünchanged");
}

TEST(Utf8, CutsBetweenCharacters) {
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
  EXPECT_EQ(cut_utf8("aé", 2), "a");
  EXPECT_EQ(cut_utf8("aé", 3), "aé");
  EXPECT_EQ(cut_utf8("🔥🔥", 7), "🔥");
  EXPECT_EQ(cut_utf8("🔥", 3), "");
}

}  // namespace firesteel
