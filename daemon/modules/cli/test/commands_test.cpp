// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "fakes.hpp"

namespace firesteel::cli::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace json = boost::json;

json::value parsed(const std::string& text) { return json::parse(text); }

TEST_F(Commands, WithoutADaemonReadersExit4WithOneSentence) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"status"},
                                                  {"connections"},
                                                  {"stop", "a"},
                                                  {"remove", "a"},
                                                  {"logs", "a"},
                                                  {"sessions"},
                                                  {"operations", "a"},
                                                  {"interrupt", "a"},
                                                  {"release", "a", "s"},
                                                  {"endpoint"}}) {
    console.err_text.clear();
    daemon.absent();
    EXPECT_EQ(run(command), exit_no_daemon);
    EXPECT_EQ(console.err_text, "firesteel: No Firesteel daemon runs.\n");
    EXPECT_EQ(console.out_text, "");
  }
  EXPECT_EQ(host.ensured, 0);
}

TEST_F(Commands, ProblemsGetTheExitCodeOfTheirKind) {
  const std::vector<std::pair<std::string, int>> table{{"connection_not_found", exit_no_such_connection},
                                                       {"wrong_state", exit_failed},
                                                       {"internal", exit_failed},
                                                       {"invalid_option", exit_usage},
                                                       {"unknown_cluster", exit_usage},
                                                       {"timed_out", exit_failed}};
  for (const auto& [code, exit] : table) {
    daemon.error(400, code, "no");
    EXPECT_EQ(run({"remove", "a"}), exit) << code;
  }
}

TEST_F(Commands, JsonProblemsAreOneDocument) {
  daemon.error(404, "connection_not_found", "There is no connection a.");
  EXPECT_EQ(run({"logs", "a", "--json"}), exit_no_such_connection);
  EXPECT_EQ(document(), parsed(R"({"error":{"code":"connection_not_found","message":"There is no connection a.",)"
                               R"("advice":"","connections":["a","b"]}})"));
  EXPECT_THAT(console.err_text, HasSubstr("There are: a, b"));
}

TEST_F(Commands, JsonMisuseIsOneDocumentToo) {
  EXPECT_EQ(run({"start", "--option", "x", "--json"}), exit_usage);
  EXPECT_EQ(document().at("error").at("code"), "usage");
}

TEST_F(Commands, RepliesThatAreNoneAreSaidToBe) {
  daemon.ok("[1,2]");
  EXPECT_EQ(run({"status"}), exit_failed);
  EXPECT_THAT(console.err_text, HasSubstr("not the JSON object"));
  daemon.answers.push_back(ApiReply{502, "<html>"});
  EXPECT_EQ(run({"status"}), exit_failed);
  EXPECT_THAT(console.err_text, HasSubstr("HTTP status 502"));
}

TEST_F(Commands, JsonPassesEverythingOn) {
  daemon.ok(R"({"version":"9","new_key":1})");
  EXPECT_EQ(run({"status", "--json"}), exit_done);
  EXPECT_EQ(document(), parsed(R"({"version":"9","new_key":1})"));
}

TEST_F(Commands, StartCreatesWithTheCallersPython) {
  daemon.ok(connections_of(""));
  daemon.ok(clusters);
  daemon.ok(connection("local", "starting"));
  EXPECT_EQ(run({"start", "--option", "spark.x=a b", "--java-home", "/"}), exit_done);
  EXPECT_EQ(host.ensured, 1);
  EXPECT_THAT(daemon.calls, ElementsAre("GET /api/v1/connections", "GET /api/v1/clusters", "POST /api/v1/connections"));
  EXPECT_EQ(
      parsed(daemon.bodies.back()),
      parsed(
          R"({"name":"local","options":{"spark.x":"a b"},"environment":{"python":"/venv/bin/python3","java_home":"/"}})"));
  EXPECT_THAT(console.out_text, HasSubstr("local is starting"));
}

TEST_F(Commands, StartSaysWhyNoDaemonCameUp) {
  host.refusal = Error{.code = Errc::internal, .message = "The disk is full.", .advice = "Make room."};
  EXPECT_EQ(run({"start"}), exit_failed);
  EXPECT_EQ(console.err_text, "firesteel: The disk is full.\n  Make room.\n");
}

