// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "firesteel/cli/host.hpp"

namespace firesteel::cli {

/// What `firesteel` exits with.
enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_no_such_connection = 3,
  exit_no_daemon = 4,
  exit_interrupted = 130,  ///< Ctrl-C while waiting or following
};

/// The whole program: parses the command line, does what it says and returns the exit code. Text goes to stdout,
/// trouble to stderr; with --json exactly one JSON document goes to stdout (api/cli/*.json).
int run(int argc, const char* const* argv, Host& host);

}  // namespace firesteel::cli
