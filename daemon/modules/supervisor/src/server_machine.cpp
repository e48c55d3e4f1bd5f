// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/server_machine.hpp"

#include <fmt/format.h>

#include <utility>

#include "firesteel/core/names.hpp"

namespace firesteel {
namespace {

using Step = ServerMachine::Step;

constexpr NameTable<Step, 12> step_names{{
    {Step::stopped, "stopped"},
    {Step::failed, "failed"},
    {Step::preparing, "preparing"},
    {Step::spawning, "spawning"},
    {Step::starting_jvm, "starting_jvm"},
    {Step::creating_driver, "creating_driver"},
    {Step::adopting, "adopting"},
    {Step::ready, "ready"},
    {Step::spawning_unwanted, "spawning_unwanted"},
    {Step::terminating, "terminating"},
    {Step::killing, "killing"},
    {Step::cleaning, "cleaning"},
}};

constexpr NameTable<ServerAction::Kind, 9> action_names{{
    {ServerAction::Kind::prepare, "prepare"},
    {ServerAction::Kind::spawn, "spawn"},
    {ServerAction::Kind::start_probing, "start_probing"},
    {ServerAction::Kind::stop_probing, "stop_probing"},
    {ServerAction::Kind::terminate, "terminate"},
    {ServerAction::Kind::kill, "kill"},
    {ServerAction::Kind::clean_up, "clean_up"},
    {ServerAction::Kind::arm_deadline, "arm_deadline"},
    {ServerAction::Kind::cancel_deadline, "cancel_deadline"},
}};

constexpr NameTable<Deadline, 4> deadline_names{{
    {Deadline::start, "start"},
    {Deadline::stop, "stop"},
    {Deadline::kill, "kill"},
    {Deadline::clean_up, "clean_up"},
}};

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

}  // namespace

std::string_view to_string(ServerMachine::Step step) { return name_of(step_names, step); }
std::string_view to_string(ServerAction::Kind kind) { return name_of(action_names, kind); }
std::string_view to_string(Deadline deadline) { return name_of(deadline_names, deadline); }

ServerMachine::ServerMachine(std::function<ServerId()> new_server_id, ServerDeadlines deadlines)
    : new_server_id_(std::move(new_server_id)), deadlines_(deadlines) {}

std::vector<ServerAction> ServerMachine::next(const ServerEvent& event, TimePoint now) {
  now_ = now;
  std::visit(
      [this](const auto& each) {
        // What the shell saw of an earlier run is history.
        if constexpr (requires { each.server; } && !std::is_same_v<decltype(each), const AdoptRequested&>) {
          if (each.server != server_) return;
        }
        on(each);
      },
      event);
  return std::exchange(actions_, {});
}

ConnectionState ServerMachine::state() const {
  switch (step_) {
    case Step::stopped:
      return ConnectionState::stopped;
    case Step::failed:
      return ConnectionState::failed;
    case Step::preparing:
    case Step::spawning:
    case Step::starting_jvm:
    case Step::creating_driver:
    case Step::adopting:
      return ConnectionState::starting;
    case Step::ready:
      return ConnectionState::ready;
    case Step::spawning_unwanted:
    case Step::terminating:
    case Step::killing:
    case Step::cleaning:
      return ConnectionState::stopping;
  }
  return ConnectionState::failed;
}

bool ServerMachine::is_probing() const {
  return step_ == Step::starting_jvm || step_ == Step::creating_driver || step_ == Step::adopting;
}

// ── What is asked ─────────────────────────────────────────────────────────────────────────────────────────────────

void ServerMachine::on(const StartRequested&) {
  if (step_ == Step::stopped || step_ == Step::failed) begin();
}

void ServerMachine::on(const StopRequested&) { end(Goal::stopped); }

void ServerMachine::on(const RestartRequested&) {
  if (step_ == Step::stopped || step_ == Step::failed || step_ == Step::cleaning)
    begin();
  else
    end(Goal::restart);
}

void ServerMachine::on(const AdoptRequested& event) {
  if (step_ != Step::stopped && step_ != Step::failed) return;
  failure_.reset();
  server_ = event.server;
  pid_ = event.pid;
  attempt_ = max_attempts;
  started_ = now_;
  phases_.clear();
  step_ = Step::adopting;
  enter_phase(StartPhase::adopting);
  act(Kind::start_probing);
  start_patience_ = deadlines_.start;
  arm(Deadline::start, started_ + start_patience_);
}

// ── What was seen ─────────────────────────────────────────────────────────────────────────────────────────────────

void ServerMachine::on(const ScriptBegun& event) {
  if (step_ != Step::preparing) return;
  start_patience_ = deadlines_.start + event.patience;
  arm(Deadline::start, started_ + start_patience_);
}

void ServerMachine::on(const Prepared&) {
  if (step_ != Step::preparing) return;
  step_ = Step::spawning;
  act(Kind::spawn);
}

void ServerMachine::on(const PrepareFailed& event) {
  if (step_ == Step::preparing) end(Goal::failed, event.failure);
}

void ServerMachine::on(const Spawned& event) {
  if (step_ == Step::spawning) {
    pid_ = event.pid;
    step_ = Step::starting_jvm;
    enter_phase(StartPhase::starting_jvm);
    act(Kind::start_probing);
  } else if (step_ == Step::spawning_unwanted) {
    pid_ = event.pid;
    terminate();
  }
}

void ServerMachine::on(const SpawnFailed& event) {
  if (step_ == Step::spawning) {
    goal_ = Goal::failed;
    goal_failure_ = event.failure;
  } else if (step_ != Step::spawning_unwanted) {
    return;
  }
  reach_goal({});
}

void ServerMachine::on(const FirstOutput&) {
  if (step_ != Step::starting_jvm) return;
  step_ = Step::creating_driver;
  enter_phase(StartPhase::creating_driver);
}

void ServerMachine::on(const ProbeAnswered& event) {
  if (!is_probing()) return;
  step_ = Step::ready;
  end_phase();
  spark_version_ = event.spark_version;
  application_id_ = event.application_id;
  act(Kind::stop_probing);
  disarm();
}

void ServerMachine::on(const ProbeFailed& event) {
  if (is_probing()) end(Goal::failed, event.failure);
}

void ServerMachine::on(const Exited& event) {
  switch (step_) {
    case Step::starting_jvm:
    case Step::creating_driver:
      if (event.failure.passes && attempt_ < max_attempts) {
        act(Kind::stop_probing);
        act(Kind::clean_up);
        attempt();
        return;
      }
      [[fallthrough]];
    case Step::adopting:
      act(Kind::stop_probing);
      [[fallthrough]];
    case Step::spawning:
    case Step::ready:
      goal_ = Goal::failed;
      goal_failure_ = event.failure;
      break;
    case Step::spawning_unwanted:
    case Step::terminating:
    case Step::killing:
      break;
    case Step::stopped:
    case Step::failed:
    case Step::preparing:
    case Step::cleaning:
      return;
  }
  reach_goal(event.failure.log_tail);
}

void ServerMachine::on(const CleanedUp&) {
  if (step_ != Step::cleaning) return;
  disarm();
  step_ = Step::stopped;
}

void ServerMachine::on(const DeadlinePassed& event) {
  if (armed_ != event.which) return;
  armed_.reset();
  switch (event.which) {
    case Deadline::start:
      end(Goal::failed, start_timed_out());
      return;
    case Deadline::stop:
      step_ = Step::killing;
      act(Kind::kill);
      arm(Deadline::kill, now_ + deadlines_.kill);
      return;
    case Deadline::kill:
      goal_ = Goal::failed;
      goal_failure_ =
          Failure{.reason = FailureReason::lost,
                  .message = pid_ ? fmt::format("The server's process {} did not end within {} of being killed.", *pid_,
                                                seconds(deadlines_.kill))
                                  : fmt::format("The operating system did not start the server within {} of being "
                                                "asked, nor say that it could not.",
                                                seconds(deadlines_.kill)),
                  .advice =
                      "It is not watched any more. A process that can't be killed often waits for a disk or a "
                      "network file system that does not answer."};
      reach_goal({});
      return;
    case Deadline::clean_up:
      fail(
          {.reason = FailureReason::lost,
           .message = fmt::format("The server has ended, but what it left behind was not removed within {}.",
                                  seconds(deadlines_.clean_up)),
           .advice = fmt::format("Look for processes whose environment holds FIRESTEEL_SERVER_ID={}.", server_.str())});
      return;
  }
}

// ── The ways through ──────────────────────────────────────────────────────────────────────────────────────────────

void ServerMachine::begin() {
  failure_.reset();
  attempt_ = 0;
  started_ = now_;
  start_patience_ = deadlines_.start;
  attempt();
}

void ServerMachine::attempt() {
  ++attempt_;
  server_ = new_server_id_();
  pid_.reset();
  spark_version_.clear();
  application_id_.clear();
  // To the user the attempts are one start, which has been going on since the first of them.
  phases_ = {{.phase = StartPhase::preparing, .started = started_, .ended = {}}};
  step_ = Step::preparing;
  act(Kind::prepare);
  arm(Deadline::start, started_ + start_patience_);
}

void ServerMachine::end(Goal goal, std::optional<Failure> failure) {
  if (step_ == Step::stopped || step_ == Step::failed || step_ == Step::cleaning) return;
  goal_ = goal;
  goal_failure_ = std::move(failure);
  switch (step_) {
    case Step::preparing:
      reach_goal({});
      return;
    case Step::spawning:
      end_phase();
      step_ = Step::spawning_unwanted;
      arm(Deadline::kill, now_ + deadlines_.kill);
      return;
    case Step::starting_jvm:
    case Step::creating_driver:
    case Step::adopting:
      act(Kind::stop_probing);
      [[fallthrough]];
    case Step::ready:
      end_phase();
      terminate();
      return;
    default:  // already on its way out; only the goal is new
      return;
  }
}

void ServerMachine::terminate() {
  step_ = Step::terminating;
  act(Kind::terminate);
  arm(Deadline::stop, now_ + deadlines_.stop);
}

/// No process of this run is left, or none that we can do anything about.
void ServerMachine::reach_goal(std::vector<std::string> log_tail) {
  end_phase();
  pid_.reset();
  act(Kind::clean_up);
  switch (goal_) {
    case Goal::stopped:
      step_ = Step::cleaning;
      arm(Deadline::clean_up, now_ + deadlines_.clean_up);
      return;
    case Goal::restart:
      begin();
      return;
    case Goal::failed:
      if (goal_failure_->log_tail.empty()) goal_failure_->log_tail = std::move(log_tail);
      fail(*std::exchange(goal_failure_, {}));
      return;
  }
}

void ServerMachine::fail(Failure failure) {
  disarm();
  step_ = Step::failed;
  failure_ = std::move(failure);
}

Failure ServerMachine::start_timed_out() const {
  std::string_view doing;
  switch (step_) {
    case Step::preparing:
      doing = "it was still looking for Python, Spark and Java";
      break;
    case Step::adopting:
      doing = "it runs, but does not answer any more";
      break;
    case Step::creating_driver:
      doing = "it was still creating the driver";
      break;
    default:
      doing = "Spark has not logged a single line";
      break;
  }
  return {.reason = FailureReason::start_timeout,
          .message = fmt::format("The server was not ready within {}: {}.", seconds(start_patience_), doing),
          .advice = "Look for the last thing it did in its log; then start it again."};
}

// ── The small print ───────────────────────────────────────────────────────────────────────────────────────────────

void ServerMachine::act(Kind kind) { actions_.push_back({.kind = kind, .server = server_}); }

void ServerMachine::arm(Deadline deadline, TimePoint at) {
  armed_ = deadline;
  actions_.push_back({.kind = Kind::arm_deadline, .server = server_, .deadline = deadline, .at = at});
}

void ServerMachine::disarm() {
  if (std::exchange(armed_, {})) act(Kind::cancel_deadline);
}

void ServerMachine::enter_phase(StartPhase phase) {
  end_phase();
  phases_.push_back({.phase = phase, .started = now_, .ended = {}});
}

void ServerMachine::end_phase() {
  if (!phases_.empty() && !phases_.back().ended) phases_.back().ended = now_;
}

}  // namespace firesteel
