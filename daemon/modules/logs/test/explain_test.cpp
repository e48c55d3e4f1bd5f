// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/explain.hpp"

#include <gmock/gmock.h>

#include <csignal>

#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::vector<std::string> usual_start{
    "WARNING: package sun.security.action not in java.base",
    "Using Spark's default log4j profile: org/apache/spark/log4j2-defaults.properties",
    "26/11/22 08:30:36 WARN NativeCodeLoader: Unable to load native-hadoop library for your platform... using "
    "builtin-java classes where applicable",
};

/// What Spark 4.3 and Java 25 really say (shortened), with the exit code that follows.
struct Case {
  std::string name;
  std::vector<std::string> lines;
  int exit_code;
  FailureReason reason;
  std::string message;  // part of it
};

const std::vector<Case> cases{
    {"port_in_use",
     {"26/11/22 08:30:47 ERROR SparkConnectServer: Error starting Spark Connect server",
      "java.net.BindException: Failed to bind to address /127.0.0.1:53843: Service "
      "'org.apache.spark.sql.connect.service.SparkConnectService' failed after 0 retries (starting from 53843)! "
      "Consider explicitly setting the appropriate port",
      "\tat org.sparkproject.connect.grpc.netty.NettyServer.start(NettyServer.java:341)",
      "26/11/22 08:30:48 INFO ShutdownHookManager: Shutdown hook called"},
     255,
     FailureReason::port_in_use,
     "Failed to bind to address /127.0.0.1:53843."},
    {"start_race",
     {"26/11/23 02:41:10 ERROR SparkContext: Error initializing SparkContext.",
      "java.util.ConcurrentModificationException: mutation occurred during iteration",
      "\tat org.apache.spark.ui.SparkUI.attachAllHandlers(SparkUI.scala:79)"},
     1,
     FailureReason::exited,
     "changed the same thing at once"},
    {"bad_master",
     {"Exception in thread \"main\" org.apache.spark.SparkException: Master must either be yarn or start with spark, "
      "k8s, or local",
      "\tat org.apache.spark.deploy.SparkSubmit.error(SparkSubmit.scala:1068)"},
     1,
     FailureReason::invalid_option,
     "Master must either be yarn"},
    {"plugin_missing",
     {"26/11/22 08:30:58 ERROR SparkContext: Error initializing SparkContext.",
      "java.lang.ClassNotFoundException: no.such.Plugin",
      "\tat java.base/java.net.URLClassLoader.findClass(Unknown Source)",
      "Exception in thread \"main\" java.lang.ClassNotFoundException: no.such.Plugin"},
     1,
     FailureReason::class_not_found,
     "not there: no.such.Plugin."},
    {"bad_value",
     {"26/11/22 08:31:31 ERROR SparkContext: Error initializing SparkContext.",
      "java.lang.NumberFormatException: Illegal value for config key spark.memory.fraction: For input string: \"x\"",
      "Caused by: java.lang.NumberFormatException: For input string: \"x\""},
     1,
     FailureReason::invalid_option,
     "the option spark.memory.fraction is not one"},
    {"bad_session_value",
     {"26/11/22 08:31:50 ERROR ErrorUtils: Spark Connect RPC error during: config.",
      "Caused by: org.apache.spark.SparkIllegalArgumentException: [INVALID_CONF_VALUE.TIME_ZONE] The value 'Mars' in "
      "the "
      "config \"spark.sql.session.timeZone\" is invalid. Cannot resolve the given timezone. SQLSTATE: 22022"},
     143,
     FailureReason::killed,
     "SIGTERM"},
    {"package_missing",
     {":: problems summary ::",
      "Exception in thread \"main\" java.lang.RuntimeException: [unresolved dependency: org.nope#nope;1.0: not found]",
      "\tat org.apache.spark.util.MavenUtils$.resolveMavenCoordinates(MavenUtils.scala:540)"},
     1,
     FailureReason::class_not_found,
     "could not be fetched: org.nope#nope;1.0: not found."},
    {"too_little_memory",
     {"26/11/22 08:33:25 ERROR SparkContext: Error initializing SparkContext.",
      "org.apache.spark.SparkIllegalArgumentException: [INVALID_DRIVER_MEMORY.SYSTEM_MEMORY] Insufficient driver "
      "memory: System memory 314572800 must be at least 471859200.",
      "Please increase heap size using the --driver-memory option or \"spark.driver.memory\" in Spark configuration."},
     1,
     FailureReason::out_of_memory,
     "less memory than Spark needs"},
    {"out_of_memory",
     {"26/11/22 09:00:00 INFO DAGScheduler: Submitting 2 missing tasks",
      "Terminating due to java.lang.OutOfMemoryError: Java heap space"},
     3,
     FailureReason::out_of_memory,
     "ran out of memory (Java heap space)"},
    {"machine_out_of_memory",
     {"OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x0000000080000000, 2147483648, 0) failed; "
      "error='Not enough space' (errno=12)",
      "# There is insufficient memory for the Java Runtime Environment to continue."},
     1,
     FailureReason::out_of_memory,
     "did not give the driver the memory"},
    {"disk_full",
     {"26/11/22 09:00:00 ERROR Utils: Aborting task", "java.io.IOException: No space left on device"},
     1,
     FailureReason::disk_full,
     "no space left"},
    {"local_dir",
     {"26/11/22 08:36:06 ERROR JavaUtils: Failed to create directory /proc/nope/blockmgr-29246761",
      "java.nio.file.NoSuchFileException: /proc/nope",
      "java.io.IOException: Failed to create a temp directory (under /proc/nope) after 10 attempts!"},
     53,
     FailureReason::invalid_option,
     "directory under /proc/nope."},
    {"old_java",
     {"Error: LinkageError occurred while loading main class org.apache.spark.deploy.SparkSubmit",
      "\tjava.lang.UnsupportedClassVersionError: org/apache/spark/deploy/SparkSubmit has been compiled by a more "
      "recent "
      "version of the Java Runtime (class file version 61.0)"},
     1,
     FailureReason::java_too_old,
     "too old"},
    {"no_spark_on_class_path",
     {"Error: Could not find or load main class org.apache.spark.deploy.SparkSubmit",
      "Caused by: java.lang.ClassNotFoundException: org.apache.spark.deploy.SparkSubmit"},
     1,
     FailureReason::class_not_found,
     "org.apache.spark.deploy.SparkSubmit"},
    {"unknown_exception",
     {"26/11/22 08:33:40 ERROR SparkContext: Error initializing SparkContext.",
      "java.io.FileNotFoundException: File file:/nope/x does not exist",
      "\tat org.apache.hadoop.fs.RawLocalFileSystem.deprecatedGetFileStatus(RawLocalFileSystem.java:980)",
      "Exception in thread \"main\" java.lang.IllegalStateException: later"},
     1,
     FailureReason::exited,
     "FileNotFoundException: File file:/nope/x does not exist."},
    {"no_word", {}, 7, FailureReason::exited, "ended with exit code 7."},
};

