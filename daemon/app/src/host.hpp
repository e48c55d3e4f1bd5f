// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "firesteel/cli/host.hpp"
#include "firesteel/io/directories.hpp"

namespace firesteel {

/// What the command line needs of this machine: where things are, and daemons.
class ProgramHost final : public cli::Host {
 public:
  ProgramHost();

  Result<cli::Paths> paths() override;
  int run_daemon(const cli::DaemonOptions& options) override;
  Result<void> ensure_daemon(const cli::DaemonOptions& options, TimePoint deadline) override;
  int attach(const cli::DaemonOptions& options) override;
  int run_gateway(const cli::GatewayOptions& options) override;

 private:
  Result<void> start_daemon(const cli::DaemonOptions& options, TimePoint deadline);

  const io::Directories directories_;
};

}  // namespace firesteel
