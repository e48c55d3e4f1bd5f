// SPDX-License-Identifier: Apache-2.0
#include "launch_words.hpp"

#include <gmock/gmock.h>

namespace firesteel {

using testing::HasSubstr;
using testing::Not;

TEST(LaunchWords, SayWhatIsStartedWithoutSecrets) {
  LaunchFacts facts{.connection = "main",
                    .cluster = "Local",
                    .options = {{"spark.hadoop.fs.s3a.secret.key", "abc def"},
                                {"spark.driver.extraJavaOptions", "-Dx.password=hush -Dy=1"},
                                {"spark.lines", "one\n[firesteel] two"}},
                    .installation = {},
                    .python_version = "3.11.2",
                    .grpc_port = 4711,
                    .ui_port = 0};
  facts.installation.python = "/opt/python";
  facts.installation.spark_version = "4.0.1";
  facts.installation.java_major = 17;
  const std::string words = launch_words(facts);
  EXPECT_THAT(words, HasSubstr("starts 'main' on Local\n"));
  EXPECT_THAT(words, HasSubstr("Python 3.11.2: /opt/python\n"));
  EXPECT_THAT(words, HasSubstr("Spark 4.0.1: "));
  EXPECT_THAT(words, HasSubstr("Java 17: "));
  EXPECT_THAT(words, HasSubstr("127.0.0.1:4711, no Spark UI\n"));
  EXPECT_THAT(words, HasSubstr("option spark.hadoop.fs.s3a.secret.key = *****\n"));
  EXPECT_THAT(words, HasSubstr("-Dx.password=***** -Dy=1\n"));
  EXPECT_THAT(words, HasSubstr("spark.lines = one\\x0a[firesteel] two\n"));
  EXPECT_THAT(words, Not(HasSubstr("abc")));
}

TEST(LaunchWords, SayWhereExecutorsFindTheDriverAndWhatIsOpen) {
  LaunchFacts facts{.connection = "main", .cluster = "Far", .options = {}, .installation = {}, .python_version = ""};
  EXPECT_THAT(launch_words(facts), Not(HasSubstr("driver")));
  facts.driver_host = "192.0.2.7";
  facts.warnings = {"Ports are open."};
  EXPECT_THAT(launch_words(facts), HasSubstr("Executors on other machines find the driver at 192.0.2.7\n"));
  EXPECT_THAT(launch_words(facts), HasSubstr("warning: Ports are open.\n"));
}

}  // namespace firesteel
