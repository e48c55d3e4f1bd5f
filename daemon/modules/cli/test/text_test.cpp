// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "fakes.hpp"
#include "surroundings.hpp"
#include "views.hpp"

namespace firesteel::cli {
namespace {

TEST(Text, WidthIsWhatATerminalShows) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("●ä"), 2U);
  EXPECT_EQ(display_width("集群"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("🔥"), 2U);
}

TEST(Text, CutKeepsWholeCharacters) {
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abcd", 3), "ab…");
  EXPECT_EQ(cut("集群集", 5), "集群…");
  EXPECT_EQ(cut("集群集", 4), "集…");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(Text, PrintableCantMoveTheCursor) {
  EXPECT_EQ(printable("a\033[31mb\r\n\tc\u009b1m\x7f"), "a\\x1b[31mb\\x0d\\x0a\tc\\x9b1m\\x7f");
  EXPECT_EQ(printable("✓ 集群"), "✓ 集群");
  EXPECT_EQ(printable("cut off \xe2"), "cut off \ufffd");
}

TEST(Text, TimesInWords) {
  EXPECT_EQ(duration_words(-5), "0 s");
  EXPECT_EQ(duration_words(59'999), "59 s");
  EXPECT_EQ(duration_words(245'000), "4 min");
  EXPECT_EQ(duration_words(7'200'000), "2 h");
  EXPECT_EQ(duration_words(86'400'000), "1 day");
  EXPECT_EQ(duration_words(3 * 86'400'000LL), "3 days");
  EXPECT_EQ(stopwatch_words(2'149), "2.1 s");
  EXPECT_EQ(stopwatch_words(65'000), "1 min 5 s");
  const WallTime then(std::chrono::milliseconds(1'709'208'000'123));
  EXPECT_EQ(age_words("2024-02-29T12:00:00.123Z", then + std::chrono::minutes(5)), "5 min");
  EXPECT_EQ(age_words("2024-02-29T12:00:00Z", then - std::chrono::minutes(5)), "0 s");
  EXPECT_EQ(age_words("2024-02-29", then), "");
  EXPECT_EQ(age_words("", then), "");
}

TEST(Text, SizesInWords) {
  EXPECT_EQ(size_words(1023), "1023 B");
  EXPECT_EQ(size_words(2048), "2 KiB");
  EXPECT_EQ(size_words(5 << 20), "5 MiB");
  EXPECT_EQ(size_words(std::uint64_t{3} << 29), "1.5 GiB");
}

TEST(Text, TableAlignsByWidthAndLeavesNoBlanksAtTheEnd) {
  EXPECT_EQ(table({{{"A"}, {"B"}, {"C"}}, {{"集群"}, {""}, {"c"}}, {{"x"}, {"yy"}, {""}}}, false),
            "A     B   C\n集群      c\nx     yy\n");
  EXPECT_EQ(table({{{"ok", Colour::green}, {"x"}}}, true), "\033[32mok\033[0m  x\n");
}

TEST(Surroundings, ExecutablesComeFromAbsolutePathsOnly) {
  EXPECT_EQ(find_executable("sh", "/nowhere:/bin"), "/bin/sh");
  EXPECT_EQ(find_executable("sh", ":/nowhere"), "");
  EXPECT_EQ(find_executable("/bin/sh", ""), "/bin/sh");
  EXPECT_EQ(find_executable("/etc/passwd", "/bin"), "");
  EXPECT_EQ(find_executable("", "/bin"), "");
}

boost::json::object parsed(const std::string& text) { return boost::json::parse(text).get_object(); }

TEST(Views, ConnectionsAreATableWithTheDefaultMarked) {
  const std::string more = R"(,"spark_version":"4.3.0","application_id":"local-1700000000000")";
  const std::string list =
      test::connection("analysis", "ready", more) + "," +
      test::connection("test", "failed", R"(,"failure":{"reason":"no_java","message":"There is no \u001b[2J Java"})");
  EXPECT_EQ(connections_text(parsed(test::connections_of(list)), false),
            "NAME        STATE     CLUSTER  SPARK  APPLICATION          AGE\n"
            "analysis *  ● ready   Local    4.3.0  local-1700000000000  4 min\n"
            "test *      ✕ failed  Local    -      -                    4 min\n"
            "* the default: what a notebook gets that names none\n"
            "✕ test: There is no \\x1b[2J Java\n");
  EXPECT_EQ(connections_text(parsed(test::connections_of("")), false),
            "No connection yet: `firesteel start` creates one.\n");
}

TEST(Views, StatusCountsAndNamesAnotherVersion) {
  const std::string status =
      R"({"version":"0.0.9","pid":7,"uptime_ms":245000,"viewers":2,"api_socket":"/r/api.sock",)"
      R"("state_dir":"/s","connections":{"starting":0,"ready":2,"stopping":0,"stopped":0,"failed":1}})";
  const std::string text = status_text(parsed(status), false);
  EXPECT_NE(text.find("● Firesteel 0.0.9 runs since 4 min (pid 7)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("2 ready, 1 failed\n"), std::string::npos) << text;
  EXPECT_NE(text.find("replaces an older daemon"), std::string::npos) << text;
}

TEST(Views, PhasesSayWhatIsDoneAndWhatGoesOn) {
  const std::string phases =
      R"({"name":"a","state":"starting","phases":[{"phase":"preparing","elapsed_ms":120,"done":true},)"
      R"({"phase":"starting_jvm","elapsed_ms":2100,"done":false},{"phase":"new_one","elapsed_ms":0,"done":false}]})";
  EXPECT_EQ(phases_line(parsed(phases)), "a: ✓ prepared 0.1 s  ◌ starting JVM… 2.1 s  ◌ new_one… 0.0 s ");
}

TEST(Views, ProblemsSayWhatToDoAndShowTheLog) {
  Problem problem{.code = "start_failed",
                  .message = "a failed: Java 8 is too old",
                  .advice = "Take Java 17.",
                  .connections = {"x", "y"}};
  problem.failure = parsed(R"({"reason":"java_too_old","message":"m","log_tail":["one","two\u0007"]})");
  EXPECT_EQ(problem_text(problem, false),
            "firesteel: a failed: Java 8 is too old\n  Take Java 17.\n  There are: x, y\n"
            "  The log's last lines:\n  │ one\n  │ two\\x07\n");
}

}  // namespace
}  // namespace firesteel::cli
