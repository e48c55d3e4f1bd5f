// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

const Masker no_secrets;
constexpr std::uint64_t limit = 2 * 1024 * 1024;

class LogBound : public testing::Test {
 protected:
  /// Gives back what can be; skips the test where the file system can't.
  void give_back(LogIndex& index) {
    index_all(index);
    const GivenBack how = index.give_back(limit).value();
    if (how == GivenBack::unsupported) GTEST_SKIP() << "this file system punches no holes";
    ASSERT_EQ(how, GivenBack::done);
  }
  LogOnDisk log;
};

std::string text_of(const LogIndex& index, std::uint64_t line) {
  return texts_of(index.read(line, {.lines = 1}, no_secrets).value()).at(0) + "\n";
}

}  // namespace

TEST_F(LogBound, GivesTheHeadBackAndKeepsNumbersAndOffsets) {
  log.append(numbered(0, 200'000));
  const auto size = std::filesystem::file_size(log.path());
  LogIndex index(log.path());
  index_all(index);
  const auto before = index.place_of(199'000).value();
  give_back(index);
  EXPECT_LE(log.allocated(), limit);
  EXPECT_GE(log.allocated(), limit / 2);
  EXPECT_EQ(std::filesystem::file_size(log.path()), size);
  EXPECT_EQ(index.dropped().lines, index.first_line());
  EXPECT_GT(index.first_line(), 100'000U);
  EXPECT_FALSE(index.dropped().inside_line);
  EXPECT_EQ(index.place_of(index.first_line()).value().offset, index.dropped().bytes);
  EXPECT_EQ(index.place_of(199'000).value(), before);
  for (std::uint64_t line = index.first_line(); line < 200'000; line += 1001)
    EXPECT_EQ(text_of(index, line), numbered(line));
  // A window from before the first line that is left begins there.
  EXPECT_EQ(index.read(0, {}, no_secrets).value().lines.at(0).number, index.first_line());
  ASSERT_TRUE(index.first_error());
  EXPECT_EQ(index.first_error()->line % 1000, 999U);
  EXPECT_LT(index.first_error()->line, index.first_line() + 1000);
  EXPECT_EQ(text_of(index, index.first_error()->line), numbered(index.first_error()->line));
  EXPECT_EQ(index.counts()[static_cast<std::size_t>(LogLevel::error)], 200 - index.first_error()->line / 1000);
  EXPECT_EQ(index.give_back(limit).value(), GivenBack::nothing);
}

TEST_F(LogBound, NextDaemonFindsTheHole) {
  log.append(numbered(0, 200'000));
  LogIndex first(log.path());
  give_back(first);
  if (IsSkipped()) return;
  LogIndex second(log.path());
  index_all(second);
  EXPECT_EQ(second.dropped().bytes, first.dropped().bytes);
  EXPECT_EQ(second.end_line(), second.dropped().lines ? 200'000 : 200'000 - *first.dropped().lines);
  EXPECT_EQ(second.counts(), first.counts());
  // It does what the first one would have done.
  log.append(numbered(200'000, 300'000));
  give_back(second);
  EXPECT_LE(log.allocated(), limit);
  EXPECT_EQ(text_of(second, second.end_line() - 1), numbered(299'999));
}

TEST_F(LogBound, HoleWithoutARecordIsSaidToBeOne) {
  log.append(numbered(0, 200'000));
  LogIndex first(log.path());
  give_back(first);
  if (IsSkipped()) return;
  // As after a death between record and hole: the record says less than what is gone.
  const int fd = ::open(log.path().c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                        static_cast<off_t>(first.dropped().bytes + 100'000)),
            0);
  ::close(fd);
  LogIndex second(log.path());
  index_all(second);
  EXPECT_EQ(second.dropped().lines, std::nullopt);
  EXPECT_GT(second.dropped().bytes, first.dropped().bytes);
  EXPECT_FALSE(second.dropped().inside_line);
  EXPECT_EQ(second.first_line(), 0U);
  const std::uint64_t gone = 200'000 - second.end_line();
  EXPECT_EQ(text_of(second, 0), numbered(gone));
}

TEST_F(LogBound, RecordOfALogThatWasBegunAnewDoesNotCount) {
  log.append(numbered(0, 200'000));
  LogIndex first(log.path());
  give_back(first);
  if (IsSkipped()) return;
  std::filesystem::resize_file(log.path(), 0);
  log.append(numbered(0, 250'000));
  LogIndex second(log.path());
  index_all(second);
  EXPECT_EQ(second.dropped().bytes, 0U);
  EXPECT_EQ(second.dropped().lines, 0U);
  EXPECT_EQ(second.end_line(), 250'000U);
  index_all(first);
  EXPECT_EQ(first.end_line(), 250'000U);
}

TEST_F(LogBound, OneEndlessLineLosesItsBeginning) {
  log.append("first\n" + std::string(6'000'000, 'z'));
  LogIndex index(log.path());
  give_back(index);
  if (IsSkipped()) return;
  EXPECT_LE(log.allocated(), limit);
  EXPECT_TRUE(index.dropped().inside_line);
  EXPECT_EQ(index.dropped().lines, 1U);
  log.append("\nlast\n");
  index_all(index);
  EXPECT_EQ(index.end_line(), 3U);
  EXPECT_EQ(text_of(index, 2), "last\n");
  LogIndex second(log.path());
  index_all(second);
  EXPECT_TRUE(second.dropped().inside_line == index.dropped().inside_line || !second.dropped().lines);
  EXPECT_EQ(text_of(second, second.end_line() - 1), "last\n");
}

TEST_F(LogBound, WriterAtFullSpeedLosesNothingOfTheEnd) {
  constexpr std::uint64_t lines = 2'000'000;
  constexpr std::uint64_t chunk = 1000;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    const int fd = ::open(log.path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    for (std::uint64_t at = 0; at < lines; at += chunk) {
      const std::string bytes = numbered(at, at + chunk);
      EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    ::close(fd);
    done = true;
  });
  LogIndex index(log.path());
  int given_back = 0;
  bool supported = true;
  for (bool last = false; !last;) {
    last = done;
    static_cast<void>(index.advance().value());
    const GivenBack how = index.give_back(limit).value();
    given_back += how == GivenBack::done;
    supported = supported && how != GivenBack::unsupported;
  }
  writer.join();
  if (!supported) GTEST_SKIP() << "this file system punches no holes";
  index_all(index);
  static_cast<void>(index.give_back(limit).value());
  EXPECT_GT(given_back, 1);
  EXPECT_LE(log.allocated(), limit);
  EXPECT_EQ(index.end_line(), lines);
  EXPECT_EQ(index.generation(), 1U);
  for (std::uint64_t line = index.first_line(); line < lines; line += 501)
    ASSERT_EQ(text_of(index, line), numbered(line));
  EXPECT_EQ(text_of(index, lines - 1), numbered(lines - 1));
}

}  // namespace firesteel
