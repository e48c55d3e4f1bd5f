// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "firesteel/core/exit_status.hpp"
#include "firesteel/core/failure.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The waits that a server machine bounds; one is armed at a time.
enum class Deadline { start, stop, kill, clean_up };

struct ServerDeadlines {
  std::chrono::milliseconds start = std::chrono::seconds(180);   ///< from the request until Spark Connect answers
  std::chrono::milliseconds stop = std::chrono::seconds(10);     ///< from SIGTERM to SIGKILL
  std::chrono::milliseconds kill = std::chrono::seconds(5);      ///< from SIGKILL to giving up
  std::chrono::milliseconds clean_up = std::chrono::seconds(5);  ///< for what the server left behind
};

/// What a user, or the daemon for them, asks for.
struct StartRequested {};
struct StopRequested {};
struct RestartRequested {};
/// A server of an earlier daemon was found alive.
struct AdoptRequested {
  ServerId server;
  int pid = 0;
};

/// What the shell saw. `server` says of which run: what comes late from an earlier one is ignored.

/// The cluster's script begins, which may take so long: its time comes on top of the start deadline.
struct ScriptBegun {
  ServerId server;
  std::chrono::milliseconds patience{};
};
struct Prepared {
  ServerId server;
};
struct PrepareFailed {
  ServerId server;
  Failure failure;
};
struct Spawned {
  ServerId server;
  int pid = 0;
};
struct SpawnFailed {
  ServerId server;
  Failure failure;
};
/// Spark itself has logged its first line (logs: is_first_word).
struct FirstOutput {
  ServerId server;
};
/// Spark Connect answered a call made with our secret.
struct ProbeAnswered {
  ServerId server;
  std::string spark_version;
  std::string application_id;
};
/// Spark Connect answered, but with an error that won't go away, e.g. for an option that no session can take.
struct ProbeFailed {
  ServerId server;
  Failure failure;
};
/// The process has ended; `failure` is what the log tells of it (logs: explain). While starting, one
/// that passes makes a new attempt, on other ports.
struct Exited {
  ServerId server;
  ExitStatus status;
  Failure failure;
};
/// Everything that CleanUp asked for is done.
struct CleanedUp {
  ServerId server;
};
struct DeadlinePassed {
  ServerId server;
  Deadline which = Deadline::start;
};

using ServerEvent =
    std::variant<StartRequested, StopRequested, RestartRequested, AdoptRequested, ScriptBegun, Prepared, PrepareFailed,
                 Spawned, SpawnFailed, FirstOutput, ProbeAnswered, ProbeFailed, Exited, CleanedUp, DeadlinePassed>;

/// What the shell has to do, in the order given, for the run `server`.
struct ServerAction {
  enum class Kind {
    prepare,        ///< find Python, Spark and Java, choose ports; → Prepared or PrepareFailed
    spawn,          ///< start what was prepared; → Spawned or SpawnFailed
    start_probing,  ///< ask Spark Connect again and again; → ProbeAnswered or ProbeFailed
    stop_probing,   ///< no answer is waited for any more
    terminate,      ///< SIGTERM to the server
    kill,           ///< SIGKILL to its process group and to all that bears its mark
    clean_up,       ///< end a preparation still under way, SIGKILL what bears its mark, remove its files; → CleanedUp
    arm_deadline,   ///< → DeadlinePassed at `at`; replaces the one armed before, of whichever kind
    cancel_deadline,  ///< nothing is waited for any more
  };

  Kind kind = Kind::prepare;
  ServerId server;
  Deadline deadline = Deadline::start;  ///< of arm_deadline
  TimePoint at{};                       ///< of arm_deadline

  friend bool operator==(const ServerAction&, const ServerAction&) = default;
};

std::string_view to_string(ServerAction::Kind kind);
std::string_view to_string(Deadline deadline);