TEST_F(Commands, StartAgainReplacesOnlyWhatIsGiven) {
  daemon.ok(connections_of(connection("a", "failed", R"(,"environment":{"java_home":"/j"})")));
  daemon.ok(clusters);
  daemon.ok(connection("a", "starting"));
  EXPECT_EQ(run({"start", "--name", "a"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "POST /api/v1/connections/a/start");
  EXPECT_EQ(daemon.bodies.back(), "");
  EXPECT_EQ(daemon.pythons.back(), "/venv/bin/python3");

  daemon.ok(connections_of(connection("a", "stopped")));
  daemon.ok(clusters);
  daemon.ok(connection("a", "starting"));
  EXPECT_EQ(run({"start", "--name", "a", "-o", "k=v"}), exit_done);
  EXPECT_EQ(parsed(daemon.bodies.back()), parsed(R"({"options":{"k":"v"}})"));
}

TEST_F(Commands, StartOfWhatIsReadyIsDone) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"start"}, {"start", "local", "--wait"}, {"start", "--name", "local"}}) {
    console.out_text.clear();
    daemon.ok(connections_of(connection("local", "ready")));
    daemon.ok(clusters);
    daemon.ok(connection("local", "ready"));
    EXPECT_EQ(run(command), exit_done);
    EXPECT_EQ(console.out_text, "local is already ready.\n");
  }
}

TEST_F(Commands, StartOfALiveOneWithAnotherDefinitionIsRefused) {
  daemon.ok(connections_of(connection("a", "ready")));
  daemon.ok(clusters);
  daemon.ok(R"({"given":{"k":"v"}})");
  EXPECT_EQ(run({"start", "--name", "a", "-o", "k=v"}), exit_failed);
  EXPECT_THAT(console.err_text, HasSubstr("a is already ready, with another definition."));
  EXPECT_EQ(daemon.calls.size(), 3U);
}

TEST_F(Commands, ASecretIsComparedAsTheDaemonShowsIt) {
  const std::string ready = connection("a", "ready", R"(,"options":{"spark.x.token":"*****#1"})");
  const std::vector<std::pair<std::string, int>> cases{{"*****#1", exit_done}, {"*****#2", exit_failed}};
  for (const auto& [shown, exit] : cases) {
    daemon.ok(connections_of(ready));
    daemon.ok(clusters);
    daemon.ok(R"({"given":{"spark.x.token":")" + shown + "\"}}");
    if (exit == exit_done) daemon.ok(ready);
    EXPECT_EQ(run({"start", "--name", "a", "-o", "spark.x.token=v"}), exit);
    EXPECT_EQ(parsed(daemon.bodies[2]), parsed(R"({"options":{"spark.x.token":"v"}})"));
  }
}

TEST_F(Commands, StartWithoutNameTakesAFreeOneBesideAnother) {
  daemon.ok(connections_of(connection("local", "ready") + "," + connection("local-2", "starting")));
  daemon.ok(clusters);
  daemon.ok(R"({"given":{"k":"v"}})");
  daemon.ok(connection("local-3", "starting"));
  EXPECT_EQ(run({"start", "-o", "k=v"}), exit_done);
  EXPECT_EQ(parsed(daemon.bodies.back()).at("name"), "local-3");
}

