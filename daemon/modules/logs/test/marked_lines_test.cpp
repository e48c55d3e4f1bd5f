// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/marked_lines.hpp"

#include "firesteel/io/files.hpp"
#include "firesteel/logs/explain.hpp"
#include "firesteel/logs/log_file.hpp"
#include "firesteel/logs/log_line.hpp"
#include "logs_on_disk.hpp"

namespace firesteel {

using testing::ElementsAre;

TEST(MarkedLines, EachLineIsMarkedAndKeepsItsPlaceAmongTheServers) {
  const LogOnDisk log;
  ASSERT_TRUE(append_marked_lines(log.path(), LogSource::launch, "Spark 4.0.1\nJava 17"));
  ASSERT_TRUE(append_marked_lines(log.path(), LogSource::pre_script, "ERROR: no ticket\n\n"));
  log.append("26/11/22 08:30:36 INFO Foo: x\n");
  ASSERT_TRUE(append_marked_lines(log.path(), LogSource::launch, ""));
  const auto lines = read_last_lines(log.path(), 100).value().lines;
  EXPECT_THAT(lines, ElementsAre("[firesteel] Spark 4.0.1", "[firesteel] Java 17", "[pre_script] ERROR: no ticket",
                                 "[pre_script] ", "26/11/22 08:30:36 INFO Foo: x"));
  EXPECT_EQ(source_of(lines[0]), LogSource::launch);
  EXPECT_EQ(source_of(lines[2]), LogSource::pre_script);
  EXPECT_EQ(source_of(lines[4]), LogSource::server);
  EXPECT_EQ(without_mark(lines[2]), "ERROR: no ticket");
  EXPECT_EQ(without_mark(lines[4]), lines[4]);
}

TEST(MarkedLines, OfTheScriptTheLevelIsSeen) {
  EXPECT_EQ(line_level("[pre_script] ERROR: no ticket"), LogLevel::error);
  EXPECT_EQ(line_level("[firesteel] Spark 4.0.1"), LogLevel::none);
}

TEST(MarkedLines, AreNoFirstWordOfTheServer) {
  EXPECT_FALSE(is_first_word("[firesteel] Spark 4.0.1"));
  EXPECT_FALSE(is_first_word("[pre_script] 26/11/22 08:30:36 INFO Foo: x"));
}

TEST(MarkedLines, WhatTheDaemonSaysIsNoCause) {
  const Failure failure = explain({"[firesteel] option spark.x = java.lang.OutOfMemoryError: y", "bye"},
                                  ExitStatus::code(3), {.was_ready = false, .secrets = {}});
  EXPECT_EQ(failure.reason, FailureReason::exited);
}

TEST(MarkedLines, ALinkIsNotFollowed) {
  const LogOnDisk log;
  std::filesystem::create_symlink("/dev/null", log.path());
  EXPECT_FALSE(append_marked_lines(log.path(), LogSource::launch, "x"));
}

}  // namespace firesteel
