// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "firesteel/io/directories.hpp"

namespace firesteel {

/// How long a daemon stays that nobody needs, unless told otherwise.
inline constexpr std::chrono::seconds usual_idle_timeout = std::chrono::minutes(10);

/// What a daemon says on stderr that finds another one serving its instance.
inline constexpr std::string_view already_serves = "A daemon already serves";

/// Runs the daemon of an instance until it is asked to end (SIGTERM, SIGINT, the API) or has been idle for so long;
/// zero: for ever. Returns the process's exit code: 0 also when another daemon already serves this instance.
int run_daemon(const io::Directories& directories, std::optional<std::chrono::seconds> idle_timeout);

}  // namespace firesteel
