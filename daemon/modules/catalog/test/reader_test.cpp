// SPDX-License-Identifier: Apache-2.0
#include "reader_test.hpp"

#include <sys/stat.h>

namespace firesteel::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr const char* ours = R"(
clusters:
  k8s:
    display_name: Kubernetes
    description: The big one.
    master: k8s://https://k8s.example.org
    env:
      REGION: north
    opts:
      spark.executor.instances: 4
      spark.user: "{USER}-{{x}}"
    pre_script: |
      source /opt/setup.sh
      export A=1
    pre_script_timeout: 300
    webui_hostname: ui.example.org
    webui_port: 4040
bundles:
  big:
    display_name: Much memory
    cluster_filter: [k8s]
    options:
      - {name: spark.executor.memory, value: 8g}
      - {name: spark.jars, value: a.jar, concatenate: ","}
spark_options:
  - {category: Memory, name: spark.driver.memory, type: size, default: 1g, description: How much.}
error_suggestions:
  - {pattern: 'No (space|room) left', type: warn, message: The disk is full.}
disable_cluster_selection_on_preselected: true
)";

TEST_F(ReaderTest, ReadsOurOwnLayout) {
  environment = {{"USER", "ada"}, {"SPARK_CLUSTER_NAME", "k8s"}};
  const Catalogue catalogue = read(ours);
  EXPECT_THAT(places(), IsEmpty());
  ASSERT_THAT(catalogue.clusters, SizeIs(1));
  const Cluster& k8s = catalogue.clusters[0];
  EXPECT_EQ(k8s.name, "k8s");
  EXPECT_EQ(k8s.display_name, "Kubernetes");
  EXPECT_EQ(k8s.description, "The big one.");
  EXPECT_EQ(k8s.engine, "local");
  EXPECT_EQ(k8s.master, "k8s://https://k8s.example.org");
  EXPECT_THAT(k8s.env, ElementsAre(Pair("REGION", "north")));
  EXPECT_THAT(k8s.opts, ElementsAre(SparkOption{.name = "spark.executor.instances", .value = "4"},
                                    SparkOption{.name = "spark.user", .value = "ada-{x}"}));
  EXPECT_EQ(k8s.pre_script, "source /opt/setup.sh\nexport A=1\n");
  EXPECT_EQ(k8s.pre_script_patience, std::chrono::seconds(300));
  EXPECT_EQ(k8s.webui_hostname, "ui.example.org");
  EXPECT_EQ(k8s.webui_port, 4040);
  EXPECT_TRUE(k8s.complete);
  ASSERT_THAT(catalogue.bundles, SizeIs(1));
  EXPECT_EQ(catalogue.bundles[0].display_name, "Much memory");
  EXPECT_THAT(catalogue.bundles[0].cluster_filter, ElementsAre("k8s"));
  EXPECT_THAT(catalogue.bundles[0].options,
              ElementsAre(SparkOption{.name = "spark.executor.memory", .value = "8g"},
                          SparkOption{.name = "spark.jars", .value = "a.jar", .concatenate = ","}));
  ASSERT_THAT(catalogue.options, SizeIs(1));
  EXPECT_EQ(catalogue.options[0].category, "Memory");
  EXPECT_EQ(catalogue.options[0].default_value, "1g");
  ASSERT_THAT(catalogue.error_suggestions, SizeIs(1));
  EXPECT_EQ(catalogue.error_suggestions[0].type, ErrorSuggestion::Type::warn);
  EXPECT_EQ(catalogue.preselected, "k8s");
  EXPECT_TRUE(catalogue.disable_cluster_selection_on_preselected);
}

