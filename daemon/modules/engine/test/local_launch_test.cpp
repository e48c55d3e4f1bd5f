// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/local_launch.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "firesteel/catalog/holder.hpp"
#include "firesteel/engine/properties.hpp"

namespace firesteel {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

LaunchRequest request() {
  return {.name = "analysis",
          .server = ServerId("11111111-2222-4333-8444-555555555555"),
          .cluster = catalogue::local_cluster(),
          .options = {},
          .installation = {.python = "/v/bin/python",
                           .spark_home = "/v/pyspark",
                           .spark_version = "4.3.0",
                           .scala_version = "2.13",
                           .slf4j_jar = "/v/pyspark/jars/slf4j-api-2.0.17.jar",
                           .conf_dir = "/v/pyspark/conf",
                           .defaults = {},
                           .java = "/v/java/bin/java",
                           .java_home = "/v/java",
                           .java_major = 25,
                           .missing_modules = {}},
          .base = {{"HOME", "/home/u"}, {"PATH", "/usr/bin"}},
          .directory = "/run/servers/1",
          .working_directory = "/home/u/notebooks",
          .events_directory = "/state/events/1",
          .grpc_port = 41001,
          .ui_port = 41002,
          .secret = "the-secret",
          .ui_key = "the-ui-key"};
}

/// Empty when there is none of that name.
LaunchFile file_of(const LaunchPlan& plan, std::string_view name) {
  const auto at = std::ranges::find_if(plan.files, [&](const LaunchFile& file) { return file.path.ends_with(name); });
  return at == plan.files.end() ? LaunchFile{} : *at;
}

Options properties_of(const LaunchPlan& plan) { return parse_properties(file_of(plan, "spark.properties").content); }

std::string after(const std::vector<std::string>& argv, const std::string& option) {
  const auto at = std::find(argv.begin(), argv.end(), option);
  return at == argv.end() || at + 1 == argv.end() ? "" : *(at + 1);
}

}  // namespace

TEST(LocalLaunch, KeepsEventsInADirectoryOfItsOwnWhenTheyAreLogged) {
  EXPECT_FALSE(local_launch(request()).history);
  EXPECT_FALSE(local_launch(request()).logs_events_here);
  auto asked = request();
  asked.options["spark.eventLog.enabled"] = "true";
  const LocalPlan plan = local_launch(asked);
  EXPECT_THAT(properties_of(plan), Contains(Pair("spark.eventLog.dir", "/state/events/1")));
  EXPECT_TRUE(plan.logs_events_here);
  EXPECT_THAT(properties_of(plan), Contains(Pair("spark.eventLog.rolling.enabled", "true")));
  EXPECT_THAT(properties_of(plan), Contains(Pair("spark.eventLog.compress", "true")));
  ASSERT_TRUE(plan.history);
  EXPECT_EQ(plan.history->log_directory, "file:///state/events/1");
  EXPECT_EQ(plan.history->java, "/v/java/bin/java");
  asked.options["spark.eventLog.dir"] = "hdfs://nn/logs";
  EXPECT_EQ(local_launch(asked).history->log_directory, "hdfs://nn/logs");
  EXPECT_FALSE(local_launch(asked).logs_events_here);
  EXPECT_FALSE(properties_of(local_launch(asked)).contains("spark.eventLog.compress"));
  asked.installation.spark_version = "3.5.9";
  EXPECT_FALSE(local_launch(asked).history);
  asked.options.erase("spark.eventLog.dir");
  asked.options["spark.eventLog.rolling.enabled"] = "false";
  EXPECT_TRUE(local_launch(asked).logs_events_here);
  EXPECT_THAT(properties_of(local_launch(asked)), Contains(Pair("spark.eventLog.rolling.enabled", "false")));
}

TEST(LocalLaunch, StartsJavaDirectly) {
  const LaunchPlan plan = local_launch(request());
  EXPECT_EQ(plan.argv.front(), "/v/java/bin/java");
  EXPECT_EQ(after(plan.argv, "-cp"), "/v/pyspark/conf/:/v/pyspark/jars/slf4j-api-2.0.17.jar:/v/pyspark/jars/*");
  EXPECT_THAT(plan.argv, IsSupersetOf({"-Xmx1024m", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+ExitOnOutOfMemoryError",
                                       "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"}));
  EXPECT_THAT(std::vector<std::string>(plan.argv.end() - 6, plan.argv.end()),
              ElementsAre("org.apache.spark.deploy.SparkSubmit", "--properties-file", "/run/servers/1/spark.properties",
                          "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"));
  EXPECT_EQ(plan.working_directory, "/home/u/notebooks");
}

