// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "fakes.hpp"

namespace firesteel::cli::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ConfigCheck : public Commands {
 protected:
  ConfigCheck() {
    std::string pattern = (std::filesystem::temp_directory_path() / "firesteel-config-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
  }
  ~ConfigCheck() override { std::filesystem::remove_all(directory); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(directory / name) << text;
    return (directory / name).string();
  }

  std::filesystem::path directory;
};

TEST_F(ConfigCheck, AGoodFileIsExit0AndAsksNoDaemon) {
  const std::string file = write("a.yaml", "clusters: {k: {display_name: K, opts: {spark.master: yarn}}}");
  EXPECT_EQ(run({"config", "check", file}), exit_done);
  EXPECT_EQ(console.out_text, file +
                                  ": 1 cluster, 0 bundles, 0 documented options, 0 error suggestions\n"
                                  "Nothing is wrong.\n");
  EXPECT_TRUE(daemon.calls.empty());
  EXPECT_EQ(host.ensured, 0);
}

TEST_F(ConfigCheck, WarningsAloneAreExit0) {
  EXPECT_EQ(run({"config", "check", write("a.yaml", "clusters: {k: {opts: {spark.x: '{GONE}'}}}")}), exit_done);
  EXPECT_THAT(console.out_text, HasSubstr("warning: clusters.k.opts.spark.x: The variable GONE is not set"));
  EXPECT_THAT(console.out_text, HasSubstr("0 errors, 2 warnings."));
}

TEST_F(ConfigCheck, AnErrorIsExit1WithItsLineAndAdvice) {
  const std::string bad = write("bad.yaml",
                                "SparkConnectorApp:\n  clusters:\n    k8s:\n      display_name: K\n      opts:\n"
                                "        spark.ui.port: 4041\n        spark.connect.authenticate.token: '{GONE}'\n"
                                "        spark.driver.memory: '{GONE}'\n        spark.executor.memory: 1g\n");
  const std::string good = write("good.yaml", "clusters: {a: {display_name: A}}");
  EXPECT_EQ(run({"config", "check", bad, good}), exit_failed);
  EXPECT_THAT(
      console.out_text,
      StartsWith(bad + ":6: error: SparkConnectorApp.clusters.k8s.opts.spark.ui.port: The option 'spark.ui.port' "
                       "can't be set.\n    Leave it out. "));
  EXPECT_THAT(console.out_text, HasSubstr(":7: error: SparkConnectorApp.clusters.k8s.opts.spark.connect.auth"));
  EXPECT_THAT(console.out_text, HasSubstr(":8: warning: "));
  EXPECT_THAT(console.out_text, HasSubstr(good + ": 1 cluster"));
  EXPECT_THAT(console.out_text, HasSubstr("2 errors, 1 warning."));
}

TEST_F(ConfigCheck, JsonIsOneDocument) {
  const std::string file = write("a.yaml", "clusters: {k: {display_name: K}, l: 3}\nbundles: {b: {display_name: B}}");
  environment["SPARK_CLUSTER_NAME"] = "k";
  EXPECT_EQ(run({"config", "check", "--json", file}), exit_failed);
  const boost::json::object all = document();
  EXPECT_EQ(all.at("ok"), false);
  EXPECT_EQ(all.at("files").at(0), boost::json::value({{"file", file},
                                                       {"clusters", {"k"}},
                                                       {"bundles", {"b"}},
                                                       {"documented_options", 0},
                                                       {"error_suggestions", 0},
                                                       {"preselected", "k"}}));
  const boost::json::value& problem = all.at("problems").at(0);
  EXPECT_EQ(problem.at("severity"), "error");
  EXPECT_EQ(problem.at("path"), "clusters.l");
  EXPECT_EQ(problem.at("line"), 1);
}

TEST_F(ConfigCheck, WhatAFileHoldsDoesNotReachTheTerminalRaw) {
  EXPECT_EQ(run({"config", "check", write("a.yaml", "\"\\e[31mx\": 1\n")}), exit_failed);
  EXPECT_THAT(console.out_text, Not(HasSubstr("\x1b")));
}

TEST_F(ConfigCheck, WithoutAFileItChecksWhatTheDaemonReads) {
  environment["FIRESTEEL_CATALOG"] = write("a.yaml", "clusters: {k: {display_name: K, optss: 1}}");
  environment["FIRESTEEL_RUNTIME_DIR"] = directory.string();
  std::filesystem::create_directory(directory / "state");
  write("state/jupyter.json", R"({"config_files": ["/j.py"], "Firesteel": {"clusters": {"j": {"x": 1}}}})");
  EXPECT_EQ(run({"config", "check"}), exit_failed);
  EXPECT_THAT(console.out_text, HasSubstr("a.yaml:1: error: clusters.k.optss: "));
  EXPECT_THAT(console.out_text, HasSubstr("Jupyter's configuration (/j.py): error: Firesteel.clusters.j.x: "));
  EXPECT_THAT(console.out_text, HasSubstr("2 clusters"));
}

TEST_F(ConfigCheck, AnAbsentFileIsAnError) {
  EXPECT_EQ(run({"config"}), exit_usage);
  EXPECT_EQ(run({"config", "check", (directory / "gone.yaml").string()}), exit_failed);
}

}  // namespace
}  // namespace firesteel::cli::test
