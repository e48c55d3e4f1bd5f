// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "firesteel/supervisor/server_machine.hpp"

namespace firesteel {

inline Failure failure(FailureReason reason) {
  const bool passes = reason == FailureReason::port_in_use;
  return {.reason = reason, .message = "as told", .log_tail = {"last words"}, .passes = passes};
}

/// A machine, its clock, and short names for what happens to it.
class MachineUnderTest {
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
      if (action.kind == ServerAction::Kind::arm_deadline) out << ":" << to_string(action.deadline);
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
  void go_to(ServerMachine::Step step) {
    if (step == ServerMachine::Step::stopped) return;
    if (step == ServerMachine::Step::adopting) {
      (*this)(AdoptRequested{ServerId("adopted"), 7});
      return;
    }
    start();
    if (step == ServerMachine::Step::preparing) return;
    if (step == ServerMachine::Step::failed) {
      (*this)(PrepareFailed{id(), failure(FailureReason::no_java)});
      return;
    }
    prepared();
    if (step == ServerMachine::Step::spawning) return;
    if (step == ServerMachine::Step::spawning_unwanted) {
      stop();
      return;
    }
    spawned();
    if (step == ServerMachine::Step::starting_jvm) return;
    first_output();
    if (step == ServerMachine::Step::creating_driver) return;
    answered();
    if (step == ServerMachine::Step::ready) return;
    stop();
    if (step == ServerMachine::Step::terminating) return;
    if (step == ServerMachine::Step::killing)
      passed(Deadline::stop);
    else
      exited();
  }

 private:
  int ids_ = 0;
};

}  // namespace firesteel
