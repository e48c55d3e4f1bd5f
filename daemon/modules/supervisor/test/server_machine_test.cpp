// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/server_machine.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Step = ServerMachine::Step;
using Kind = ServerAction::Kind;
using std::chrono::seconds;

Failure failure(FailureReason reason) { return {.reason = reason, .message = "as told", .log_tail = {"last words"}}; }

/// A machine, its clock, and short names for what happens to it.
class Server {
 public:
  ServerMachine machine{[this] { return ServerId("run-" + std::to_string(++ids_)); }};
  TimePoint now{};
  std::vector<ServerAction> last;

  /// The kinds of the actions, e.g. "stop_probing terminate arm_deadline:stop".
  std::string operator()(const ServerEvent& event) {
    last = machine.next(event, now);
    std::ostringstream out;
    for (const auto& action : last) {
      out << (out.tellp() > 0 ? " " : "") << to_string(action.kind);
      if (action.kind == Kind::arm_deadline) out << ":" << to_string(action.deadline);
    }
    return out.str();
  }

  const ServerId& id() const { return machine.server(); }

  std::string start() { return (*this)(StartRequested{}); }
  std::string stop() { return (*this)(StopRequested{}); }
  std::string restart() { return (*this)(RestartRequested{}); }
  std::string prepared() { return (*this)(Prepared{id()}); }
  std::string spawned(int pid = 42) { return (*this)(Spawned{id(), pid}); }
  std::string first_output() { return (*this)(FirstOutput{id()}); }
  std::string answered() { return (*this)(ProbeAnswered{id(), "4.3.0", "local-1"}); }
  std::string exited(FailureReason reason = FailureReason::exited) {
    return (*this)(Exited{id(), ExitStatus::code(1), failure(reason)});
  }
  std::string cleaned_up() { return (*this)(CleanedUp{id()}); }
  std::string passed(Deadline which) { return (*this)(DeadlinePassed{id(), which}); }

  /// Goes the shortest way from new to `step`.
  void go_to(Step step) {
    if (step == Step::stopped) return;
    if (step == Step::adopting) {
      (*this)(AdoptRequested{ServerId("adopted"), 7});
      return;
    }
    start();
    if (step == Step::preparing) return;
    if (step == Step::failed) {
      (*this)(PrepareFailed{id(), failure(FailureReason::no_java)});
      return;
    }
    prepared();
    if (step == Step::spawning) return;
    if (step == Step::spawning_unwanted) {
      stop();
      return;
    }
    spawned();
    if (step == Step::starting_jvm) return;
    first_output();
    if (step == Step::creating_driver) return;
    answered();
    if (step == Step::ready) return;
    stop();
    if (step == Step::terminating) return;
    if (step == Step::killing)
      passed(Deadline::stop);
    else
      exited();
  }

 private:
  int ids_ = 0;
};

/// What one event does in one step: the actions and the step after it.
struct Cell {
  std::string actions;
  Step to;
};

const std::vector<Step> all_steps{Step::stopped,           Step::failed,          Step::preparing, Step::spawning,
                                  Step::starting_jvm,      Step::creating_driver, Step::adopting,  Step::ready,
                                  Step::spawning_unwanted, Step::terminating,     Step::killing,   Step::cleaning};

const std::map<std::string, std::function<ServerEvent(const ServerId&)>> all_events{
    {"start", [](const ServerId&) { return StartRequested{}; }},
    {"stop", [](const ServerId&) { return StopRequested{}; }},
    {"restart", [](const ServerId&) { return RestartRequested{}; }},
    {"adopt",
     [](const ServerId&) {
       return AdoptRequested{ServerId("adopted"), 7};
     }},
    {"prepared", [](const ServerId& id) { return Prepared{id}; }},
    {"prepare_failed",
     [](const ServerId& id) {
       return PrepareFailed{id, failure(FailureReason::no_java)};
     }},
    {"spawned",
     [](const ServerId& id) {
       return Spawned{id, 42};
     }},
    {"spawn_failed",
     [](const ServerId& id) {
       return SpawnFailed{id, failure(FailureReason::spawn_failed)};
     }},
    {"first_output", [](const ServerId& id) { return FirstOutput{id}; }},
    {"answered",
     [](const ServerId& id) {
       return ProbeAnswered{id, "4.3.0", "local-1"};
     }},
    {"probe_failed",
     [](const ServerId& id) {
       return ProbeFailed{id, failure(FailureReason::invalid_option)};
     }},
    {"exited",
     [](const ServerId& id) {
       return Exited{id, ExitStatus::code(1), failure(FailureReason::exited)};
     }},
    {"port_taken",
     [](const ServerId& id) {
       return Exited{id, ExitStatus::code(255), failure(FailureReason::port_in_use)};
     }},
    {"cleaned_up", [](const ServerId& id) { return CleanedUp{id}; }},
    {"start_deadline",
     [](const ServerId& id) {
       return DeadlinePassed{id, Deadline::start};
     }},
    {"stop_deadline",
     [](const ServerId& id) {
       return DeadlinePassed{id, Deadline::stop};
     }},
    {"kill_deadline",
     [](const ServerId& id) {
       return DeadlinePassed{id, Deadline::kill};
     }},
    {"clean_up_deadline",
     [](const ServerId& id) {
       return DeadlinePassed{id, Deadline::clean_up};
     }},
};

