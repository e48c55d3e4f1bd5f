// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <set>

#include "machine_under_test.hpp"

namespace firesteel {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Step = ServerMachine::Step;

const std::string begins = "prepare arm_deadline:start";
const std::string terminates = "terminate arm_deadline:stop";
const std::string gives_up_probing = "stop_probing " + terminates;

}  // namespace

TEST(ServerMachine, StartsThroughItsPhasesToReady) {
  MachineUnderTest server;
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
  MachineUnderTest server;
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
  MachineUnderTest server;
  server.go_to(Step::spawning);
  server.stop();
  EXPECT_EQ(server.spawned(99), terminates);
  EXPECT_EQ(server.machine.pid(), 99);
}

TEST(ServerMachine, KillsWhatDoesNotStopAndGivesUpOnWhatDoesNotDie) {
  MachineUnderTest server;
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
  MachineUnderTest server;
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
  MachineUnderTest server;
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
    MachineUnderTest server;
    server.go_to(step);
    EXPECT_EQ(server.restart(), "") << to_string(step);
    if (step == Step::spawning_unwanted) server.spawned();
    EXPECT_EQ(server.exited(), "clean_up " + begins) << to_string(step);
  }
}

TEST(ServerMachine, PortTakenTriesOtherPortsThreeTimesInAllWithinOneDeadline) {
  MachineUnderTest server;
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
  MachineUnderTest server;
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
  MachineUnderTest server;
  server.go_to(Step::creating_driver);
  server.passed(Deadline::start);
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.exited();
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::start_timeout);
  EXPECT_THAT(server.machine.failure()->message, HasSubstr("180 s"));
  EXPECT_THAT(server.machine.failure()->log_tail, ElementsAre("last words"));
}

TEST(ServerMachine, TheTimeOfAScriptComesOnTopOfTheStartDeadlineOfThatStartAlone) {
  MachineUnderTest server;
  server.start();
  server(ScriptBegun{server.id(), std::chrono::seconds(600)});
  server.passed(Deadline::start);
  EXPECT_THAT(server.machine.failure()->message, HasSubstr("780 s"));
  server.start();
  server.passed(Deadline::start);
  EXPECT_THAT(server.machine.failure()->message, HasSubstr("180 s"));
}

TEST(ServerMachine, StopAfterTheStartDeadlineIsAStopNotAFailure) {
  MachineUnderTest server;
  server.go_to(Step::creating_driver);
  server.passed(Deadline::start);
  server.stop();
  server.exited();
  server.cleaned_up();
  EXPECT_EQ(server.machine.state(), ConnectionState::stopped);
}

TEST(ServerMachine, ServerThatAnswersWithAnErrorFailsWithIt) {
  MachineUnderTest server;
  server.go_to(Step::creating_driver);
  server(ProbeFailed{server.id(), failure(FailureReason::invalid_option)});
  EXPECT_EQ(server.machine.state(), ConnectionState::stopping);
  server.exited();
  ASSERT_EQ(server.machine.state(), ConnectionState::failed);
  EXPECT_EQ(server.machine.failure(), failure(FailureReason::invalid_option));
}

TEST(ServerMachine, CrashWhenReadyFailsAtOnce) {
  MachineUnderTest server;
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
    MachineUnderTest server;
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
  MachineUnderTest server;
  server(AdoptRequested{ServerId("old"), 77});
  EXPECT_EQ(server.stop(), gives_up_probing);
}

TEST(ServerMachine, DeadlineThatIsNotArmedAnyMoreIsIgnored) {
  MachineUnderTest server;
  server.go_to(Step::killing);
  EXPECT_EQ(server.passed(Deadline::stop), "");
  EXPECT_EQ(server.machine.step(), Step::killing);
}

TEST(ServerMachine, LeftoversThatStayAreSaid) {
  MachineUnderTest server;
  server.go_to(Step::cleaning);
  const std::string id = server.id().str();
  server.passed(Deadline::clean_up);
  EXPECT_EQ(server.machine.failure()->reason, FailureReason::lost);
  EXPECT_THAT(server.machine.failure()->advice, HasSubstr(id));
}

}  // namespace firesteel
