// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::io {

/// When a process started, in clock ticks since boot (/proc/PID/stat, field 22; proc(5)). Together with the boot id it
/// tells a process from a later one with the same pid. Empty when there is no such process.
std::optional<std::uint64_t> start_ticks(int pid);

/// The kernel's random id of this boot; empty when it can't be read.
std::string boot_id();

/// Whether the process's environment holds exactly `NAME=value`.
bool carries(int pid, std::string_view assignment);

/// Processes of this user whose environment holds exactly `NAME=value`, zombies left out.
std::vector<int> processes_with(std::string_view assignment);

/// Whether one of the processes listens on 127.0.0.1:`port` (or on every address). Asked before a secret is sent
/// there: a port that somebody else has taken meanwhile must not get it.
bool listens_on(int pid, std::uint16_t port);

/// Resident memory of this process in bytes; 0 when it can't be read.
std::uint64_t resident_bytes();

}  // namespace firesteel::io