constexpr const char* existing = R"({
  "ServerApp": {"jpserver_extensions": {"x": true}},
  "SECTION": {
    "clusters": {"yarn": {"displayName": "YARN", "opts": {"spark.master": "yarn"}, "preScript": "source s.sh",
                          "webuiHostname": "h", "webui_port": null}},
    "config_bundles": {"b": {"name": "Named", "clusterFilter": ["yarn"], "spark_version_filter": [],
                             "options": [{"name": "spark.a", "value": "1", "concatenate": " "}]}},
    "spark_options": [{"data": {"category": "App"}, "value": "spark.app.name"}],
    "error_suggestions": [{"pattern": "x", "type": "info", "message": "<b>y</b>"}],
    "disableClusterSelectionOnPreselected": false
  }
})";

TEST_F(ReaderTest, ReadsTheExistingExtensionsConfigurationBelowEachOfItsKeys) {
  for (const std::string section : {"SparkConnectorApp", "SparkConnectConfig", "Firesteel"}) {
    std::string text = existing;
    text.replace(text.find("SECTION"), 7, section);
    const Catalogue catalogue = read(text, "jupyter_server_config.json");
    EXPECT_THAT(places(), IsEmpty()) << section;
    ASSERT_THAT(catalogue.clusters, SizeIs(1));
    EXPECT_EQ(catalogue.clusters[0].display_name, "YARN");
    EXPECT_EQ(catalogue.clusters[0].pre_script, "source s.sh");
    EXPECT_EQ(catalogue.clusters[0].pre_script_patience, std::chrono::seconds(60));
    EXPECT_EQ(catalogue.clusters[0].webui_hostname, "h");
    EXPECT_FALSE(catalogue.clusters[0].webui_port.has_value());
    ASSERT_THAT(catalogue.bundles, SizeIs(1));
    EXPECT_EQ(catalogue.bundles[0].display_name, "Named");
    EXPECT_THAT(catalogue.bundles[0].cluster_filter, ElementsAre("yarn"));
    EXPECT_EQ(catalogue.bundles[0].options[0].concatenate, " ");
    ASSERT_THAT(catalogue.options, SizeIs(1));
    EXPECT_EQ(catalogue.options[0].name, "spark.app.name");
    EXPECT_EQ(catalogue.options[0].category, "App");
    EXPECT_EQ(catalogue.error_suggestions[0].message, "<b>y</b>");
  }
}

TEST_F(ReaderTest, OneSectionIsUsedAndTheOthersAreNamed) {
  const Catalogue catalogue = read(
      "SparkConnectConfig: {clusters: {old: {display_name: O}}}\nSparkConnectorApp: {clusters: {new: {display_name: "
      "N}}}\n");
  ASSERT_THAT(catalogue.clusters, SizeIs(1));
  EXPECT_EQ(catalogue.clusters[0].name, "new");
  EXPECT_THAT(places(), ElementsAre("warning SparkConnectConfig:1"));
}

