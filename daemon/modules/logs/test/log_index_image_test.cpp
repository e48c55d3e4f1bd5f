// SPDX-License-Identifier: Apache-2.0
#include <boost/crc.hpp>
#include <fstream>
#include <iterator>
#include <memory>

#include "firesteel/logs/log_index.hpp"
#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

namespace fs = std::filesystem;

const Masker no_secrets;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_to(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// An index file's bytes with a checksum that is right for them.
std::string signed_again(std::string bytes) {
  bytes.resize(bytes.size() - 4);
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  const std::uint32_t sum = crc.checksum();
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(sum >> (8 * i)));
  return bytes;
}

/// A log of several stretches whose index is kept.
class KeptIndex : public testing::Test {
 protected:
  static constexpr std::uint64_t lines = 50'000;

  KeptIndex() {
    log.append(numbered(0, lines));
    index_all(first);
    EXPECT_TRUE(keep_index(log.path(), first.image().value()));
  }
  fs::path file() const { return index_file_of(log.path()); }

  /// Held against an index that has nothing to go on from.
  void expect_right(LogIndex& index) const {
    index_all(index);
    const fs::path aside = file().string() + ".aside";
    if (fs::exists(file())) fs::rename(file(), aside);
    LogIndex anew(log.path());
    index_all(anew);
    if (fs::exists(aside)) fs::rename(aside, file());
    EXPECT_EQ(anew.restored(), 0U);
    EXPECT_EQ(index.end_line(), anew.end_line());
    EXPECT_EQ(index.end_offset(), anew.end_offset());
    EXPECT_EQ(index.counts(), anew.counts());
    EXPECT_EQ(index.first_error(), anew.first_error());
    EXPECT_EQ(index.first_line(), anew.first_line());
    for (std::uint64_t line = index.first_line(); line <= index.end_line(); line += 997)
      EXPECT_EQ(index.place_of(line).value(), anew.place_of(line).value());
  }
  void expect_ignored() const {
    LogIndex index(log.path());
    static_cast<void>(index.advance(1).value());
    EXPECT_EQ(index.restored(), 0U);
    expect_right(index);
  }

  LogOnDisk log;
  LogIndex first{log.path()};
};