TEST_F(Commands, StartWaitsForAStopToEnd) {
  daemon.ok(connections_of(connection("a", "stopping")));
  daemon.ok(clusters);
  daemon.ok(connection("a", "stopping"));
  daemon.ok(connection("a", "stopped"));
  daemon.ok(connections_of(connection("a", "stopped")));
  daemon.ok(clusters);
  daemon.ok(connection("a", "starting"));
  EXPECT_EQ(run({"start", "--name", "a"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "POST /api/v1/connections/a/start");
}

constexpr const char* preparing = R"({"phase":"preparing","elapsed_ms":120,"done":false})";
constexpr const char* prepared = R"({"phase":"preparing","elapsed_ms":150,"done":true})";
constexpr const char* jvm = R"({"phase":"starting_jvm","elapsed_ms":900,"done":false})";
constexpr const char* jvm_up = R"({"phase":"starting_jvm","elapsed_ms":2100,"done":true})";

std::string starting(std::string_view list) {
  return fmt::format(R"({{"name":"a","state":"starting","phases":[{}]}})", list);
}

TEST_F(Commands, WaitTellsEachPhaseOnce) {
  daemon.ok(connections_of(""));
  daemon.ok(clusters);
  daemon.ok(starting(""));
  daemon.ok(starting(preparing));
  daemon.ok(starting(preparing));
  daemon.ok(starting(std::string(prepared) + "," + jvm));
  daemon.ok(connection("a", "ready", R"(,"spark_version":"4.3.0","application_id":"local-1","endpoint":"sc://h:1")"));
  EXPECT_EQ(run({"start", "--name", "a", "--wait"}), exit_done);
  EXPECT_EQ(console.err_text, "a: preparing…\na: prepared after 0.1 s\na: starting JVM…\n");
  EXPECT_EQ(console.out_text, "● a is ready: Spark 4.3.0, local-1, sc://h:1\n");
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a?settle_ms=250");
}

TEST_F(Commands, WaitOnATerminalKeepsOneLineThatFits) {
  console.terminal = true;
  daemon.ok(connections_of(""));
  daemon.ok(clusters);
  daemon.ok(starting(""));
  daemon.ok(starting(std::string(prepared) + "," + jvm_up + "," + jvm));
  daemon.ok(connection("a", "ready"));
  EXPECT_EQ(run({"start", "--name", "a", "--wait"}), exit_done);
  EXPECT_EQ(console.err_text.find('\n'), std::string::npos);
  EXPECT_THAT(console.err_text, HasSubstr("\r\033[Ka: ✓ prepared 0.1 s  ✓ JVM up 2.1 s  ◌ starting JVM… 0.9 s"));
  EXPECT_THAT(console.err_text, ::testing::EndsWith("\r\033[K"));
}

TEST_F(Commands, WaitForAFailureShowsItAndExits1) {
  daemon.ok(connections_of(""));
  daemon.ok(clusters);
  daemon.ok(starting(""));
  daemon.ok(connection(
      "a", "failed",
      R"(,"failure":{"reason":"no_java","message":"There is no Java.","advice":"Get one.","log_tail":["last"]})"));
  EXPECT_EQ(run({"start", "--name", "a", "--wait", "--json"}), exit_failed);
  const json::object error = document().at("error").as_object();
  EXPECT_EQ(error.at("code"), "start_failed");
  EXPECT_EQ(error.at("message"), "a failed: There is no Java.");
  EXPECT_EQ(error.at("advice"), "Get one.");
  EXPECT_EQ(error.at("failure").at("reason"), "no_java");
  EXPECT_THAT(console.err_text, HasSubstr("│ last"));
}

TEST_F(Commands, WaitGivesUpAtItsDeadline) {
  daemon.ok(connections_of(""));
  daemon.ok(clusters);
  daemon.ok(starting(""));
  daemon.step = std::chrono::seconds(2);
  for (int i = 0; i < 2; ++i) daemon.ok(starting(jvm));
  EXPECT_EQ(run({"start", "--name", "a", "--wait", "--timeout", "9", "--json"}), exit_failed);
  EXPECT_EQ(document().at("error").at("code"), "timed_out");
  EXPECT_TRUE(daemon.answers.empty());
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a?settle_ms=1000");
}

TEST_F(Commands, RestartWaitsThroughTheRestBetweenTwoServers) {
  daemon.ok(connection("a", "stopping"));
  daemon.ok(connection("a", "stopping"));
  daemon.ok(connection("a", "stopped"));
  daemon.ok(starting(jvm));
  daemon.ok(connection("a", "ready"));
  EXPECT_EQ(run({"restart", "a", "--wait"}), exit_done);
  EXPECT_EQ(daemon.calls.front(), "POST /api/v1/connections/a/restart");
  EXPECT_EQ(console.err_text, "a: stopping…\na: starting JVM…\n");
}

TEST_F(Commands, RestartThatSomebodyStopsIsAFailure) {
  daemon.ok(connection("a", "starting"));
  daemon.step = std::chrono::seconds(1);
  for (int i = 0; i < 6; ++i) daemon.ok(connection("a", "stopped"));
  EXPECT_EQ(run({"restart", "a", "--wait"}), exit_failed);
  EXPECT_THAT(console.err_text, HasSubstr("somebody stopped it"));
}

TEST_F(Commands, StopOfWhatIsStoppedIsDone) {
  daemon.error(409, "wrong_state", "a does not run.");
  daemon.ok(connection("a", "stopped"));
  EXPECT_EQ(run({"stop", "a", "--json"}), exit_done);
  EXPECT_EQ(document().at("state"), "stopped");
}

TEST_F(Commands, StopWaitsForTheEnd) {
  daemon.ok(connection("a", "stopping"));
  daemon.ok(connection("a", "stopping"));
  daemon.ok(connection("a", "stopped"));
  EXPECT_EQ(run({"stop", "a", "--wait"}), exit_done);
  EXPECT_EQ(console.out_text, "○ a is stopped\n");
}

TEST_F(Commands, RemoveNamesWhatIsGone) {
  daemon.ok("{}");
  EXPECT_EQ(run({"remove", "a", "--json"}), exit_done);
  EXPECT_EQ(document(), parsed(R"({"removed":"a"})"));
  EXPECT_EQ(daemon.calls.back(), "DELETE /api/v1/connections/a");
}

TEST_F(Commands, LogsNeverControlATerminal) {
  daemon.ok(R"({"lines":["one\u001b[2J","two"],"next":9,"end":true})");
  EXPECT_EQ(run({"logs", "a", "-n", "2"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a/log?limit=2");
  EXPECT_EQ(console.out_text, "one\\x1b[2J\ntwo\n");
}

TEST_F(Commands, LogsJsonIsTheChunkWithItsName) {
  daemon.ok(R"({"lines":["one"],"next":4,"end":true})");
  EXPECT_EQ(run({"logs", "a", "--json"}), exit_done);
  EXPECT_EQ(document(), parsed(R"({"name":"a","lines":["one"],"next":4,"end":true})"));
}

TEST_F(Commands, ASearchGoesOnStepByStepAndPrintsAsItFinds) {
  daemon.ok(R"({"generation":"g","hits":[{"number":4,"text":"a\u001bb"}],"found":1,"next":"g~1"})");
  daemon.ok(R"({"generation":"g","hits":[],"found":0,"next":"g~2"})");
  daemon.ok(R"({"generation":"g","hits":[{"number":9,"text":"b","cut":7}],"found":3})");
  EXPECT_EQ(run({"logs", "a", "--search", "x y&z", "--regex", "-i", "--level", "warn"}), exit_done);
  EXPECT_EQ(daemon.calls[0],
            "GET /api/v1/connections/a/log/search?limit=1000&q=x%20y%26z&regex=true&ignore_case=true"
            "&levels=warn%2Cerror%2Cfatal");
  EXPECT_EQ(daemon.calls[2], daemon.calls[0] + "&cursor=g~2");
  EXPECT_EQ(console.out_text, "5:a\\x1bb\n10:b […7 more bytes]\n");
  EXPECT_EQ(console.err_text, "firesteel: 4 lines match; the first 2 are shown.\n");
}

TEST_F(Commands, ASearchThatFindsNothingFailsAsGrepDoes) {
  daemon.ok(R"({"hits":[],"found":0})");
  EXPECT_EQ(run({"logs", "a", "-s", "x"}), exit_failed);
  EXPECT_EQ(console.out_text + console.err_text, "");
  daemon.ok(R"({"hits":[],"found":0})");
  EXPECT_EQ(run({"logs", "a", "--level", "fatal", "--json"}), exit_failed);
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a/log/search?limit=1000&levels=fatal");
  EXPECT_EQ(document(), parsed(R"({"name":"a","found":0,"hits":[]})"));
}

TEST_F(Commands, APatternThatIsNoneIsMisuse) {
  daemon.error(400, "bad_request", "missing )");
  EXPECT_EQ(run({"logs", "a", "-s", "(", "-E"}), exit_usage);
}

TEST_F(Commands, ASearchInALogThatBeginsAnewSaysSo) {
  daemon.ok(R"({"hits":[{"number":0,"text":"x"}],"found":1,"next":"g~1"})");
  daemon.ok(R"({"hits":[],"found":0,"begun_anew":true})");
  EXPECT_EQ(run({"logs", "a", "-s", "x"}), exit_failed);
  EXPECT_EQ(console.out_text, "1:x\n");
  EXPECT_THAT(console.err_text, HasSubstr("Search again."));
}

TEST_F(Commands, ASearchIsNeitherFollowedNorOfTheLastLines) {
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{"-s", "x", "-f"},
                                                                                    {"-s", "x", "-n", "3"},
                                                                                    {"--regex"},
                                                                                    {"-i"},
                                                                                    {"--level", "loud"},
                                                                                    {"-s", ""},
                                                                                    {"-s", std::string(1001, 'x')}}) {
    std::vector<std::string> command{"logs", "a"};
    command.insert(command.end(), more.begin(), more.end());
    EXPECT_EQ(run(command), exit_usage) << more.back();
  }
}

TEST_F(Commands, FollowSurvivesAnotherDaemonAndEndsWithTheConnection) {
  daemon.ok(R"({"lines":["one"],"next":4,"end":true})");
  daemon.ok(R"({"lines":["two"],"next":8,"end":false})");
  daemon.ok(R"({"lines":[],"next":8,"end":true})");
  daemon.absent();
  daemon.absent();
  daemon.ok(R"({"lines":["three"],"next":14,"end":true})");
  daemon.error(404, "connection_not_found", "There is no connection a.");
  EXPECT_EQ(run({"logs", "a", "-f"}), exit_no_such_connection);
  EXPECT_EQ(console.out_text, "one\ntwo\nthree\n");
  EXPECT_EQ(daemon.calls[1], "GET /api/v1/connections/a/log?limit=1000&after=4");
  EXPECT_EQ(daemon.calls[3], "GET /api/v1/connections/a/log?limit=1000&after=8");
  EXPECT_EQ(pauses, 4);  // none between two and what came right after it
  EXPECT_THAT(console.err_text, ::testing::StartsWith("firesteel: the daemon is away, waiting for the next one…\n"));
}

TEST_F(Commands, FollowEndsWhenNoDaemonComesBack) {
  daemon.ok(R"({"lines":[],"next":0,"end":true})");
  daemon.step = std::chrono::seconds(10);
  for (int i = 0; i < 4; ++i) daemon.absent();
  EXPECT_EQ(run({"logs", "a", "-f"}), exit_no_daemon);
  EXPECT_TRUE(daemon.answers.empty());
}

TEST_F(Commands, FollowEndsQuietlyWhenNobodyReads) {
  console.reader_left = true;
  daemon.ok(R"({"lines":["one"],"next":4,"end":true})");
  EXPECT_EQ(run({"logs", "a", "-f"}), exit_done);
  EXPECT_EQ(console.err_text, "");
}

TEST_F(Commands, PathsAskNobody) {
  EXPECT_EQ(run({"paths", "--json"}), exit_done);
  EXPECT_EQ(document(), parsed(R"({"runtime_dir":"/run/fs","state_dir":"/state/fs","api_socket":"/run/fs/api.sock",)"
                               R"("kernel_socket":"/run/fs/kernel.sock"})"));
  EXPECT_EQ(host.ensured, 0);
  EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(Commands, DaemonModesReachTheHost) {
  EXPECT_EQ(run({"daemon", "--idle-timeout", "5"}), 42);
  EXPECT_EQ(host.daemon_options->idle_timeout, std::chrono::seconds(5));
  EXPECT_EQ(run({"daemon", "--attach"}), 43);
  EXPECT_EQ(host.ensured, 0);
  EXPECT_EQ(run({"daemon", "--background", "--json"}), exit_done);
  EXPECT_EQ(host.ensured, 1);
  EXPECT_EQ(document().at("api_socket"), "/run/fs/api.sock");
}

}  // namespace
}  // namespace firesteel::cli::test