const std::string begins = "prepare arm_deadline:start";
const std::string fails = "clean_up cancel_deadline";
const std::string cleans = "clean_up arm_deadline:clean_up";
const std::string terminates = "terminate arm_deadline:stop";
const std::string gives_up_probing = "stop_probing " + terminates;
const std::string ends_while_probing = "stop_probing " + fails;
const std::string tries_again = "stop_probing clean_up " + begins;
const std::string adopts = "start_probing arm_deadline:start";
const std::string is_ready = "stop_probing cancel_deadline";

/// Every pair that isn't here does nothing. The goal in spawning_unwanted, terminating, killing and cleaning is
/// `stopped`; the stories below tell of the others.
const std::map<std::pair<Step, std::string>, Cell> table{
    {{Step::stopped, "start"}, {begins, Step::preparing}},
    {{Step::stopped, "restart"}, {begins, Step::preparing}},
    {{Step::stopped, "adopt"}, {adopts, Step::adopting}},

    {{Step::failed, "start"}, {begins, Step::preparing}},
    {{Step::failed, "restart"}, {begins, Step::preparing}},
    {{Step::failed, "adopt"}, {adopts, Step::adopting}},

    {{Step::preparing, "stop"}, {cleans, Step::cleaning}},
    {{Step::preparing, "restart"}, {"clean_up " + begins, Step::preparing}},
    {{Step::preparing, "prepared"}, {"spawn", Step::spawning}},
    {{Step::preparing, "prepare_failed"}, {fails, Step::failed}},
    {{Step::preparing, "start_deadline"}, {"clean_up", Step::failed}},

    {{Step::spawning, "stop"}, {"arm_deadline:kill", Step::spawning_unwanted}},
    {{Step::spawning, "restart"}, {"arm_deadline:kill", Step::spawning_unwanted}},
    {{Step::spawning, "spawned"}, {"start_probing", Step::starting_jvm}},
    {{Step::spawning, "spawn_failed"}, {fails, Step::failed}},
    {{Step::spawning, "exited"}, {fails, Step::failed}},
    {{Step::spawning, "port_taken"}, {fails, Step::failed}},
    {{Step::spawning, "start_deadline"}, {"arm_deadline:kill", Step::spawning_unwanted}},

    {{Step::starting_jvm, "stop"}, {gives_up_probing, Step::terminating}},
    {{Step::starting_jvm, "restart"}, {gives_up_probing, Step::terminating}},
    {{Step::starting_jvm, "first_output"}, {"", Step::creating_driver}},
    {{Step::starting_jvm, "answered"}, {is_ready, Step::ready}},
    {{Step::starting_jvm, "probe_failed"}, {gives_up_probing, Step::terminating}},
    {{Step::starting_jvm, "exited"}, {ends_while_probing, Step::failed}},
    {{Step::starting_jvm, "port_taken"}, {tries_again, Step::preparing}},
    {{Step::starting_jvm, "start_deadline"}, {gives_up_probing, Step::terminating}},

    {{Step::creating_driver, "stop"}, {gives_up_probing, Step::terminating}},
    {{Step::creating_driver, "restart"}, {gives_up_probing, Step::terminating}},
    {{Step::creating_driver, "answered"}, {is_ready, Step::ready}},
    {{Step::creating_driver, "probe_failed"}, {gives_up_probing, Step::terminating}},
    {{Step::creating_driver, "exited"}, {ends_while_probing, Step::failed}},
    {{Step::creating_driver, "port_taken"}, {tries_again, Step::preparing}},
    {{Step::creating_driver, "start_deadline"}, {gives_up_probing, Step::terminating}},

    {{Step::adopting, "stop"}, {gives_up_probing, Step::terminating}},
    {{Step::adopting, "restart"}, {gives_up_probing, Step::terminating}},
    {{Step::adopting, "answered"}, {is_ready, Step::ready}},
    {{Step::adopting, "probe_failed"}, {gives_up_probing, Step::terminating}},
    {{Step::adopting, "exited"}, {ends_while_probing, Step::failed}},
    {{Step::adopting, "port_taken"}, {ends_while_probing, Step::failed}},
    {{Step::adopting, "start_deadline"}, {gives_up_probing, Step::terminating}},

    {{Step::ready, "stop"}, {terminates, Step::terminating}},
    {{Step::ready, "restart"}, {terminates, Step::terminating}},
    {{Step::ready, "exited"}, {"clean_up", Step::failed}},
    {{Step::ready, "port_taken"}, {"clean_up", Step::failed}},

    {{Step::spawning_unwanted, "spawned"}, {terminates, Step::terminating}},
    {{Step::spawning_unwanted, "spawn_failed"}, {cleans, Step::cleaning}},
    {{Step::spawning_unwanted, "exited"}, {cleans, Step::cleaning}},
    {{Step::spawning_unwanted, "port_taken"}, {cleans, Step::cleaning}},
    {{Step::spawning_unwanted, "kill_deadline"}, {"clean_up", Step::failed}},

    {{Step::terminating, "exited"}, {cleans, Step::cleaning}},
    {{Step::terminating, "port_taken"}, {cleans, Step::cleaning}},
    {{Step::terminating, "stop_deadline"}, {"kill arm_deadline:kill", Step::killing}},

    {{Step::killing, "exited"}, {cleans, Step::cleaning}},
    {{Step::killing, "port_taken"}, {cleans, Step::cleaning}},
    {{Step::killing, "kill_deadline"}, {"clean_up", Step::failed}},

    {{Step::cleaning, "restart"}, {begins, Step::preparing}},
    {{Step::cleaning, "cleaned_up"}, {"cancel_deadline", Step::stopped}},
    {{Step::cleaning, "clean_up_deadline"}, {"", Step::failed}},
};

