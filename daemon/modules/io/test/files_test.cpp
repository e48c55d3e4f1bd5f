// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

namespace firesteel::io {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/firesteel-test-XXXXXX";
    directory_ = mkdtemp(pattern);
  }
  void TearDown() override { fs::remove_all(directory_); }

  fs::path directory_;
};

}  // namespace

TEST_F(FilesTest, WritesAWholeFileWithItsMode) {
  const fs::path file = directory_ / "record";
  ASSERT_TRUE(write_atomically(file, "old", 0644).has_value());
  ASSERT_TRUE(write_atomically(file, "new", 0600).has_value());
  EXPECT_EQ(read_file(file, 100).value(), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(FilesTest, AFailedWriteSaysWhereAndLeavesNothing) {
  const auto written = write_atomically(directory_ / "none" / "x", "new", 0600);
  ASSERT_TRUE(written.has_error());
  EXPECT_THAT(written.error().message, HasSubstr((directory_ / "none").string()));
  EXPECT_TRUE(fs::is_empty(directory_));
}

TEST_F(FilesTest, ReadingIsBounded) {
  EXPECT_EQ(read_file(directory_ / "none", 100).error().code, Errc::not_found);
  EXPECT_EQ(read_file("/dev/zero", 100).error().code, Errc::payload_too_large);
}

TEST_F(FilesTest, APrivateDirectoryIsOursAloneOrRefused) {
  const fs::path made = directory_ / "a" / "b";
  ASSERT_TRUE(ensure_private_directory(made).has_value());
  EXPECT_EQ(fs::status(made).permissions(), fs::perms(0700));
  ::chmod(made.c_str(), 0755);
  EXPECT_THAT(ensure_private_directory(made).error().advice, HasSubstr("chmod 700"));
  fs::create_directory_symlink(made, directory_ / "link");
  EXPECT_THAT(ensure_private_directory(directory_ / "link").error().message, HasSubstr("not a directory"));
}

TEST_F(FilesTest, ALockIsHeldByOne) {
  const auto held = lock_file(directory_ / "lock");
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(lock_file(directory_ / "lock").error().code, Errc::wrong_state);
}

}  // namespace firesteel::io
