// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/exit_status.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace firesteel {

ExitStatus ExitStatus::from_siginfo(int how, int value) {
  switch (how) {
    case CLD_EXITED:
      return code(value);
    case CLD_KILLED:
    case CLD_DUMPED:
      return signal(value);
    default:
      return unknown();
  }
}

std::string to_string(const ExitStatus& status) {
  switch (status.kind) {
    case ExitStatus::Kind::code:
      return fmt::format("exit code {}", status.value);
    case ExitStatus::Kind::signal:
      return signal_name(status.value);
    case ExitStatus::Kind::unknown:
      break;
  }
  return "an unknown status";
}

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace firesteel
