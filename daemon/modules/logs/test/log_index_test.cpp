// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_index.hpp"

#include "firesteel/core/utf8.hpp"
#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Masker no_secrets;

std::size_t at(LogLevel level) { return static_cast<std::size_t>(level); }

}  // namespace

TEST(LogIndex, MissingAndEmptyLogsHaveNothing) {
  const LogOnDisk log;
  LogIndex index(log.path());
  EXPECT_TRUE(index.advance().value());
  EXPECT_THAT(index.read(0, {}, no_secrets).value().lines, IsEmpty());
  log.append("");
  EXPECT_TRUE(index.advance().value());
  EXPECT_THAT(index.read(0, {}, no_secrets).value().lines, IsEmpty());
  EXPECT_EQ(index.end_line(), 0U);
  EXPECT_EQ(index.place_of(0).value(), (LogPlace{0, 0}));
  EXPECT_EQ(index.place_of(1).error().code, Errc::not_found);
  EXPECT_EQ(index.line_at(5).value(), (LogPlace{0, 0}));
}

TEST(LogIndex, FindsEveryLineOfALargeLogByNumberAndOffset) {
  const LogOnDisk log;
  constexpr std::uint64_t lines = 30'000;
  std::vector<std::uint64_t> offsets{0};
  std::string text;
  for (std::uint64_t i = 0; i < lines; ++i) {
    text += numbered(i);
    if (i % 7 == 0) text.insert(text.size() - 1, i % 500, 'x');
    offsets.push_back(text.size());
  }
  log.append(text);
  LogIndex index(log.path());
  index_all(index);
  EXPECT_EQ(index.end_line(), lines);
  EXPECT_EQ(index.end_offset(), text.size());
  EXPECT_EQ(index.counts()[at(LogLevel::info)], lines - 30);
  EXPECT_EQ(index.counts()[at(LogLevel::error)], 30U);
  EXPECT_EQ(index.first_error(), (LogPlace{999, offsets[999]}));
  for (std::uint64_t i = 0; i < lines; i += 97) {
    EXPECT_EQ(index.place_of(i).value().offset, offsets[i]);
    EXPECT_EQ(index.line_at(offsets[i]).value(), (LogPlace{i, offsets[i]}));
    EXPECT_EQ(index.line_at(offsets[i + 1] - 1).value(), (LogPlace{i, offsets[i]}));
  }
  EXPECT_EQ(index.byte_range(100, 205).value(), (std::pair{offsets[100], offsets[205]}));
  EXPECT_FALSE(index.byte_range(205, 100));
  EXPECT_FALSE(index.byte_range(100, lines + 1));
  const LogWindow window = index.read(lines - 3, {.lines = 2}, no_secrets).value();
  EXPECT_THAT(texts_of(window),
              ElementsAre("26/11/22 08:30:36 INFO Foo: line 29997", "26/11/22 08:30:36 INFO Foo: line 29998"));
  EXPECT_EQ(window.next, (LogPlace{lines - 1, offsets[lines - 1]}));
}

TEST(LogIndex, GrowsWithTheLogInSmallSteps) {
  const LogOnDisk log;
  LogIndex index(log.path());
  std::string all;
  for (int i = 0; i < 200; ++i) {
    std::string part = "26/11/22 08:30:36 WARN Foo: " + std::string(static_cast<std::size_t>(i) * 13 % 5000, 'y');
    if (i % 3 != 0) part += i % 2 == 0 ? "\r\n" : "\n";
    all += part;
    log.append(part);
    static_cast<void>(index.advance(1).value());
  }
  index_all(index);
  EXPECT_EQ(index.end_line(), static_cast<std::uint64_t>(std::count(all.begin(), all.end(), '\n')));
  EXPECT_EQ(index.end_offset(), all.rfind('\n') + 1);
  EXPECT_EQ(index.generation(), 1U);
}

TEST(LogIndex, UnfinishedLineIsShownAndHasANumberOnceItEnds) {
  const LogOnDisk log;
  log.append("one\ntw");
  LogIndex index(log.path());
  index_all(index);
  EXPECT_EQ(index.end_line(), 1U);
  auto window = index.read(0, {}, no_secrets).value();
  EXPECT_THAT(texts_of(window), ElementsAre("one", "tw"));
  EXPECT_FALSE(window.lines[1].finished);
  log.append("o\n");
  index_all(index);
  window = index.read(1, {}, no_secrets).value();
  EXPECT_THAT(texts_of(window), ElementsAre("two"));
  EXPECT_TRUE(window.lines[0].finished);
  EXPECT_EQ(index.end_line(), 2U);
}

TEST(LogIndex, LongLinesAreCutAndNobodyReadsThroughThem) {
  const LogOnDisk log;
  const std::string large(10'000'000, 'z');
  log.append("26/11/22 08:30:36 INFO a\n26/11/22 08:30:36 ERROR " + large + "\nlast\n" + large);
  LogIndex index(log.path());
  index_all(index);
  EXPECT_EQ(index.end_line(), 3U);
  EXPECT_EQ(index.counts()[at(LogLevel::error)], 1U);
  EXPECT_EQ(index.first_error(), (LogPlace{1, 25}));
  const auto window = index.read(0, {.lines = 10, .bytes = 1000, .line_bytes = 100}, no_secrets).value();
  ASSERT_THAT(window.lines, SizeIs(4));
  EXPECT_EQ(window.lines[1].shown.text.size(), 100U);
  EXPECT_EQ(window.lines[1].shown.cut, 10'000'024 - 100U);
  EXPECT_EQ(window.lines[2].shown.text, "last");
  EXPECT_EQ(window.lines[3].shown.cut, 10'000'000 - 100U);
  EXPECT_FALSE(window.lines[3].finished);
  EXPECT_EQ(window.next.offset, index.size());
  // By less bytes, too: but one line comes always.
  EXPECT_THAT(index.read(1, {.lines = 10, .bytes = 1, .line_bytes = 100}, no_secrets).value().lines, SizeIs(1));
}