TEST_F(ReaderTest, ABadEntryLeavesTheOthersAndEveryProblemIsSaid) {
  const Catalogue catalogue = read(R"(clusters:
  a: {display_name: A, optss: {}, webui_port: 70000}
  b: nonsense
  c: {engine: warp, display_name: C}
  d:
    env: {1X: y, OK: z}
    opts: {spark.x: [1], spark.y: "{unclosed", spark.z: 1}
  e: {display_name: E}
bundles:
  f: {display_name: F, cluster_filter: [e, ee, b], options: [{name: spark.q}, {value: 1}, {name: spark.r, value: 2}, 3]}
error_suggestions:
  - {pattern: '(?=x)', message: m}
  - {pattern: x, type: warning, message: m}
  - {pattern: x, message: m}
  - {pattern: x}
spark_options: {}
disable_cluster_selection_on_preselected: "yes"
)");
  EXPECT_THAT(places(), ElementsAre("error clusters.a.optss:2", "error clusters.a.webui_port:2", "error clusters.b:3",
                                    "error clusters.c.engine:4", "warning clusters.d:5", "error clusters.d.env.1X:6",
                                    "error clusters.d.opts.spark.x:7", "error clusters.d.opts.spark.y:7",
                                    "warning bundles.f.cluster_filter[1]:10", "error bundles.f.options[0]:10",
                                    "error bundles.f.options[1]:10", "error bundles.f.options[3]:10",
                                    "error error_suggestions[0].pattern:12", "error error_suggestions[1].type:13",
                                    "error error_suggestions[3]:15", "error spark_options:16",
                                    "error disable_cluster_selection_on_preselected:17"));
  for (const Problem& problem : problems) EXPECT_FALSE(problem.advice.empty()) << problem.path;
  EXPECT_THAT(problem_at("clusters.a.optss").advice, HasSubstr("'opts'"));
  EXPECT_THAT(problem_at("error_suggestions[1].type").advice, HasSubstr("'warn'"));
  EXPECT_THAT(problem_at("bundles.f.cluster_filter[1]").message, HasSubstr("'ee'"));
  ASSERT_THAT(catalogue.clusters, SizeIs(3));
  EXPECT_FALSE(catalogue.clusters[0].complete);
  EXPECT_EQ(catalogue.clusters[1].name, "d");
  EXPECT_FALSE(catalogue.clusters[1].complete);
  EXPECT_THAT(catalogue.clusters[1].env, ElementsAre(Pair("OK", "z")));
  EXPECT_THAT(catalogue.clusters[1].opts, ElementsAre(SparkOption{.name = "spark.z", .value = "1"}));
  EXPECT_TRUE(catalogue.clusters[2].complete);
  ASSERT_THAT(catalogue.bundles, SizeIs(1));
  EXPECT_THAT(catalogue.bundles[0].options, ElementsAre(SparkOption{.name = "spark.r", .value = "2"}));
  EXPECT_THAT(catalogue.error_suggestions, SizeIs(1));
}

TEST_F(ReaderTest, UnknownKeysAreWarningsWhereAnotherReaderHasItsOwn) {
  read("SparkConnectorApp:\n  log_level: 10\n  clusters: {a: {display_name: A, colour: red}}\n");
  EXPECT_THAT(places(),
              ElementsAre("warning SparkConnectorApp.log_level:2", "warning SparkConnectorApp.clusters.a.colour:3"));
}

TEST_F(ReaderTest, TwoSpellingsOfOneFieldAreAProblem) {
  const Catalogue catalogue = read("clusters:\n  a:\n    display_name: One\n    displayName: Two\n");
  EXPECT_THAT(places(), ElementsAre("error clusters.a.displayName:4"));
  EXPECT_EQ(catalogue.clusters[0].display_name, "One");
}

TEST_F(ReaderTest, AMissingVariableIsNamedAndKeptWithTheOption) {
  const Catalogue catalogue = read("clusters: {a: {display_name: A, opts: {spark.x: '{HERE}/{GONE}/{GONE}'}}}");
  EXPECT_THAT(places(), ElementsAre("warning clusters.a.opts.spark.x:1", "warning clusters.a.opts.spark.x:1"));
  EXPECT_THAT(problems[1].message, HasSubstr("GONE"));
  EXPECT_THAT(catalogue.clusters[0].opts[0].missing, ElementsAre("HERE", "GONE"));
  environment["HERE"] = "{GONE}";
  EXPECT_EQ(read("clusters: {a: {opts: {spark.x: '{HERE}'}}}").clusters[0].opts[0].value, "{GONE}");
}

TEST_F(ReaderTest, OnlySparkOptionsHavePlaceholders) {
  const Catalogue catalogue =
      read("clusters: {a: {display_name: '{A}', env: {J: '{\"b\": 1}'}, pre_script: 'f() { echo ${X}; }'}}");
  EXPECT_THAT(places(), IsEmpty());
  EXPECT_EQ(catalogue.clusters[0].pre_script, "f() { echo ${X}; }");
  EXPECT_THAT(catalogue.clusters[0].env, ElementsAre(Pair("J", "{\"b\": 1}")));
}

