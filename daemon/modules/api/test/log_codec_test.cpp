// SPDX-License-Identifier: Apache-2.0
#include "log_codec.hpp"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

namespace firesteel::api {

TEST(LogCodec, SpansAreInUtf16) {
  const std::string text = "aé火🔥b";
  EXPECT_EQ(utf16_offset(text, 0), 0);
  EXPECT_EQ(utf16_offset(text, 1), 1);
  EXPECT_EQ(utf16_offset(text, 3), 2);
  EXPECT_EQ(utf16_offset(text, 6), 3);
  EXPECT_EQ(utf16_offset(text, 10), 5);
  EXPECT_EQ(utf16_offset(text, 11), 6);
}

TEST(LogCodec, ACursorComesBackAsItWas) {
  const SearchCursor cursor{
      .generation = "abc-1_2-3",
      .position = {
          .end = 1ULL << 60, .at = 7, .lines_end = {5, 99}, .indexed = true, .last_line_done = true, .shown = 10'000}};
  const std::string text = to_text(cursor);
  EXPECT_LE(text.size(), 256);
  const auto back = cursor_from(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->generation, cursor.generation);
  EXPECT_EQ(back->position, cursor.position);
}

TEST(LogCodec, WhatIsNoCursorIsNone) {
  for (const char* text : {"", "~", "x", "~1~2~3~4~1~5", "x~1~2~3~4~1", "x~1~2~3~4~1~5~6", "x~1~2~3~4~4~5",
                           "x~1~-2~3~4~1~5", "x~1~ 2~3~4~1~5", "x~99999999999999999999~2~3~4~1~5", "x~1~2~3~4~1~5 "})
    EXPECT_FALSE(cursor_from(text)) << text;
}

TEST(LogCodec, AHitSaysWhatItIs) {
  const SearchHit hit{.place = {3, 40}, .shown = {.text = "[firesteel] 🔥 x", .cut = 0}, .spans = {{12, 16}}};
  EXPECT_EQ(boost::json::serialize(to_json(hit)),
            R"({"number":3,"level":"none","source":"launch","text":"[firesteel] 🔥 x","spans":[[12,14]]})");
}

}  // namespace firesteel::api
