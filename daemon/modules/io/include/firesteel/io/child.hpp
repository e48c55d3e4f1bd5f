// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/exit_status.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/io/unique_fd.hpp"

namespace firesteel::io {

/// A process to start: an argument vector, never a command line.
struct SpawnRequest {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH unless it holds a slash
  std::vector<std::string> env;   ///< "NAME=value", the whole environment
  std::filesystem::path cwd{};    ///< empty: ours
  int output = -1;                ///< descriptor for stdout and stderr; stdin reads nothing
  int extra = -1;                 ///< another one, as descriptor 3; -1: none
};

/// A process that is watched through a descriptor, so that its pid can't come to mean another one.
struct Process {
  int pid = -1;
  UniqueFd pidfd;
  bool is_child = false;  ///< only then its exit status can be known
};

/// Starts it in a session and process group of its own, without any of our descriptors or blocked signals.
Result<Process> spawn(const SpawnRequest& request);

/// Takes hold of a process that runs already, if it still is the one that started at `start_ticks` (see proc.hpp);
/// Errc::not_found otherwise.
Result<Process> open_process(int pid, std::uint64_t start_ticks);

/// Waits for its end and reaps it when it is our child. Throws system_error(operation_aborted) when cancelled.
boost::asio::awaitable<ExitStatus> wait_for_exit(const Process& process);

/// Whether it has ended by now (a child of ours may still wait to be reaped).
bool has_ended(const Process& process);

/// Signals the process itself. Nothing happens when it has ended.
void signal_process(const Process& process, int signal);

/// SIGKILL to the process and all of its process group, if it still runs.
void kill_group(const Process& process);

/// Signals each process of this user that carries `NAME=value` in its environment; returns how many there were.
std::size_t signal_marked(std::string_view assignment, int signal);

struct ProcessOutput {
  ExitStatus status;
  std::string output;  ///< stdout and stderr together, cut at the limit
};

/// Runs a short program to its end and reads what it says. It is killed at the deadline (Errc::timed_out).
boost::asio::awaitable<Result<ProcessOutput>> run(SpawnRequest request, TimePoint deadline, std::size_t limit);

}  // namespace firesteel::io