class EveryStep : public testing::TestWithParam<Step> {};

}  // namespace

TEST_P(EveryStep, AnswersEveryEventAsTheTableSays) {
  for (const auto& [name, make] : all_events) {
    Server server;
    server.go_to(GetParam());
    ASSERT_EQ(server.machine.step(), GetParam());
    const auto at = table.find({GetParam(), name});
    const Cell expected = at == table.end() ? Cell{"", GetParam()} : at->second;
    const std::string actions = server(make(server.id()));
    EXPECT_EQ(actions, expected.actions) << name;
    EXPECT_EQ(to_string(server.machine.step()), to_string(expected.to)) << name;
    EXPECT_EQ(server.machine.failure().has_value(), server.machine.state() == ConnectionState::failed) << name;
  }
}

TEST_P(EveryStep, IgnoresWhatComesLateFromAnEarlierRun) {
  for (const auto& [name, make] : all_events) {
    if (name == "start" || name == "stop" || name == "restart" || name == "adopt") continue;
    Server server;
    server.go_to(GetParam());
    EXPECT_EQ(server(make(ServerId("earlier"))), "") << name;
    EXPECT_EQ(server.machine.step(), GetParam()) << name;
  }
}

TEST_P(EveryStep, SaysHowLongEachPhaseTookAndOnlyTheOneUnderWayIsOpen) {
  Server server;
  server.go_to(GetParam());
  const auto& phases = server.machine.phases();
  const auto open = std::count_if(phases.begin(), phases.end(), [](const auto& phase) { return !phase.ended; });
  EXPECT_EQ(open, server.machine.state() == ConnectionState::starting ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(ServerMachine, EveryStep, testing::ValuesIn(all_steps),
                         [](const auto& each) { return std::string(to_string(each.param)); });

TEST(ServerMachine, StartsThroughItsPhasesToReady) {
  Server server;
  EXPECT_EQ(server.machine.state(), ConnectionState::stopped);
  server.start();
  server.now += seconds(1);
  server.prepared();
  server.spawned(1234);
  server.now += seconds(2);
  server.first_output();
  server.now += seconds(3);
  server.answered();
  EXPECT_EQ(server.machine.state(), ConnectionState::ready);
  EXPECT_EQ(server.machine.pid(), 1234);
  EXPECT_EQ(server.machine.spark_version(), "4.3.0");
  EXPECT_EQ(server.machine.application_id(), "local-1");
  std::vector<std::pair<StartPhase, std::int64_t>> took;
  for (const auto& phase : server.machine.phases())
    took.emplace_back(phase.phase, elapsed_ms(phase.started, phase.ended.value()));
  EXPECT_THAT(took, ElementsAre(std::pair(StartPhase::preparing, 1000), std::pair(StartPhase::starting_jvm, 2000),
                                std::pair(StartPhase::creating_driver, 3000)));
}

TEST(ServerMachine, StopWhileStartingWaitsForExit) {
  Server server;
  server.go_to(Step::creating_driver);
  EXPECT_EQ(server.stop(), gives_up_probing);
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  EXPECT_EQ(server.answered(), "");
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.exited();
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.cleaned_up();
  EXPECT_EQ(server.machine.state(), ConnectionState::stopped);
  EXPECT_FALSE(server.machine.pid());
}

TEST(ServerMachine, StopWhileSpawningEndsWhatWasSpawned) {
  Server server;
  server.go_to(Step::spawning);
  server.stop();
  EXPECT_EQ(server.spawned(99), terminates);
  EXPECT_EQ(server.machine.pid(), 99);
}

TEST(ServerMachine, KillsWhatDoesNotStopAndGivesUpOnWhatDoesNotDie) {
  Server server;
  server.go_to(Step::ready);
  server.now += seconds(100);
  server.stop();
  EXPECT_EQ(server.last.back().at, server.now + seconds(10));
  server.now += seconds(10);
  EXPECT_EQ(server.passed(Deadline::stop), "kill arm_deadline:kill");
  EXPECT_EQ(server.last.back().at, server.now + seconds(5));
  server.now += seconds(5);
  server.passed(Deadline::kill);
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::lost);
  EXPECT_THAT(server.machine.failure()->message, HasSubstr("process 42 did not end within 5 s"));
}

TEST(ServerMachine, RestartWaitsForTheOldServerAndStartsAnother) {
  Server server;
  server.go_to(Step::ready);
  const ServerId old = server.id();
  EXPECT_EQ(server.restart(), terminates);
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  EXPECT_EQ(server.exited(), "clean_up " + begins);
  EXPECT_EQ(server.last.front().server, old);
  EXPECT_EQ(server.last.back().server, server.id());
  EXPECT_NE(server.id(), old);
  EXPECT_EQ(server.machine.state(), ConnectionState::starting);
  EXPECT_THAT(server.machine.spark_version(), IsEmpty());
  EXPECT_FALSE(server.machine.pid());
}

TEST(ServerMachine, OfStopAndRestartTheLaterWins) {
  Server server;
  server.go_to(Step::ready);
  server.stop();
  EXPECT_EQ(server.restart(), "");
  server.exited();
  EXPECT_EQ(server.machine.step(), Step::preparing);
  server.prepared();
  server.spawned();
  server.restart();
  EXPECT_EQ(server.stop(), "");
  server.exited();
  server.cleaned_up();
  EXPECT_EQ(server.machine.state(), ConnectionState::stopped);
}

TEST(ServerMachine, RestartWhileStoppingInAnyStepStartsAgain) {
  for (Step step : {Step::spawning_unwanted, Step::terminating, Step::killing}) {
    Server server;
    server.go_to(step);
    EXPECT_EQ(server.restart(), "") << to_string(step);
    if (step == Step::spawning_unwanted) server.spawned();
    EXPECT_EQ(server.exited(), "clean_up " + begins) << to_string(step);
  }
}

TEST(ServerMachine, PortTakenTriesOtherPortsThreeTimesInAllWithinOneDeadline) {
  Server server;
  server.start();
  const TimePoint deadline = server.last.back().at;
  EXPECT_EQ(deadline, server.now + seconds(180));
  std::vector<ServerId> runs;
  for (int attempt = 1; attempt <= ServerMachine::max_attempts; ++attempt) {
    ASSERT_EQ(server.machine.state(), ConnectionState::starting);
    EXPECT_EQ(server.machine.phases().front().started, TimePoint{});
    runs.push_back(server.id());
    server.now += seconds(4);
    server.prepared();
    server.spawned();
    server.exited(FailureReason::port_in_use);
    if (attempt < ServerMachine::max_attempts) {
      EXPECT_EQ(server.last.back().at, deadline);
    }
  }
  EXPECT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::port_in_use);
  EXPECT_EQ(std::set<ServerId>(runs.begin(), runs.end()).size(), 3U);
}

