// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "firesteel/engine/installation.hpp"

namespace firesteel {

/// A file to write before the start. It must not exist before; it goes when the process has gone.
struct LaunchFile {
  std::string path;
  std::string content;
  mode_t mode = 0600;
};

/// What to execute: no shell reads any of it, and no secret is in argv.
struct LaunchPlan {
  std::vector<std::string> argv;         ///< argv[0] is the absolute path of `java`
  std::vector<std::string> environment;  ///< "K=V", sorted by K; this and nothing else
  std::string working_directory;
  std::vector<LaunchFile> files;
};

/// The variables of `base` that a process started for a connection may see: without Jupyter's tokens and without what
/// would turn the server into a client or change the JVM behind our back.
Variables scrubbed(const Variables& base);
/// Whether scrubbed() leaves a variable of this name out.
bool is_scrubbed(std::string_view name);

/// As "K=V", sorted by K.
std::vector<std::string> assignments(const Variables& variables);

}  // namespace firesteel
