// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/executors.hpp"

#include <gmock/gmock.h>

namespace firesteel {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Options completed(Options options, bool ships_pyspark = true) {
  complete_for_executors(options, "192.0.2.7", ships_pyspark);
  return options;
}

/// The fields of what is remarked.
std::vector<std::string> remarked(const Options& options) {
  std::vector<std::string> out;
  for (const Error& each : remarks_on_executors(options)) {
    EXPECT_THAT(each.message, testing::EndsWith("."));
    EXPECT_THAT(each.advice, testing::EndsWith("."));
    out.push_back(each.field.substr(std::string_view("options.").size()));
  }
  return out;
}

FileView with_directory(std::string directory) {
  FileView files;
  files.is_directory = [directory = std::move(directory)](const std::string& path) { return path == directory; };
  return files;
}

TEST(Executors, AreWhereTheMasterSays) {
  for (const char* master : {"", "local", "local[*]", "local[2,3]", "local-cluster[2,1,1024]"})
    EXPECT_EQ(executors_of(master), Executors::here) << master;
  EXPECT_EQ(executors_of("yarn"), Executors::yarn);
  EXPECT_EQ(executors_of("spark://a:7077,b:7077"), Executors::standalone);
  EXPECT_EQ(executors_of("k8s://https://a:6443"), Executors::kubernetes);
  for (const char* master : {"localhost", "mesos://a", "armada://a", "yarn-client"})
    EXPECT_EQ(executors_of(master), Executors::elsewhere) << master;
}

TEST(Executors, HaveAManagerThatTheMasterNames) {
  EXPECT_EQ(manager_of("spark://a.example:7070,b:7077"), (Manager{"a.example", 7070}));
  EXPECT_EQ(manager_of("spark://[2001:db8::7]:7077"), (Manager{"2001:db8::7", 7077}));
  EXPECT_EQ(manager_of("spark://127.0.0.1:7077"), (Manager{"127.0.0.1", 7077}));
  EXPECT_EQ(manager_of("k8s://https://api.example"), (Manager{"api.example", 443}));
  EXPECT_EQ(manager_of("k8s://api.example:6443"), (Manager{"api.example", 6443}));
  EXPECT_EQ(manager_of("k8s://http://api.example:8080"), (Manager{"api.example", 8080}));
  EXPECT_EQ(manager_of("k8s://https://127.example"), (Manager{"127.example", 443})) << "a name, though it begins so";
  for (const char* master : {"yarn", "local[*]", "spark://", "spark:// x", "k8s://https://127.0.0.1:8001",
                             "k8s://http://localhost:8001", "k8s://[::1]:6443", "mesos://a:1"})
    EXPECT_EQ(manager_of(master), Manager{}) << master;
}

TEST(Executors, HereFindTheDriverOnLoopbackWhateverIsSaid) {
  for (const char* master : {"local[*]", "local-cluster[2,1,1024]"}) {
    const Options given{{"spark.master", master}, {"spark.driver.host", "h"}, {"spark.driver.bindAddress", "0.0.0.0"}};
    EXPECT_FALSE(needs_own_address(given));
    EXPECT_EQ(completed(given), (Options{{"spark.master", master}, {"spark.driver.host", "127.0.0.1"}}));
    EXPECT_THAT(remarks_on_executors(given), IsEmpty());
  }
}

TEST(Executors, ElsewhereFindTheDriverWhereOptionsSayOrAtThisMachinesAddress) {
  for (const char* master : {"yarn", "spark://a:1", "k8s://https://a", "mesos://a"}) {
    EXPECT_TRUE(needs_own_address({{"spark.master", master}}));
    EXPECT_TRUE(needs_own_address({{"spark.master", master}, {"spark.driver.host", ""}}));
    EXPECT_THAT(completed({{"spark.master", master}}), Contains(Pair("spark.driver.host", "192.0.2.7")));
    const Options given{
        {"spark.master", master}, {"spark.driver.host", "node7"}, {"spark.driver.bindAddress", "0.0.0.0"}};
    EXPECT_FALSE(needs_own_address(given));
    for (const auto& each : given) EXPECT_THAT(completed(given), Contains(each));
  }
}

TEST(Executors, OfYarnAndKubernetesAskForASecretUnlessSomebodySaysOtherwise) {
  for (const char* master : {"yarn", "k8s://https://a:6443"}) {
    EXPECT_THAT(completed({{"spark.master", master}}), Contains(Pair("spark.authenticate", "true")));
    EXPECT_THAT(completed({{"spark.master", master}, {"spark.authenticate", "false"}}),
                Contains(Pair("spark.authenticate", "false")));
    EXPECT_THAT(remarked(completed({{"spark.master", master}})), IsEmpty());
    EXPECT_THAT(remarked({{"spark.master", master}}), IsEmpty());  // as the form sees it
    EXPECT_THAT(remarked({{"spark.master", master}, {"spark.authenticate", "false"}}),
                testing::ElementsAre("spark.authenticate"));
    const Options serviced{{"spark.master", master}, {"spark.shuffle.service.enabled", "true"}};
    EXPECT_FALSE(completed(serviced).contains("spark.authenticate"));
    EXPECT_THAT(remarked(serviced), testing::ElementsAre("spark.shuffle.service.enabled"));
  }
  for (const char* master : {"spark://a:1", "mesos://a", "local[*]"})
    EXPECT_FALSE(completed({{"spark.master", master}}).contains("spark.authenticate")) << master;
}

TEST(Executors, OfASparkClusterNeedItsSecret) {
  Options options{{"spark.master", "spark://a:7077"}};
  EXPECT_THAT(remarked(options), testing::ElementsAre("spark.authenticate"));
  options["spark.authenticate"] = "true";
  EXPECT_THAT(remarked(options), testing::ElementsAre("spark.authenticate.secret"));
  options["spark.authenticate.secret"] = "x";
  EXPECT_THAT(remarked(options), IsEmpty());
}

TEST(Executors, OfYarnKeepTheUiAndGetPyspark) {
  const Options options = completed({{"spark.master", "yarn"}, {"spark.hadoop.yarn.web-proxy.address", "proxy:1"}});
  EXPECT_THAT(options, Contains(Pair("spark.hadoop.yarn.web-proxy.address", "127.0.0.1:1")));
  EXPECT_THAT(options, Contains(Pair("spark.yarn.isPython", "true")));
  EXPECT_FALSE(completed({{"spark.master", "yarn"}}, false).contains("spark.yarn.isPython"));
  EXPECT_THAT(completed({{"spark.master", "yarn"}, {"spark.yarn.isPython", "false"}}),
              Contains(Pair("spark.yarn.isPython", "false")));
  const Options of_kubernetes = completed({{"spark.master", "k8s://https://a"}});
  EXPECT_EQ(of_kubernetes, (Options{{"spark.master", "k8s://https://a"},
                                    {"spark.driver.host", "192.0.2.7"},
                                    {"spark.authenticate", "true"}}));
}

TEST(Executors, RunThePythonThatIsNamedForThem) {
  EXPECT_EQ(python_of_executors({}, {}), "python3");
  EXPECT_EQ(python_of_executors({}, {{"PYSPARK_PYTHON", ""}}), "python3");
  EXPECT_EQ(python_of_executors({}, {{"PYSPARK_PYTHON", "/cvmfs/python"}}), "/cvmfs/python");
  EXPECT_EQ(python_of_executors({{"spark.pyspark.python", "python3.12"}}, {{"PYSPARK_PYTHON", "/cvmfs/python"}}),
            "python3.12");
}

TEST(Executors, OfYarnNeedHadoopsConfiguration) {
  const FileView files = with_directory("/etc/hadoop");
  const Options yarn{{"spark.master", "yarn"}};
  EXPECT_TRUE(check_hadoop_configuration({{"spark.master", "local[*]"}}, {}, files).has_value());
  for (const char* name : {"HADOOP_CONF_DIR", "YARN_CONF_DIR"}) {
    EXPECT_TRUE(check_hadoop_configuration(yarn, {{name, "/etc/hadoop"}}, files).has_value());
    const auto wrong = check_hadoop_configuration(yarn, {{name, "/nowhere"}}, files);
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().message, std::string("There is no directory '/nowhere', which ") + name + " names.");
  }
  const auto none = check_hadoop_configuration(yarn, {{"YARN_CONF_DIR", ""}}, files);
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(none.error().message, HasSubstr("neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set"));
  EXPECT_EQ(none.error().field, "cluster");
}

}  // namespace
}  // namespace firesteel
