// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "machine_under_test.hpp"

namespace firesteel {
namespace {

using Step = ServerMachine::Step;

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
    MachineUnderTest server;
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
    MachineUnderTest server;
    server.go_to(GetParam());
    EXPECT_EQ(server(make(ServerId("earlier"))), "") << name;
    EXPECT_EQ(server.machine.step(), GetParam()) << name;
  }
}

TEST_P(EveryStep, SaysHowLongEachPhaseTookAndOnlyTheOneUnderWayIsOpen) {
  MachineUnderTest server;
  server.go_to(GetParam());
  const auto& phases = server.machine.phases();
  const auto open = std::count_if(phases.begin(), phases.end(), [](const auto& phase) { return !phase.ended; });
  EXPECT_EQ(open, server.machine.state() == ConnectionState::starting ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(ServerMachine, EveryStep, testing::ValuesIn(all_steps),
                         [](const auto& each) { return std::string(to_string(each.param)); });

}  // namespace firesteel