TEST_F(ReaderTest, WhatShouldBeKnownOfAClusterIsAWarningInItsLine) {
  options.check_cluster = [](const Cluster& cluster) -> std::vector<OptionRefusal> {
    if (cluster.name != "far") return {};
    return {{"It is far.", "Take a nearer one."}};
  };
  const Catalogue catalogue =
      read("clusters:\n  near:\n    display_name: N\n  far:\n    display_name: F\n    opts: {spark.a: 1}\n");
  EXPECT_THAT(problems, ElementsAre(Problem{.severity = Severity::warning,
                                            .file = (directory / "catalog.yaml").string(),
                                            .path = "clusters.far",
                                            .line = 4,
                                            .message = "It is far.",
                                            .advice = "Take a nearer one."}));
  ASSERT_EQ(catalogue.clusters.size(), 2U);
  EXPECT_TRUE(catalogue.clusters[1].complete);
}

TEST_F(ReaderTest, OptionsThatAreRefusedAreLeftOut) {
  options.check_option = [](const std::string& name, const std::string*) -> std::optional<OptionRefusal> {
    if (name != "spark.ui.port") return std::nullopt;
    return OptionRefusal{"Not this one.", "Leave it out."};
  };
  const Catalogue catalogue = read(
      "SparkConnectorApp:\n  clusters:\n    k8s:\n      display_name: K\n      opts:\n        spark.a: 1\n"
      "        spark.ui.port: 4041\n");
  EXPECT_THAT(problems, ElementsAre(Problem{.severity = Severity::error,
                                            .file = (directory / "catalog.yaml").string(),
                                            .path = "SparkConnectorApp.clusters.k8s.opts.spark.ui.port",
                                            .line = 7,
                                            .message = "Not this one.",
                                            .advice = "Leave it out."}));
  EXPECT_THAT(catalogue.clusters[0].opts, SizeIs(1));
}

TEST_F(ReaderTest, ThePreselectedClusterMustBeThere) {
  environment["SPARK_CLUSTER_NAME"] = "analytics";
  EXPECT_EQ(read("clusters: {analytix: {display_name: A}}").preselected, "");
  EXPECT_THAT(problems[0].message, HasSubstr("SPARK_CLUSTER_NAME"));
  EXPECT_THAT(problems[0].advice, HasSubstr("'analytix'"));
}

TEST_F(ReaderTest, ReferencesBeginAtTheFileTheyStandIn) {
  write("site/more.json", R"({"x y": [{"B": {"display_name": "Two", "options": [], "oops": 1}}]})");
  write("site/options.json", R"([{"name": "spark.two"}])");
  const Catalogue catalogue = read(R"(clusters: {a: {display_name: A}}
config_bundles: {B: {display_name: One}, C: {display_name: Three}}
config_bundles_from_file: {file: site/more.json, json_path: "$['x y'][0]"}
spark_options: [{name: spark.one}]
spark_options_from_file: {file: ./site/options.json}
)");
  ASSERT_THAT(catalogue.bundles, SizeIs(2));
  EXPECT_EQ(catalogue.bundles[0].display_name, "Two");
  ASSERT_THAT(catalogue.options, SizeIs(2));
  EXPECT_EQ(catalogue.options[1].name, "spark.two");
  ASSERT_THAT(places(), ElementsAre("error x y[0].B.oops:1", "warning x y[0].B:1"));
  EXPECT_EQ(problems[0].file, (directory / "site/more.json").string());
}