TEST(ServerMachine, ANewStartHasAllItsAttemptsAgain) {
  Server server;
  for (int start = 0; start < 2; ++start) {
    server.start();
    for (int attempt = 1; attempt <= ServerMachine::max_attempts; ++attempt) {
      EXPECT_EQ(server.machine.step(), Step::preparing);
      server.prepared();
      server.spawned();
      server.exited(FailureReason::port_in_use);
    }
    EXPECT_EQ(server.machine.step(), Step::failed);
  }
}

TEST(ServerMachine, StartDeadlineEndsTheServerBeforeItSaysFailed) {
  Server server;
  server.go_to(Step::creating_driver);
  server.passed(Deadline::start);
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.exited();
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::start_timeout);
  EXPECT_THAT(server.machine.failure()->message, HasSubstr("180 s"));
  EXPECT_THAT(server.machine.failure()->log_tail, ElementsAre("last words"));
}

TEST(ServerMachine, StopAfterTheStartDeadlineIsAStopNotAFailure) {
  Server server;
  server.go_to(Step::creating_driver);
  server.passed(Deadline::start);
  server.stop();
  server.exited();
  server.cleaned_up();
  EXPECT_EQ(server.machine.state(), ConnectionState::stopped);
}

TEST(ServerMachine, ServerThatAnswersWithAnErrorFailsWithIt) {
  Server server;
  server.go_to(Step::creating_driver);
  server(ProbeFailed{server.id(), failure(FailureReason::invalid_option)});
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.exited();
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure(), failure(FailureReason::invalid_option));
}

