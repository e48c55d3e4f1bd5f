// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_line.hpp"

#include <gmock/gmock.h>

#include "firesteel/core/utf8.hpp"

namespace firesteel {

TEST(LineLevel, IsReadFromSparksIsoAndJsonLines) {
  for (const auto& [line, level] : std::vector<std::pair<std::string, LogLevel>>{
           {"25/01/31 12:00:00 WARN Foo: bar", LogLevel::warn},
           {"25/01/31 12:00:00 INFO SparkContext: Running", LogLevel::info},
           {"25/01/31 12:00:00,123 ERROR Foo: bar", LogLevel::error},
           {"2026-11-22 08:27:10,123 DEBUG [main] Foo - bar", LogLevel::debug},
           {"2026-11-22T08:27:10.000Z [main thread] FATAL Foo - bar", LogLevel::fatal},
           {"2026-11-22T08:27:10+01:00  TRACE x", LogLevel::trace},
           {"2026-11-22 08:27:10 main ERROR Foo", LogLevel::error},
           {R"({"ts":"2026-11-22T08:27:10.000Z","level":"WARN","msg":"x"})", LogLevel::warn},
           {R"({"msg":"x", "level" : "ERROR"})", LogLevel::error},
           {"WARNING: package sun.security.action not in java.base", LogLevel::warn},
           {"[ERROR] something", LogLevel::error},
           {"Exception in thread \"main\" java.lang.IllegalStateException", LogLevel::error},
           // None of their own:
           {"\tat org.apache.spark.Foo(Foo.scala:1)", LogLevel::none},
           {"Caused by: java.io.IOException: ERROR", LogLevel::none},
           {"25/01/31 12:00:00 a thing with three words ERROR", LogLevel::none},
           {"25/01/31 12:00:00", LogLevel::none},
           {"25/01/31 12:0x:00 WARN Foo", LogLevel::none},
           {"ERRORS: 5", LogLevel::none},
           {"{\"level\":", LogLevel::none},
           {"{\"level\":\"", LogLevel::none},
           {"", LogLevel::none},
           {std::string(3, '\0'), LogLevel::none}})
    EXPECT_EQ(to_string(line_level(line)), to_string(level)) << line;
}

TEST(LineTime, IsTheClocksOwn) {
  EXPECT_EQ(line_time("70/01/01 00:00:01 INFO x"), 1000 + 3'155'760'000'000LL);  // 2070
  EXPECT_EQ(line_time("1970-01-02T00:00:00.5Z"), 86'400'500);
  EXPECT_EQ(line_time("2026-11-22 08:27:10,123 WARN"), 1'795'336'030'123);
  EXPECT_EQ(line_time(R"({"ts":"2026-11-22T08:27:10.123Z","level":"WARN"})"), 1'795'336'030'123);
  for (const char* none :
       {"", "x", "26/13/22 08:27:10 INFO", "2026-11-22", "\tat x", "{\"ts\":\"\"}", "26/00/01 08:27:10"})
    EXPECT_EQ(line_time(none), std::nullopt) << none;
}

TEST(ShowLine, IsValidUtf8WithoutLineEndAndSaysWhatIsCut) {
  EXPECT_EQ(show_line("a\r", 10).text, "a");
  EXPECT_EQ(show_line("10%\r20%\r", 10).text, "20%");
  EXPECT_EQ(show_line("a\xFF", 10).text, "a\uFFFD");
  const ShownLine cut = show_line("abé", 3);
  EXPECT_EQ(cut.text, "ab");
  EXPECT_EQ(cut.cut, 2U);
  EXPECT_TRUE(is_valid_utf8(show_line(std::string("\0\xC3", 2), 10).text));
}

}  // namespace firesteel