class Explain : public testing::TestWithParam<Case> {};

}  // namespace

TEST_P(Explain, NamesTheCause) {
  std::vector<std::string> lines = usual_start;
  lines.insert(lines.end(), GetParam().lines.begin(), GetParam().lines.end());
  const Failure failure = explain(lines, ExitStatus::code(GetParam().exit_code), {});
  EXPECT_EQ(to_string(failure.reason), to_string(GetParam().reason));
  EXPECT_THAT(failure.message, HasSubstr(GetParam().message));
  EXPECT_THAT(failure.message, Not(HasSubstr("{}")));
  EXPECT_EQ(failure.message.back(), '.');
  EXPECT_THAT(failure.advice, Not(IsEmpty()));
  EXPECT_EQ(failure.exit_code, GetParam().exit_code);
  EXPECT_EQ(failure.log_tail, lines);
  EXPECT_EQ(failure.passes, GetParam().name == "port_in_use" || GetParam().name == "start_race");
}

INSTANTIATE_TEST_SUITE_P(Logs, Explain, testing::ValuesIn(cases), [](const auto& each) { return each.param.name; });

TEST(ExplainExit, SignalIsNamedAndCountsMoreThanTheLog) {
  const Failure failure = explain({"java.lang.OutOfMemoryError: Java heap space"}, ExitStatus::signal(SIGKILL),
                                  {.was_ready = true, .secrets = {}});
  EXPECT_EQ(failure.reason, FailureReason::killed);
  EXPECT_EQ(failure.signal, "SIGKILL");
  EXPECT_FALSE(failure.exit_code);
  EXPECT_EQ(failure.message, "The server was ended by SIGKILL.");
  EXPECT_THAT(failure.advice, HasSubstr("memory"));
}

TEST(ExplainRefusal, NamesTheOptionThatNoSessionCanTake) {
  const Failure failure = explain_refusal(
      {"26/11/22 09:11:46 ERROR SerializingExecutor: Exception while executing runnable "
       "org.sparkproject.connect.grpc.internal.ServerImpl$JumpToApplicationThreadServerStreamListener$1HalfClosed@1902",
       "java.lang.IllegalArgumentException: Error while instantiating "
       "'org.apache.spark.sql.internal.SessionStateBuilder':",
       "\tat org.apache.spark.sql.classic.SparkSession$.instantiateSessionState(SparkSession.scala:1211)",
       "Caused by: org.apache.spark.SparkIllegalArgumentException: [INVALID_CONF_VALUE.TYPE_MISMATCH] The value 'many' "
       "in the config \"spark.sql.shuffle.partitions\" is invalid. It should be a/an 'int' value. SQLSTATE: 22022"},
      "Application error processing RPC", {});
  EXPECT_EQ(failure.reason, FailureReason::invalid_option);
  EXPECT_EQ(failure.message,
            "Spark refused an option. The value 'many' in the config \"spark.sql.shuffle.partitions\" is invalid. It "
            "should be a/an 'int' value.");
  EXPECT_THAT(failure.log_tail, SizeIs(4));
}

