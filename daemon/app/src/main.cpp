// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <exception>

#include "firesteel/cli/cli.hpp"
#include "host.hpp"

int main(int argc, char** argv) {
  // A reader that goes away is an error to handle, not a reason to die.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    firesteel::ProgramHost host;
    return firesteel::cli::run(argc, argv, host);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "firesteel: %s\n", error.what());
    return firesteel::cli::exit_failed;
  }
}
