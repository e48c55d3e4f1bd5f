// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "client.hpp"
#include "console.hpp"
#include "firesteel/cli/cli.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/io/directories.hpp"

namespace firesteel::cli {

/// What a command works with.
struct Context {
  Host& host;
  Client& client;
  Console& console;
  const Clock& clock;
  std::function<void(std::chrono::milliseconds)> pause;  ///< waits so long
  io::GetEnv env;                                        ///< looks a variable of the environment up
  std::string python;  ///< the caller's Python when no --python is given; may be empty
  bool json = false;

  /// Prints one document, or the problem in both shapes; returns the exit code.
  int done(const boost::json::object& document) const;
  int failed(const Problem& problem) const;
};

}  // namespace firesteel::cli
