// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"
#include "context.hpp"

namespace firesteel::cli {

/// What `run` does once the transport and the console are there; the tests begin here.
int dispatch(const Context& context, const Command& command);

/// Prints what there is instead of a command: help, the version, or what is wrong with the arguments.
int explain(const Parsed& parsed, Console& console);

}  // namespace firesteel::cli