/// One connection's server, over all its runs, without any I/O: the shell tells it what happened and does what it says.
///
/// After each next() the shell publishes state(), phases() and the rest; they change together. Every spawn has a
/// ServerId of its own, and none comes back. The end of the daemon is no event: servers go on, the next daemon sends
/// AdoptRequested.
///
///   step               state     waits for                  and then
///   stopped            stopped   a start, restart or adopt  preparing or adopting
///   failed             failed    the same                   the same
///   preparing          starting  Prepared                   spawning. Stop: cleaning
///   spawning           starting  Spawned                    starting_jvm. Stop, restart, deadline: spawning_unwanted
///   starting_jvm       starting  FirstOutput                creating_driver
///                                ProbeAnswered              ready
///   creating_driver    starting  ProbeAnswered              ready
///   adopting           starting  ProbeAnswered              ready
///   ready              ready                                stays
///   spawning_unwanted  stopping  Spawned                    terminating
///   terminating        stopping  Exited                     as the goal says. Deadline: killing
///   killing            stopping  Exited                     as the goal says. Deadline: failed (lost)
///   cleaning           stopping  CleanedUp                  stopped. Deadline: failed (lost)
///
/// From starting_jvm to ready a stop, a restart, the start deadline or ProbeFailed leads to terminating, and an exit to
/// failed; but one whose failure passes (a port was taken) leads to preparing anew, up to max_attempts in all.
/// The goal is stopped (→ cleaning → stopped), restart (→ preparing) or failed; of stop and restart the later one wins.
/// A start is heard only in stopped and failed; a stop of what is stopped or failed changes nothing, and nor does any
/// event that a step doesn't name.
class ServerMachine {
 public:
  enum class Step {
    stopped,
    failed,
    preparing,
    spawning,
    starting_jvm,
    creating_driver,
    adopting,
    ready,
    spawning_unwanted,
    terminating,
    killing,
    cleaning,
  };

  static constexpr int max_attempts = 3;

  /// `new_server_id` is asked for an id per run.
  explicit ServerMachine(std::function<ServerId()> new_server_id, ServerDeadlines deadlines = {});

  std::vector<ServerAction> next(const ServerEvent& event, TimePoint now);

  Step step() const { return step_; }
  ConnectionState state() const;
  /// Of the latest run; empty before the first.
  const ServerId& server() const { return server_; }
  /// Of the latest start; the attempts on other ports count as one start.
  const std::vector<PhaseTiming>& phases() const { return phases_; }
  /// While a process of ours runs.
  const std::optional<int>& pid() const { return pid_; }
  /// Set when failed.
  const std::optional<Failure>& failure() const { return failure_; }
  /// Known once ready; of the latest run.
  const std::string& spark_version() const { return spark_version_; }
  const std::string& application_id() const { return application_id_; }

 private:
  using Kind = ServerAction::Kind;
  enum class Goal { stopped, failed, restart };  // what to do once the process has ended

  void on(const StartRequested&);
  void on(const StopRequested&);
  void on(const RestartRequested&);
  void on(const AdoptRequested& event);
  void on(const ScriptBegun& event);
  void on(const Prepared& event);
  void on(const PrepareFailed& event);
  void on(const Spawned& event);
  void on(const SpawnFailed& event);
  void on(const FirstOutput& event);
  void on(const ProbeAnswered& event);
  void on(const ProbeFailed& event);
  void on(const Exited& event);
  void on(const CleanedUp& event);
  void on(const DeadlinePassed& event);

  bool is_probing() const;
  void begin();
  void attempt();
  void end(Goal goal, std::optional<Failure> failure = {});
  void terminate();
  void reach_goal(std::vector<std::string> log_tail);
  void fail(Failure failure);
  Failure start_timed_out() const;

  void act(Kind kind);
  void arm(Deadline deadline, TimePoint at);
  void disarm();
  void enter_phase(StartPhase phase);
  void end_phase();

  const std::function<ServerId()> new_server_id_;
  const ServerDeadlines deadlines_;

  Step step_ = Step::stopped;
  Goal goal_ = Goal::stopped;
  std::optional<Failure> goal_failure_;  // when the goal is failed
  ServerId server_;
  int attempt_ = 0;
  TimePoint started_{};  // the latest start, whichever attempt
  std::chrono::milliseconds start_patience_{};
  std::optional<Deadline> armed_;
  std::vector<PhaseTiming> phases_;
  std::optional<int> pid_;
  std::optional<Failure> failure_;
  std::string spark_version_;
  std::string application_id_;

  TimePoint now_{};                    // of the event being handled
  std::vector<ServerAction> actions_;  // that it gives
};

std::string_view to_string(ServerMachine::Step step);

}  // namespace firesteel
