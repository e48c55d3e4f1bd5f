// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/history_launch.hpp"

#include <gmock/gmock.h>

#include "firesteel/engine/properties.hpp"

namespace firesteel {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

LaunchPlan plan() {
  return history_launch({.source = {.java = "/v/java/bin/java",
                                    .class_path = "/v/pyspark/jars/*",
                                    .log_directory = "file:///state/events/1"},
                         .base = {{"HOME", "/home/u"}, {"JUPYTER_TOKEN", "jupyters"}, {"SPARK_LOCAL_IP", "10.0.0.1"}},
                         .directory = "/run/history/1",
                         .owner = "/run/firesteel",
                         .port = 41001,
                         .key = "the-key"});
}

TEST(HistoryLaunch, ReadsTheLogsBehindAKeyThatIsInItsFileAlone) {
  const LaunchPlan it = plan();
  EXPECT_EQ(it.argv.front(), "/v/java/bin/java");
  EXPECT_EQ(it.argv.back(), "/run/history/1/history.properties");
  EXPECT_THAT(it.argv, Each(Not(HasSubstr("the-key"))));
  EXPECT_THAT(it.environment, Each(Not(HasSubstr("the-key"))));
  ASSERT_EQ(it.files.size(), 1U);
  EXPECT_EQ(it.files[0].mode, 0600U);
  EXPECT_THAT(
      parse_properties(it.files[0].content),
      IsSupersetOf({Pair("spark.history.fs.logDirectory", "file:///state/events/1"),
                    Pair("spark.history.ui.port", "41001"), Pair("spark.ui.filters", "org.apache.spark.ui.JWSFilter"),
                    Pair("spark.org.apache.spark.ui.JWSFilter.param.secretKey", "the-key")}));
}

TEST(HistoryLaunch, ListensOnLoopbackAndKnowsNothingOfJupyter) {
  const LaunchPlan it = plan();
  EXPECT_THAT(it.environment, Contains("SPARK_LOCAL_IP=127.0.0.1"));
  EXPECT_THAT(it.environment, Contains("FIRESTEEL_HISTORY_OF=/run/firesteel"));
  EXPECT_THAT(it.environment, Each(Not(StartsWith("JUPYTER"))));
}

TEST(EventLogDirectory, IsThereWhenEventsAreLogged) {
  EXPECT_EQ(event_log_directory({}), std::nullopt);
  EXPECT_EQ(event_log_directory({{"spark.eventLog.dir", "/logs"}}), std::nullopt);
  EXPECT_EQ(event_log_directory({{"spark.eventLog.enabled", "false"}}), std::nullopt);
  EXPECT_EQ(event_log_directory({{"spark.eventLog.enabled", "TRUE"}}), "");
  EXPECT_EQ(event_log_directory({{"spark.eventLog.enabled", "true"}, {"spark.eventLog.dir", "/a b"}}), "file:///a b");
  EXPECT_EQ(event_log_directory({{"spark.eventLog.enabled", "true"}, {"spark.eventLog.dir", "hdfs://n/l"}}),
            "hdfs://n/l");
}

}  // namespace
}  // namespace firesteel