TEST(LogIndex, WhateverBytesComeLinesAreValidUtf8AndMasked) {
  const LogOnDisk log;
  log.append(std::string("a\0b\r\n\xFF\xC3(\n10%\r20%\ntoken=abc known\n\n", 34));
  LogIndex index(log.path());
  index_all(index);
  const auto window = index.read(0, {}, Masker({"known"})).value();
  EXPECT_THAT(texts_of(window), ElementsAre(std::string("a\0b", 3), "\uFFFD\uFFFD(", "20%", "token=***** *****", ""));
  for (const auto& line : window.lines) EXPECT_TRUE(is_valid_utf8(line.shown.text));
}

TEST(LogIndex, SecretAcrossTheCutIsNotHalfShown) {
  const LogOnDisk log;
  const std::string secret(64, 'q');
  log.append(std::string(90, 'x') + " " + secret + std::string(20'000, 'y') + "\n");
  LogIndex index(log.path());
  index_all(index);
  const auto window = index.read(0, {.lines = 1, .bytes = 1000, .line_bytes = 100}, Masker({secret})).value();
  EXPECT_THAT(window.lines[0].shown.text, testing::Not(testing::HasSubstr("q")));
}

TEST(LogIndex, ReplacedAndTruncatedLogsAreBegunAnew) {
  const LogOnDisk log;
  log.append(numbered(0, 5000));
  LogIndex index(log.path());
  index_all(index);
  const auto first = index.generation();
  // Replaced while it is read.
  std::filesystem::rename(log.path(), log.path().string() + ".1");
  log.append(numbered(0, 6000));
  index_all(index);
  EXPECT_EQ(index.generation(), first + 1);
  EXPECT_EQ(index.end_line(), 6000U);
  // Cut to nothing.
  std::filesystem::resize_file(log.path(), 0);
  index_all(index);
  EXPECT_EQ(index.generation(), first + 2);
  EXPECT_EQ(index.end_line(), 0U);
  // Cut and grown beyond where it was, unseen.
  log.append(numbered(0, 10));
  index_all(index);
  std::filesystem::resize_file(log.path(), 0);
  log.append("another\n" + numbered(0, 100));
  index_all(index);
  EXPECT_EQ(index.end_line(), 101U);
  // Gone.
  std::filesystem::remove(log.path());
  index_all(index);
  EXPECT_EQ(index.end_line(), 0U);
}

TEST(LogIndex, TruncatedBetweenStepsGivesWhatIsThere) {
  const LogOnDisk log;
  log.append(numbered(0, 50'000));
  LogIndex index(log.path());
  EXPECT_FALSE(index.advance(1).value());
  std::filesystem::resize_file(log.path(), 10);
  // Not looked at since: what is gone can't be read, and nothing breaks.
  EXPECT_THAT(index.read(1000, {}, no_secrets).value().lines, SizeIs(testing::Le(1)));
  index_all(index);
  EXPECT_EQ(index.end_line(), 0U);
  EXPECT_EQ(index.size(), 10U);
}

TEST(LogIndex, MemoryIsBoundedAndLinesAreFoundAfterItBecameCoarser) {
  const LogOnDisk log;
  // 1 GB of lines of 64 KiB, nearly all of each a hole in the file.
  constexpr std::uint64_t stride = 64 * 1024, lines = 16'500;
  log.append(numbered(0).substr(0, 20));
  const int fd = ::open(log.path().c_str(), O_WRONLY | O_CLOEXEC);
  for (std::uint64_t i = 1; i <= lines; ++i) {
    const std::string bytes = "\n" + (i < lines ? numbered(i - 1).substr(0, numbered(i - 1).size() - 1) : "");
    ASSERT_EQ(::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(i * stride - 1)),
              static_cast<ssize_t>(bytes.size()));
  }
  ::close(fd);
  LogIndex index(log.path());
  index_all(index);
  EXPECT_GT(index.spacing(), LogIndex::first_spacing);
  EXPECT_LE(index.memory(), 1024U * 1024U);
  EXPECT_EQ(index.end_line(), lines);
  EXPECT_EQ(index.counts()[at(LogLevel::error)], 16U);
  for (std::uint64_t line = 1; line < lines; line += 501) {
    EXPECT_EQ(index.place_of(line).value().offset, line * stride);
    EXPECT_EQ(index.line_at(line * stride + 1).value().line, line);
  }
}

TEST(LogIndex, TimesLeadToAPlaceBeforeThem) {
  const LogOnDisk log;
  std::string text;
  for (int hour = 0; hour < 24; ++hour)
    for (int i = 0; i < 1000; ++i)
      text += "26/11/22 " + std::string(hour < 10 ? "0" : "") + std::to_string(hour) +
              ":00:00 INFO Foo: " + std::string(80, 'x') + "\n";
  log.append(text);
  LogIndex index(log.path());
  index_all(index);
  const auto noon = line_time("26/11/22 12:00:00 INFO x").value();
  const LogPlace place = index.near_time(noon);
  EXPECT_LT(place.line, 12'000U);
  EXPECT_GT(place.line, 11'000U);
  EXPECT_EQ(index.near_time(0).line, 0U);
}

}  // namespace firesteel