TEST(LocalLaunch, ListensOnThisMachineOnly) {
  const LaunchPlan plan = local_launch(request());
  const Options properties = properties_of(plan);
  EXPECT_THAT(properties, Contains(Pair("spark.connect.grpc.binding.address", "127.0.0.1")));
  EXPECT_THAT(properties, Contains(Pair("spark.connect.grpc.binding.port", "41001")));
  EXPECT_THAT(properties, Contains(Pair("spark.driver.host", "127.0.0.1")));
  EXPECT_THAT(properties, Contains(Pair("spark.ui.port", "41002")));
  EXPECT_THAT(properties, Contains(Pair("spark.ui.filters", "org.apache.spark.ui.JWSFilter")));
  EXPECT_THAT(properties, Contains(Pair("spark.org.apache.spark.ui.JWSFilter.param.secretKey", "the-ui-key")));
  EXPECT_THAT(plan.environment, Contains("SPARK_LOCAL_IP=127.0.0.1"));
}

TEST(LocalLaunch, WithExecutorsElsewhereOnlySparksOwnPortsLeaveTheMachine) {
  LaunchRequest asked = request();
  asked.options = {{"spark.master", "yarn"}, {"spark.driver.bindAddress", "0.0.0.0"}, {"spark.driver.port", "5001"}};
  asked.own_address = "192.0.2.7";
  asked.installation.has_python_archives = true;
  const LocalPlan plan = local_launch(asked);
  const Options properties = properties_of(plan);
  for (const auto& option : asked.options) EXPECT_THAT(properties, Contains(option));
  EXPECT_EQ(plan.driver_host, "192.0.2.7");
  EXPECT_THAT(properties, Contains(Pair("spark.driver.host", "192.0.2.7")));
  EXPECT_THAT(properties, Contains(Pair("spark.authenticate", "true")));
  EXPECT_THAT(properties, Contains(Pair("spark.yarn.isPython", "true")));
  EXPECT_THAT(properties, Contains(Pair("spark.submit.deployMode", "client")));
  EXPECT_THAT(properties, Contains(Pair("spark.connect.grpc.binding.address", "127.0.0.1")));
  EXPECT_THAT(plan.environment, Contains("SPARK_LOCAL_IP=127.0.0.1"));
  EXPECT_EQ(local_launch(request()).driver_host, "");
}

TEST(LocalLaunch, ExecutorsElsewhereHaveAPythonOfTheirOwn) {
  LaunchRequest asked = request();
  asked.base["PYSPARK_PYTHON"] = "/site/python";
  EXPECT_THAT(local_launch(asked).environment, IsSupersetOf({"PYSPARK_PYTHON=/v/bin/python", "PATH=/usr/bin"}));
  asked.options = {{"spark.master", "k8s://https://a:6443"}, {"spark.driver.host", "node7"}};
  EXPECT_THAT(local_launch(asked).environment, IsSupersetOf({"PYSPARK_PYTHON=/site/python", "PATH=/v/bin:/usr/bin"}));
  asked.base.erase("PYSPARK_PYTHON");
  EXPECT_THAT(local_launch(asked).environment, Contains("PYSPARK_PYTHON=python3"));
}

TEST(LocalLaunch, WhatLeadsToAClusterReachesTheServer) {
  LaunchRequest asked = request();
  for (const char* name : {"HADOOP_CONF_DIR", "YARN_CONF_DIR", "KRB5CCNAME", "KRB5_CONFIG", "KUBECONFIG",
                           "HADOOP_USER_NAME", "HADOOP_TOKEN_FILE_LOCATION", "SPARK_DIST_CLASSPATH"}) {
    asked.base[name] = "/x";
    EXPECT_THAT(local_launch(asked).environment, Contains(name + std::string("=/x")));
  }
}

TEST(LocalLaunch, KeepsSecretsOffTheCommandLineAndFilesPrivate) {
  const LaunchPlan plan = local_launch(request());
  for (const auto& argument : plan.argv) {
    EXPECT_THAT(argument, Not(HasSubstr("the-secret")));
    EXPECT_THAT(argument, Not(HasSubstr("the-ui-key")));
  }
  ASSERT_EQ(plan.files.size(), 1U);
  EXPECT_EQ(plan.files[0].mode, 0600U);
  EXPECT_THAT(plan.files[0].content, Not(HasSubstr("the-secret")));
  EXPECT_THAT(plan.environment, Contains("SPARK_CONNECT_AUTHENTICATE_TOKEN=the-secret"));
  EXPECT_THAT(plan.environment, Not(Contains(HasSubstr("the-ui-key"))));
}

