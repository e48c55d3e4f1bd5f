// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "firesteel/cli/host.hpp"

namespace firesteel {

/// Runs a gateway in front of one server that isn't ours, until SIGTERM or SIGINT. Returns the process's exit code.
int run_gateway_program(const cli::GatewayOptions& options);

}  // namespace firesteel
