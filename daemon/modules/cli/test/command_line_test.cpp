// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firesteel::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "firesteel");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

template <class T>
T command_of(const Parsed& parsed) {
  EXPECT_EQ(parsed.error, "");
  if (!parsed.command || !std::holds_alternative<T>(*parsed.command)) {
    ADD_FAILURE() << "another command";
    return {};
  }
  return std::get<T>(*parsed.command);
}

TEST(CommandLine, NothingPrintsHelp) {
  const Parsed parsed = parse({});
  EXPECT_FALSE(parsed.command);
  EXPECT_EQ(parsed.exit_code, exit_done);
  EXPECT_THAT(parsed.out, HasSubstr("connections"));
  EXPECT_THAT(parsed.out, HasSubstr("Exit codes"));
}

TEST(CommandLine, VersionAndHelpAreDone) {
  EXPECT_THAT(parse({"--version"}).out, ::testing::MatchesRegex("firesteel [0-9.]+\n"));
  const Parsed help = parse({"start", "--help"});
  EXPECT_EQ(help.exit_code, exit_done);
  EXPECT_THAT(help.out, HasSubstr("--option"));
}

TEST(CommandLine, StartTakesEverythingAsItIs) {
  const auto start = command_of<StartCommand>(
      parse({"start", "local", "--name", "a.b-1", "-o", "k=v=w", "--option", "e=", "--option", "x=a b;$(c)\n\"'`",
             "--option", "[y]=[1,2]", "--option", "emoji=🔥", "--option=--conf=-x", "--wait", "--timeout", "7"}));
  EXPECT_EQ(start.cluster, "local");
  EXPECT_EQ(start.name, "a.b-1");
  EXPECT_THAT(start.options, ElementsAre(Pair("k", "v=w"), Pair("e", ""), Pair("x", "a b;$(c)\n\"'`"),
                                         Pair("[y]", "[1,2]"), Pair("emoji", "🔥"), Pair("--conf", "-x")));
  EXPECT_TRUE(start.wait);
  EXPECT_EQ(start.timeout, std::chrono::seconds(7));
}

TEST(CommandLine, OptionsDoNotSwallowTheCluster) {
  const auto start = command_of<StartCommand>(parse({"start", "--option", "k=v", "local"}));
  EXPECT_EQ(start.cluster, "local");
  EXPECT_EQ(start.options.size(), 1U);
}

TEST(CommandLine, MisuseIsExit2WithTheCommandsHelp) {
  const std::vector<std::vector<const char*>> wrong{
      {"sart"},
      {"start", "--option", "novalue"},
      {"start", "--option", "=v"},
      {"start", "--option", "k=\xff"},
      {"start", "--option", "k=1", "--option", "k=2"},
      {"start", "--name", "../x"},
      {"start", "--name", ""},
      {"start", "--timeout", "0"},
      {"start", "--timeout", "soon"},
      {"start", "--python", "/no/such/python"},
      {"start", "--java-home", "/no/such/dir"},
      {"start", "a", "b"},
      {"stop"},
      {"stop", "a b"},
      {"logs", "a", "-n", "5001"},
      {"logs", "a", "-f", "--json"},
      {"sessions", "a", "b"},
      {"operations", "a b"},
      {"interrupt"},
      {"interrupt", "a", "--session", ""},
      {"release", "a"},
      {"endpoint", "--name", "a"},
      {"endpoint", "--url", "--name", "a b"},
      {"gateway"},
      {"gateway", "--upstream", "h:1"},
      {"gateway", "--upstream", "sc://h:1", "--listen", "h"},
      {"gateway", "--upstream", "sc://h:1", "--listen", "0.0.0.0:1", "--no-token"},
      {"gateway", "--upstream", "sc://h:1", "--token-file", "/tmp/t", "--no-token"},
      {"gateway", "--upstream", "sc://h:1", "--socket", "/no/such/dir/s"},
      {"daemon", "--background", "--attach"},
      {"daemon", "--json"},
      {"status", "--nonsense"},
  };
  for (const auto& arguments : wrong) {
    const Parsed parsed = parse(arguments);
    EXPECT_FALSE(parsed.command) << arguments.front() << " " << arguments.back();
    EXPECT_EQ(parsed.exit_code, exit_usage) << arguments.back();
    EXPECT_NE(parsed.error, "") << arguments.back();
    EXPECT_THAT(parsed.advice, HasSubstr("--help")) << arguments.back();
  }
  EXPECT_EQ(parse({"stop"}).advice, "See `firesteel stop --help`.");
  EXPECT_TRUE(parse({"start", "--option", "x", "--json"}).json);
}

