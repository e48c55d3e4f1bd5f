// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::cli {

/// Where an instance keeps its things (`firesteel paths`).
struct Paths {
  std::filesystem::path runtime_dir;
  std::filesystem::path state_dir;
  std::filesystem::path api_socket;
  std::filesystem::path kernel_socket;
};

struct DaemonOptions {
  /// How long the daemon stays without connection, client or viewer; zero: for ever. Absent: the daemon's own default.
  std::optional<std::chrono::seconds> idle_timeout{};
};

/// What the command line needs of the program around it; implemented by `app`, faked by the tests.
class Host {
 public:
  virtual ~Host() = default;

  /// Where this instance's things are or would be. Creates nothing.
  virtual Result<Paths> paths() = 0;

  /// Runs the daemon in the foreground until it ends; returns its exit code.
  virtual int run_daemon(const DaemonOptions& options) = 0;

  /// Returns when a daemon answers, having started one in the background if none did; an error past `deadline`.
  virtual Result<void> ensure_daemon(const DaemonOptions& options, TimePoint deadline) = 0;

  /// Keeps a daemon running (`firesteel daemon --attach`) until the parent process ends; returns the exit code.
  virtual int attach(const DaemonOptions& options) = 0;
};

}  // namespace firesteel::cli