TEST(LocalLaunch, OptionsAreDataInAFile) {
  LaunchRequest asked = request();
  asked.options = {{"spark.x", "two words; $(id)\nspark.ui.filters=\"\" 🔥"},
                   {"spark.app.name", "mine"},
                   {"spark.master", "local[2]"}};
  const LaunchPlan plan = local_launch(asked);
  const Options properties = properties_of(plan);
  for (const auto& option : asked.options) EXPECT_THAT(properties, Contains(option));
  EXPECT_THAT(properties, Contains(Pair("spark.ui.filters", "org.apache.spark.ui.JWSFilter")));
  for (const auto& argument : plan.argv) EXPECT_THAT(argument, Not(HasSubstr("$(id)")));
}

TEST(LocalLaunch, NamesTheApplicationAndTheMaster) {
  const Options properties = properties_of(local_launch(request()));
  EXPECT_THAT(properties, Contains(Pair("spark.app.name", "Firesteel: analysis")));
  EXPECT_THAT(properties, Contains(Pair("spark.master", "local[*]")));
}

TEST(LocalLaunch, DefaultsComeFirstAndCannotUndoWhatIsOurs) {
  LaunchRequest asked = request();
  asked.installation.defaults = {{"spark.a", "default"},       {"spark.b", "default"},
                                 {"spark.master", "yarn"},     {"spark.driver.bindAddress", "0.0.0.0"},
                                 {"spark.ui.filters", "none"}, {"spark.submit.deployMode", "cluster"},
                                 {"spark.remote", "sc://x"},   {"spark.connect.grpc.binding.address", "0.0.0.0"}};
  asked.options = {{"spark.b", "asked"}};
  const Options properties = properties_of(local_launch(asked));
  EXPECT_THAT(properties, Contains(Pair("spark.a", "default")));
  EXPECT_THAT(properties, Contains(Pair("spark.b", "asked")));
  EXPECT_THAT(properties, Contains(Pair("spark.master", "local[*]")));
  EXPECT_THAT(properties, Contains(Pair("spark.submit.deployMode", "client")));
  EXPECT_THAT(properties, Contains(Pair("spark.connect.grpc.binding.address", "127.0.0.1")));
  EXPECT_FALSE(properties.contains("spark.driver.bindAddress"));
  EXPECT_FALSE(properties.contains("spark.remote"));
}

TEST(LocalLaunch, ComputesWhatSparksLauncherWould) {
  LaunchRequest asked = request();
  asked.installation.defaults = {{"spark.driver.defaultJavaOptions", "-Dsite=1"}};
  asked.options = {{"spark.driver.memory", "3g"},
                   {"spark.driver.extraJavaOptions", "-Da=\"two words\" -Xss4m"},
                   {"spark.driver.extraClassPath", "/extra/*"},
                   {"spark.driver.extraLibraryPath", "/lib/x"}};
  asked.base["HADOOP_CONF_DIR"] = "/etc/hadoop";
  asked.base["LD_LIBRARY_PATH"] = "/lib/y";
  const LaunchPlan plan = local_launch(asked);
  EXPECT_THAT(plan.argv, IsSupersetOf({"-Xmx3072m", "@/run/servers/1/java.options"}));
  EXPECT_EQ(file_of(plan, "java.options").content, "\"-Dsite=1\"\n\"-Da=two words\"\n\"-Xss4m\"\n");
  EXPECT_THAT(after(plan.argv, "-cp"), StartsWith("/extra/*:/v/pyspark/conf/:"));
  EXPECT_THAT(after(plan.argv, "-cp"), testing::EndsWith("/jars/*:/etc/hadoop"));
  EXPECT_THAT(plan.environment, Contains("LD_LIBRARY_PATH=/lib/y:/lib/x"));
}

TEST(LocalLaunch, OptionsOfTheJvmArePrivateWhereJavaLetsThem) {
  LaunchRequest asked = request();
  asked.options["spark.driver.extraJavaOptions"] = "-Dstore.password=swordfish";
  const LaunchPlan plan = local_launch(asked);
  for (const auto& argument : plan.argv) EXPECT_THAT(argument, Not(HasSubstr("swordfish")));
  EXPECT_EQ(file_of(plan, "java.options").mode, 0600U);
  asked.installation.java_major = 8;
  EXPECT_THAT(local_launch(asked).argv, Contains("-Dstore.password=swordfish"));
}