TEST(CommandLine, RelativePathsBecomeAbsolute) {
  const auto start = command_of<StartCommand>(parse({"start", "--java-home", ".", "--python", "sh"}));
  EXPECT_EQ(start.java_home.front(), '/');
  EXPECT_THAT(start.python, ::testing::MatchesRegex("/.*/sh"));
}

TEST(CommandLine, ATokenOnItIsRefusedAndNotRepeated) {
  const Parsed parsed = parse({"gateway", "--upstream", "sc://h:1/;token=geheim"});
  EXPECT_EQ(parsed.exit_code, exit_usage);
  EXPECT_THAT(parsed.error, HasSubstr("FIRESTEEL_UPSTREAM_TOKEN"));
  EXPECT_THAT(parsed.error, ::testing::Not(HasSubstr("geheim")));
}

TEST(CommandLine, HelpOfTheUrlSaysThatItIsASecret) {
  EXPECT_THAT(parse({"endpoint", "--help"}).out, HasSubstr("whoever has it can run code as you"));
}

TEST(CommandLine, DaemonModes) {
  EXPECT_EQ(command_of<DaemonCommand>(parse({"daemon"})).mode, DaemonCommand::Mode::foreground);
  EXPECT_EQ(command_of<DaemonCommand>(parse({"daemon", "--attach"})).mode, DaemonCommand::Mode::attach);
  const Parsed background = parse({"daemon", "--background", "--json", "--idle-timeout", "0"});
  EXPECT_EQ(command_of<DaemonCommand>(background).mode, DaemonCommand::Mode::background);
  EXPECT_EQ(command_of<DaemonCommand>(background).options.idle_timeout, std::chrono::seconds(0));
  EXPECT_TRUE(background.json);
  EXPECT_FALSE(command_of<DaemonCommand>(parse({"daemon"})).options.idle_timeout);
}

TEST(CommandLine, TimeoutIsTheCommandsOwn) {
  EXPECT_EQ(command_of<StopCommand>(parse({"stop", "a"})).timeout, StopCommand{}.timeout);
  EXPECT_EQ(command_of<RestartCommand>(parse({"restart", "a", "-w"})).timeout, RestartCommand{}.timeout);
  EXPECT_EQ(command_of<LogsCommand>(parse({"logs", "a"})).lines, 200);
}

TEST(CommandLine, ConfigCheckTakesFiles) {
  EXPECT_EQ(command_of<ConfigCheckCommand>(parse({"config", "check", "a", "b"})).files,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(parse({"config", "check", "--json", "a"}).json);
}

TEST(CommandLine, CompletionAndManKnowEveryCommand) {
  const std::string completion = command_of<PrintCommand>(parse({"completion", "bash"})).text;
  const std::string man = command_of<PrintCommand>(parse({"man"})).text;
  for (const char* word : {"status", "connections", "start", "stop", "restart", "remove", "logs", "sessions",
                           "operations", "interrupt", "release", "endpoint", "gateway", "doctor", "paths", "daemon"}) {
    EXPECT_THAT(completion, HasSubstr(std::string(" ") + word + ") words='"));
    EXPECT_THAT(man, HasSubstr(std::string("\\&") + word + "\n"));
  }
  EXPECT_THAT(completion, HasSubstr(" config) words='check -"));
  EXPECT_THAT(man, HasSubstr("\\&config check\n"));
  EXPECT_THAT(completion, HasSubstr("--java-home"));
  EXPECT_THAT(man, HasSubstr("java\\-home"));
}

}  // namespace
}  // namespace firesteel::cli