TEST_F(ReaderTest, AReferenceThatLeadsNowhereIsSaidWhereItStands) {
  write("empty.json", "{}");
  write("bad.json", "{\"a\": [}");
  for (const auto& [reference, path, line] : std::vector<std::tuple<std::string, std::string, int>>{
           {"{file: gone.json, json_path: a}", "bundles_from_file.file", 2},
           {"{file: empty.json, json_path: a.b}", "bundles_from_file.json_path", 2},
           {"{file: empty.json, json_path: '$..b'}", "bundles_from_file.json_path", 2},
           {"{file: empty.json, json_path: 'a[*]'}", "bundles_from_file.json_path", 2},
           {"{json_path: a}", "bundles_from_file", 2},
           {"{file: ., json_path: a}", "bundles_from_file.file", 2},
           {"empty.json", "bundles_from_file", 2},
           {"{file: bad.json, json_path: a}", "", 1}}) {
    const Catalogue catalogue = read("clusters: {a: {display_name: A}}\nbundles_from_file: " + reference + "\n");
    ASSERT_THAT(problems, SizeIs(1)) << reference;
    EXPECT_EQ(problems[0].path, path) << reference;
    EXPECT_EQ(problems[0].line, line) << reference;
    EXPECT_THAT(catalogue.clusters, SizeIs(1));
  }
}

TEST_F(ReaderTest, FilesThatCantBeReadAreOneProblem) {
  const auto only = [&](const std::filesystem::path& file) {
    const Reading reading = read_catalogue(file, options);
    EXPECT_THAT(reading.problems, SizeIs(1)) << file;
    EXPECT_TRUE(reading.has_errors());
    return reading.problems.front().message;
  };
  EXPECT_THAT(only(directory / "gone.yaml"), HasSubstr("No such file"));
  EXPECT_THAT(only(directory), HasSubstr("is not a file"));
  EXPECT_THAT(only("/dev/zero"), HasSubstr("is not a file"));
  const std::filesystem::path pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(only(pipe), HasSubstr("is not a file"));
  EXPECT_THAT(only(write("huge", std::string(max_file_bytes + 1, ' '))), HasSubstr("larger than"));
  EXPECT_THAT(only(write("list", "[1]")), HasSubstr("must hold a map"));
  EXPECT_THAT(only(write("section", "Firesteel: 3")), HasSubstr("must be a map"));
}

TEST_F(ReaderTest, ProblemsAreBoundAndErrorsComeBeforeWarnings) {
  std::string text = "clusters: {a: {display_name: A}}\nbundles:\n";
  for (std::size_t i = 0; i < 2 * max_problems; ++i) text += "  b" + std::to_string(i) + ": {}\n";
  text += "nonsense: 1\n";
  read(text);
  ASSERT_THAT(problems, SizeIs(max_problems + 1));
  EXPECT_THAT(problems.back().message, HasSubstr("more problems"));
  EXPECT_EQ(problem_at("nonsense").severity, Severity::error);
}

TEST_F(ReaderTest, ConcatenateIsATextNotAFlag) {
  const Catalogue catalogue = read(
      "clusters: {a: {display_name: A}}\n"
      "bundles: {b: {display_name: B, options: [{name: spark.a, value: 1, concatenate: true}]}}");
  EXPECT_THAT(places(), ElementsAre("error bundles.b.options[0].concatenate:2"));
  EXPECT_EQ(catalogue.bundles[0].options[0].concatenate, std::nullopt);
}

TEST_F(ReaderTest, AsManyEntriesAsThereCanBeAreReadInTime) {
  std::string text = "clusters: {a: {display_name: A}}\nbundles: {\n";
  for (int i = 0; i < 30'000; ++i) text += "b" + std::to_string(i) + ": {cluster_filter: []},\n";
  EXPECT_THAT(read(text + "}").bundles, SizeIs(30'000));
  text = "clusters: {a: {display_name: A}}\nbundles: {b: {display_name: B, cluster_filter: [";
  for (int i = 0; i < 100'000; ++i) text += "c" + std::to_string(i) + ", ";
  EXPECT_THAT(read(text + "]}}").bundles[0].cluster_filter, SizeIs(100'000));
}

TEST_F(ReaderTest, ProblemsTextsAreShortAndOneLine) {
  read("clusters: {a: {display_name: A, \"" + std::string(900, 'x') + "\\n\\e[31m\": 1}}");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_LT(problems[0].path.size() + problems[0].message.size(), 500U);
  EXPECT_EQ(problems[0].message.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace firesteel::catalogue