TEST(LocalLaunch, MemoryOfTheEnvironmentCountsWhenNoOptionSetsIt) {
  LaunchRequest asked = request();
  asked.base["SPARK_DRIVER_MEMORY"] = "2g";
  EXPECT_THAT(local_launch(asked).argv, Contains("-Xmx2048m"));
  asked.options["spark.driver.memory"] = "1500m";
  EXPECT_THAT(local_launch(asked).argv, Contains("-Xmx1500m"));
}

TEST(LocalLaunch, EnvironmentIsCompleteSortedAndMarked) {
  const LaunchPlan plan = local_launch(request());
  EXPECT_THAT(plan.environment,
              ElementsAre("FIRESTEEL_SERVER_ID=11111111-2222-4333-8444-555555555555", "HOME=/home/u",
                          "JAVA_HOME=/v/java", "LANG=C.UTF-8", "PATH=/usr/bin", "PYSPARK_PYTHON=/v/bin/python",
                          "SPARK_CONF_DIR=/v/pyspark/conf", "SPARK_CONNECT_AUTHENTICATE_TOKEN=the-secret",
                          "SPARK_HOME=/v/pyspark", "SPARK_LOCAL_IP=127.0.0.1", "SPARK_SCALA_VERSION=2.13"));
}

TEST(LocalLaunch, JavaWithoutAHomeLeavesNoWrongOneBehind) {
  LaunchRequest asked = request();
  asked.base["JAVA_HOME"] = "/too/old";
  asked.installation.java_home.clear();
  EXPECT_THAT(local_launch(asked).environment, Not(Contains(StartsWith("JAVA_HOME="))));
}

TEST(LocalLaunch, KeepsTheUsersLocale) {
  LaunchRequest asked = request();
  asked.base["LC_ALL"] = "de_DE.UTF-8";
  const LaunchPlan plan = local_launch(asked);
  EXPECT_THAT(plan.environment, Contains("LC_ALL=de_DE.UTF-8"));
  EXPECT_THAT(plan.environment, Not(Contains(StartsWith("LANG="))));
}

TEST(LocalLaunch, SparkWithoutAGuardForItsUiHasNone) {
  LaunchRequest asked = request();
  asked.installation.spark_version = "3.5.9";
  asked.options["spark.ui.enabled"] = "true";
  const Options properties = properties_of(local_launch(asked));
  EXPECT_THAT(properties, Contains(Pair("spark.ui.enabled", "false")));
  EXPECT_FALSE(properties.contains("spark.ui.filters"));
  EXPECT_FALSE(local_launch(asked).has_ui);
}

TEST(LocalLaunch, AUserMayDoWithoutTheUi) {
  LaunchRequest asked = request();
  EXPECT_TRUE(local_launch(asked).has_ui);
  asked.options["spark.ui.enabled"] = "False";
  EXPECT_FALSE(local_launch(asked).has_ui);
}

TEST(Scrubbed, DropsTokensAndWhatWouldTurnTheServerIntoSomethingElse) {
  const Variables base{{"HOME", "/home/u"},
                       {"JAVA_TOOL_OPTIONS", "-Djavax.net.ssl.trustStore=/x"},
                       {"http_proxy", "http://proxy"},
                       {"SPARK_CONF_DIR", "/conf"},
                       {"SPARK_LOCAL_DIRS", "/scratch"},
                       {"JUPYTERHUB_API_TOKEN", "t"},
                       {"JUPYTER_TOKEN", "t"},
                       {"JPY_API_TOKEN", "t"},
                       {"FIRESTEEL_RUNTIME_DIR", "/r"},
                       {"FIRESTEEL_SERVER_ID", "another"},
                       {"PYSPARK_SUBMIT_ARGS", "--master x"},
                       {"PYSPARK_DRIVER_PYTHON", "jupyter"},
                       {"PYSPARK_PYTHON", "/site/python"},
                       {"SPARK_REMOTE", "sc://x"},
                       {"SPARK_CONNECT_MODE_ENABLED", "1"},
                       {"SPARK_CONNECT_AUTHENTICATE_TOKEN", "t"},
                       {"MASTER", "x"},
                       {"_JAVA_OPTIONS", "-Xmx1m"}};
  std::vector<std::string> kept;
  for (const auto& [name, value] : scrubbed(base)) kept.push_back(name);
  EXPECT_THAT(kept, ElementsAre("HOME", "JAVA_TOOL_OPTIONS", "PYSPARK_PYTHON", "SPARK_CONF_DIR", "SPARK_LOCAL_DIRS",
                                "http_proxy"));
}

}  // namespace firesteel