TEST(ExplainRefusal, RepeatsTheAnswerWhenTheLogIsSilent) {
  const Failure failure = explain_refusal({}, "no s3cret.", {.was_ready = false, .secrets = {"s3cret"}});
  EXPECT_EQ(failure.message, "The server runs, but answers with an error: no *****.");
}

TEST(ExplainExit, UnseenEndIsLost) {
  EXPECT_EQ(explain({}, ExitStatus::unknown(), {.was_ready = true, .secrets = {}}).reason, FailureReason::lost);
}

TEST(ExplainExit, WarningsAreNoCause) {
  const Failure failure = explain({"26/11/22 08:34:09 WARN SparkSession: Cannot use no.such.Ext to configure session "
                                   "extensions.",
                                   "java.lang.ClassNotFoundException: no.such.Ext",
                                   "26/11/22 08:34:10 INFO SparkContext: Successfully stopped SparkContext"},
                                  ExitStatus::code(1), {});
  EXPECT_EQ(failure.reason, FailureReason::exited);
  EXPECT_THAT(failure.message, HasSubstr("exit code 1"));
}

TEST(ExplainExit, QueryThatFailedLongBeforeIsNoCause) {
  std::vector<std::string> lines{"26/11/22 09:00:00 ERROR Executor: Exception in task 0.0",
                                 "java.lang.ClassNotFoundException: users.Udf"};
  for (int i = 0; i < 100; ++i) lines.push_back("26/11/22 09:00:01 INFO DAGScheduler: fine");
  EXPECT_EQ(explain(lines, ExitStatus::code(1), {.was_ready = true, .secrets = {}}).reason, FailureReason::exited);
  EXPECT_EQ(explain(lines, ExitStatus::code(1), {}).reason, FailureReason::class_not_found);
}

TEST(ExplainExit, TailIsBoundedMaskedAndValidUtf8) {
  std::vector<std::string> lines(100, "x");
  lines.back() = "token=s3cret \xFF " + std::string(1978, 'y') + "é";
  const Failure failure = explain(lines, ExitStatus::code(1), {.was_ready = false, .secrets = {"s3cret", ""}});
  ASSERT_THAT(failure.log_tail, SizeIs(max_log_tail));
  EXPECT_THAT(failure.log_tail.back(), HasSubstr("token=***** \uFFFD yyy"));
  EXPECT_LE(failure.log_tail.back().size(), max_tail_line);
  EXPECT_TRUE(is_valid_utf8(failure.log_tail.back()));
}

TEST(ExplainExit, SecretInAnExceptionIsMasked) {
  const Failure failure = explain({"java.io.IOException: refused s3cret"}, ExitStatus::code(1),
                                  {.was_ready = false, .secrets = {"s3cret"}});
  EXPECT_THAT(failure.message, HasSubstr("refused *****"));
}

TEST(ExplainExit, SecretThatOnlyItsKeyTellsIsMasked) {
  const Failure failure = explain({"java.io.IOException: refused password=Swordfish1"}, ExitStatus::code(1), {});
  EXPECT_THAT(failure.message, HasSubstr("password=*****"));
  EXPECT_THAT(failure.log_tail, ElementsAre("java.io.IOException: refused password=*****"));
}

TEST(FirstWord, IsSparksNotTheJvms) {
  for (const char* line :
       {"", "  ", "WARNING: package sun.security.action not in java.base",
        "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes",
        "Picked up JAVA_TOOL_OPTIONS: -Dx=y", "NOTE: Picked up JDK_JAVA_OPTIONS: -Dx=y", "[0.012s][warning][cds] x"})
    EXPECT_FALSE(is_first_word(line)) << line;
  for (const char* line : {"Using Spark's default log4j profile: org/apache/spark/log4j2-defaults.properties",
                           "26/11/22 08:27:10 INFO SparkConnectServer: Starting Spark session.",
                           R"({"ts":"2026-11-22T08:27:10.000Z","level":"INFO","msg":"Running Spark"})",
                           ":: loading settings :: url = jar:file:/x"})
    EXPECT_TRUE(is_first_word(line)) << line;
}

TEST(Mask, CoversEverySecretEveryTime) {
  EXPECT_EQ(mask("a=one b=two a=one", {"one", "two"}), "a=***** b=***** a=*****");
  EXPECT_EQ(mask("nothing", {"", "x1"}), "nothing");
  EXPECT_EQ(mask("aaaa", {"a"}), "********************");
}

}  // namespace firesteel
