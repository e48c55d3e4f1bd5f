// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/properties.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace firesteel {

using testing::ElementsAre;
using testing::Pair;

TEST(Properties, EscapesEverythingThatTheFormatGivesAMeaning) {
  EXPECT_EQ(escape_property("plain-1.2_x/[*]"), "plain-1.2_x/[*]");
  EXPECT_EQ(escape_property(" a=b:c#d!e\\"), "\\u0020a\\u003Db\\u003Ac\\u0023d\\u0021e\\u005C");
  EXPECT_EQ(escape_property("\t\r\n\x7f"), "\\u0009\\u000D\\u000A\\u007F");
  EXPECT_EQ(escape_property("é🔥"), "\\u00E9\\uD83D\\uDD25");
  EXPECT_EQ(escape_property(std::string_view("\0", 1)), "\\u0000");
}

TEST(Properties, AreOneLineOfAsciiEach) {
  const std::string text = to_properties({{"spark.a", "x\nspark.b=y"}, {"spark.ключ", "🔥"}});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); }));
}

TEST(Properties, ComeBackUnchanged) {
  const Options options{{"spark.a", "two  words"},
                        {"spark.b", "q\"uo'te"},
                        {"spark.c", "$(touch x); `id`"},
                        {"spark.d", "\nfirst\r\nlast\n"},
                        {"spark.e", "🔥 é \u2028\ufeff\u00a0"},
                        {"spark.f", "back\\slash\\u0041\\"},
                        {"spark.g", "a=b:c#d!e"},
                        {"spark.h", ""},
                        {"spark.ключ#!\\", "#lead"},
                        {"spark.i", "\xF4\x8F\xBF\xBF"}};
  EXPECT_EQ(parse_properties(to_properties(options)), options);
}

TEST(ParseProperties, ReadsWhatPeopleWrite) {
  EXPECT_THAT(parse_properties("# comment\n"
                               "! another\n"
                               "\n"
                               "spark.a one\n"
                               "  spark.b = two words  \r\n"
                               "spark.c:three\r"
                               "spark.d\n"
                               "spark.e a,\\\n"
                               "        b,\\\r\n"
                               "        # no comment here\n"
                               "spark.f \\u00e9\\uD83D\\uDD25\\t\\q\\\\\n"
                               "spark\\ g\\=h==x\n"
                               "spark.i  =  = y\n"
                               "spark.a later\n"
                               "spark.last no newline"),
              ElementsAre(Pair("spark g=h", "=x"), Pair("spark.a", "later"), Pair("spark.b", "two words"),
                          Pair("spark.c", "three"), Pair("spark.d", ""), Pair("spark.e", "a,b,# no comment here"),
                          Pair("spark.f", "é🔥\tq\\"), Pair("spark.i", "= y"), Pair("spark.last", "no newline")));
}

TEST(ParseProperties, SurvivesAnything) {
  for (std::string_view text : {"", "\\", "\\\n", "a\\", "\\u12", "=", ":", " \\uD83D x", "\xFF\xFE=\x80", "a\\\n\n#b"})
    for (const auto& [name, value] : parse_properties(text)) EXPECT_LE(name.size() + value.size(), 32U);
  EXPECT_THAT(parse_properties("a \\uD83D x"), ElementsAre(Pair("a", "\uFFFD x")));
  EXPECT_THAT(parse_properties("a=b\\"), ElementsAre(Pair("a", "b")));
}

}  // namespace firesteel