TEST(ServerMachine, CrashWhenReadyFailsAtOnce) {
  Server server;
  server.go_to(Step::ready);
  server.exited(FailureReason::killed);
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure(), failure(FailureReason::killed));
  EXPECT_FALSE(server.machine.pid());
  EXPECT_EQ(server.start(), begins);
  EXPECT_FALSE(server.machine.failure());
}

TEST(ServerMachine, AdoptedServerBecomesReadyOrIsLost) {
  for (bool alive : {true, false}) {
    Server server;
    server(AdoptRequested{ServerId("old"), 77});
    EXPECT_EQ(server.machine.state(), ConnectionState::starting);
    EXPECT_EQ(server.machine.pid(), 77);
    EXPECT_EQ(server.machine.phases().front().phase, StartPhase::adopting);
    if (alive) {
      server.answered();
      EXPECT_EQ(server.machine.state(), ConnectionState::ready);
      EXPECT_EQ(server.id(), ServerId("old"));
    } else {
      server(Exited{ServerId("old"), ExitStatus::unknown(), failure(FailureReason::lost)});
      EXPECT_EQ(server.machine.failure()->reason, FailureReason::lost);
    }
  }
}

TEST(ServerMachine, ServerThatWasStoppingIsAdoptedAndStopped) {
  Server server;
  server(AdoptRequested{ServerId("old"), 77});
  EXPECT_EQ(server.stop(), gives_up_probing);
}

TEST(ServerMachine, DeadlineThatIsNotArmedAnyMoreIsIgnored) {
  Server server;
  server.go_to(Step::killing);
  EXPECT_EQ(server.passed(Deadline::stop), "");
  EXPECT_EQ(server.machine.step(), Step::killing);
}

TEST(ServerMachine, LeftoversThatStayAreSaid) {
  Server server;
  server.go_to(Step::cleaning);
  const std::string id = server.id().str();
  server.passed(Deadline::clean_up);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::lost);
  EXPECT_THAT(server.machine.failure()->advice, HasSubstr(id));
}

}  // namespace firesteel
