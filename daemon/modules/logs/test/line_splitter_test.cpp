// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/line_splitter.hpp"

#include <gmock/gmock.h>

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<LogLine>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(line.text);
  return out;
}

}  // namespace

TEST(LineSplitter, SaysWhereEachLineEnds) {
  LineSplitter splitter(100);
  EXPECT_THAT(splitter.feed("one\ntwo\r\n\nthr"),
              ElementsAre(LogLine{"one", 104}, LogLine{"two", 109}, LogLine{"", 110}));
  EXPECT_EQ(splitter.line_start(), 110U);
  EXPECT_THAT(splitter.feed("ee\n"), ElementsAre(LogLine{"three", 116}));
  EXPECT_EQ(splitter.finish(), std::nullopt);
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesAreCut) {
  const std::string bytes = "plain\r\n10%\r20%\r\nümlaut \xF0\x9F\x94\xA5\n\xFF\xC3\n\r\r\nlast";
  LineSplitter whole;
  auto expected = whole.feed(bytes);
  expected.push_back(whole.finish().value());
  EXPECT_THAT(texts(expected), ElementsAre("plain", "20%", "ümlaut 🔥", "\uFFFD\uFFFD", "", "last"));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    LineSplitter parts;
    auto lines = parts.feed(std::string_view(bytes).substr(0, cut));
    for (const char byte : std::string_view(bytes).substr(cut))
      for (auto& line : parts.feed({&byte, 1})) lines.push_back(std::move(line));
    lines.push_back(parts.finish().value());
    EXPECT_EQ(lines, expected) << cut;
  }
}

TEST(LineSplitter, LoneCarriageReturnBeginsTheLineAnew) {
  LineSplitter splitter;
  EXPECT_THAT(texts(splitter.feed("[==>   ] 10%\r[====> ] 90%\rdone\n")), ElementsAre("done"));
}

TEST(LineSplitter, CutsLongLinesBetweenCharactersAndSaysSo) {
  LineSplitter splitter(0, 4);
  EXPECT_THAT(texts(splitter.feed("abcdef\n")), ElementsAre("abcd… [2 bytes more]"));
  EXPECT_THAT(texts(splitter.feed("abcd\n")), ElementsAre("abcd"));
  EXPECT_THAT(texts(splitter.feed("abcé🔥\n")), ElementsAre("abc… [6 bytes more]"));
}

TEST(LineSplitter, KeepsNoMoreThanItsLimit) {
  LineSplitter splitter(0, 16);
  for (int i = 0; i < 1000; ++i) EXPECT_THAT(splitter.feed(std::string(1000, 'x')), IsEmpty());
  const auto lines = splitter.feed("\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "xxxxxxxxxxxxxxxx… [999984 bytes more]");
  EXPECT_EQ(lines[0].end, 1'000'001U);
}

TEST(LineSplitter, UnfinishedLineIsGivenOnceAndTheNextOneIsNew) {
  LineSplitter splitter;
  splitter.feed("died in the mid");
  EXPECT_EQ(splitter.finish(), (LogLine{"died in the mid", 15}));
  EXPECT_EQ(splitter.finish(), std::nullopt);
  EXPECT_THAT(texts(splitter.feed("new\n")), ElementsAre("new"));
}

}  // namespace firesteel