TEST_F(KeptIndex, IsGoneOnFromWithoutReadingTheLog) {
  LogIndex next(log.path());
  EXPECT_TRUE(next.advance(1).value());
  EXPECT_EQ(next.restored(), first.end_offset());
  EXPECT_EQ(next.end_line(), lines);
  expect_right(next);
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(KeptIndex, AGrownLogIsIndexedFromThereOn) {
  log.append(numbered(lines, lines + 10'000) + "unfinished");
  LogIndex next(log.path());
  expect_right(next);
  EXPECT_EQ(next.restored(), first.end_offset());
  EXPECT_EQ(next.end_line(), lines + 10'000);
}

TEST_F(KeptIndex, IsTakenWithinAnUnfinishedLineLongerThanABlock) {
  log.append(std::string(3'000'000, 'x'));
  index_all(first);
  ASSERT_TRUE(keep_index(log.path(), first.image().value()));
  log.append("y\n" + numbered(0, 10));
  LogIndex next(log.path());
  expect_right(next);
  EXPECT_EQ(next.end_line(), lines + 11);
}

TEST_F(KeptIndex, OfAnotherFileAtThatPlaceIsIgnored) {
  fs::rename(log.path(), log.path().string() + ".1");
  log.append(numbered(0, lines));
  expect_ignored();
}

TEST_F(KeptIndex, OfALogThatIsShorterNowIsIgnored) {
  fs::resize_file(log.path(), first.end_offset() - 1);
  expect_ignored();
}

TEST_F(KeptIndex, OfALogThatWasBegunAnewInTheSameFileIsIgnored) {
  fs::resize_file(log.path(), 0);
  log.append(numbered(lines, 3 * lines));
  expect_ignored();
}

TEST_F(KeptIndex, TornAndForeignOnesAreIgnored) {
  const std::string whole = content_of(file());
  ASSERT_GT(whole.size(), 200U);
  for (const std::size_t size : {0UL, 1UL, 8UL, 12UL, 100UL, whole.size() / 2, whole.size() - 1}) {
    write_to(file(), whole.substr(0, size));
    expect_ignored();
  }
  write_to(file(), whole + "x");
  expect_ignored();
  for (std::size_t at = 0; at < whole.size(); at += 131) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    write_to(file(), bytes);
    LogIndex index(log.path());
    static_cast<void>(index.advance(1).value());
    EXPECT_EQ(index.restored(), 0U) << at;
  }
}

TEST_F(KeptIndex, OfANewerVersionIsIgnored) {
  std::string bytes = content_of(file());
  bytes[8] = 2;
  write_to(file(), signed_again(bytes));
  expect_ignored();
}

TEST_F(KeptIndex, HostileOnesAreIgnoredOrDoNoHarm) {
  const std::string whole = content_of(file());
  ASSERT_EQ(signed_again(whole), whole);
  for (std::size_t at = 8; at + 4 < whole.size(); at += 1 + at / 64) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string bytes = whole;
      bytes[at] = value;
      write_to(file(), signed_again(bytes));
      LogIndex index(log.path());
      index_all(index);
      static_cast<void>(index.read(index.end_line() / 2, {.lines = 5}, no_secrets));
      static_cast<void>(index.line_at(index.end_offset() / 2));
      static_cast<void>(index.counts());
    }
  }
}

TEST_F(KeptIndex, ALinkOrAFifoInItsPlaceIsIgnored) {
  const fs::path elsewhere = file().string() + ".elsewhere";
  fs::rename(file(), elsewhere);
  fs::create_symlink(elsewhere, file());
  expect_ignored();
  fs::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  expect_ignored();
}

TEST_F(KeptIndex, AHeadGivenBackBeforeIsKnown) {
  ASSERT_EQ(first.give_back(LogIndex::least_limit).value(), GivenBack::done);
  ASSERT_TRUE(keep_index(log.path(), first.image().value()));
  LogIndex next(log.path());
  expect_right(next);
  EXPECT_EQ(next.restored(), first.end_offset());
  EXPECT_EQ(next.dropped().bytes, first.dropped().bytes);
  EXPECT_EQ(next.dropped().lines, first.dropped().lines);
  EXPECT_GT(next.first_line(), 0U);
}

TEST_F(KeptIndex, AHeadGivenBackSinceIsForgotten) {
  ASSERT_EQ(first.give_back(LogIndex::least_limit).value(), GivenBack::done);
  LogIndex next(log.path());
  expect_right(next);
  EXPECT_EQ(next.restored(), first.end_offset());
  EXPECT_EQ(next.dropped().bytes, first.dropped().bytes);
  EXPECT_EQ(next.dropped().lines, first.dropped().lines);
  EXPECT_EQ(next.first_line(), first.first_line());
  EXPECT_EQ(next.counts(), first.counts());
}

TEST_F(KeptIndex, AHeadGivenBackBeyondItIsIndexedAnew) {
  log.append(numbered(lines, 3 * lines));
  index_all(first);
  ASSERT_EQ(first.give_back(LogIndex::least_limit).value(), GivenBack::done);
  LogIndex next(log.path());
  index_all(next);
  EXPECT_EQ(next.restored(), 0U);
  EXPECT_EQ(next.end_line(), 3 * lines);
  EXPECT_EQ(next.first_line(), first.first_line());
}

TEST_F(KeptIndex, IsNotWrittenForALogThatHasGone) {
  auto image = first.image().value();
  fs::remove(log.path());
  fs::remove(file());
  EXPECT_TRUE(keep_index(log.path(), image));
  EXPECT_FALSE(fs::exists(file()));
  log.append("another\n");
  EXPECT_TRUE(keep_index(log.path(), image));
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(KeptIndex, ThatItCannotBeWrittenIsAnError) {
  fs::remove(file());
  fs::create_directory(file().string() + ".new");
  EXPECT_FALSE(keep_index(log.path(), first.image().value()));
}

TEST(LogIndexImage, OfALogOfGigabytesStaysSmall) {
  const LogOnDisk log;
  LogIndex index(log.path());
  EXPECT_FALSE(index.image());
  // More than fits without every second entry going: lines that are as long as a stretch.
  const std::string line = "26/11/22 08:30:36 INFO Foo: " + std::string(LogIndex::first_spacing, 'x') + "\n";
  std::string some;
  for (int i = 0; i < 64; ++i) some += line;
  for (int i = 0; i < 4; ++i) {
    log.append(some);
    index_all(index);
  }
  EXPECT_LE(index.image().value().bytes.size(), 256 * 64U + 256);
  EXPECT_LE(LogIndex::max_entries * 64, 1024 * 1024U);
}

}  // namespace
}  // namespace firesteel
