// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace firesteel::cli {

/// How a process that was run to its end came out.
struct Finished {
  enum class How { exited, signalled, not_started, timed_out };
  How how = How::not_started;
  int code = 0;          ///< exit code, signal number or errno
  std::string output{};  ///< of stdout, at most `limit` bytes
  std::string errors{};  ///< of stderr, its first bytes

  bool ok() const { return how == How::exited && code == 0; }
  /// "exit code 1", "signal 9", "No such file or directory", "no answer in time".
  std::string words() const;
};

/// Runs argv[0] (an absolute path) with this environment in "/", stdin empty, and reads what it prints. Past `timeout`
/// its whole process group is killed. No shell.
Finished run_and_read(const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment,
                      std::chrono::milliseconds timeout, std::size_t limit);

}  // namespace firesteel::cli
