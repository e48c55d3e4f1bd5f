// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace firesteel {

/// How a process ended.
struct ExitStatus {
  enum class Kind { code, signal, unknown };

  Kind kind = Kind::unknown;
  int value = 0;  ///< the exit code or the signal's number; 0 when unknown

  static ExitStatus code(int value) { return {Kind::code, value}; }
  static ExitStatus signal(int number) { return {Kind::signal, number}; }
  /// Of a process that wasn't our child, so that only its absence was seen.
  static ExitStatus unknown() { return {}; }
  /// From waitid(2): `si_code` (how) and `si_status` (value) of its siginfo_t.
  static ExitStatus from_siginfo(int how, int value);

  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// "exit code 1", "SIGKILL" or "an unknown status".
std::string to_string(const ExitStatus& status);

/// "SIGKILL" for 9; "signal 99" for one without a name.
std::string signal_name(int number);

}  // namespace firesteel
