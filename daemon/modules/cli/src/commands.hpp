// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"
#include "context.hpp"

namespace firesteel::cli {

/// Each does one command, prints its result (or its problem) and returns the exit code.
int status(const Context& context);
int connections(const Context& context);
int start(const Context& context, const StartCommand& command);
int stop(const Context& context, const StopCommand& command);
int restart(const Context& context, const RestartCommand& command);
int remove(const Context& context, const RemoveCommand& command);
int logs(const Context& context, const LogsCommand& command);
int sessions(const Context& context, const SessionsCommand& command);
int operations(const Context& context, const OperationsCommand& command);
int interrupt(const Context& context, const InterruptCommand& command);
int release(const Context& context, const ReleaseCommand& command);
int endpoint(const Context& context, const EndpointCommand& command);
int gateway(const Context& context, const GatewayCommand& command);
int paths(const Context& context);
int daemon(const Context& context, const DaemonCommand& command);
int check_config(const Context& context, const ConfigCheckCommand& command);
int doctor(const Context& context, const DoctorCommand& command);

}  // namespace firesteel::cli
