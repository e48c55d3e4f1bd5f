// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/exit_status.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

namespace firesteel {

TEST(ExitStatus, ReadsWhatWaitidSays) {
  EXPECT_EQ(ExitStatus::from_siginfo(CLD_EXITED, 143), ExitStatus::code(143));
  EXPECT_EQ(ExitStatus::from_siginfo(CLD_KILLED, SIGKILL), ExitStatus::signal(SIGKILL));
  EXPECT_EQ(ExitStatus::from_siginfo(CLD_DUMPED, SIGSEGV), ExitStatus::signal(SIGSEGV));
  EXPECT_EQ(ExitStatus::from_siginfo(CLD_STOPPED, SIGSTOP), ExitStatus::unknown());
}

TEST(ExitStatus, IsSaidInWords) {
  EXPECT_EQ(to_string(ExitStatus::code(1)), "exit code 1");
  EXPECT_EQ(to_string(ExitStatus::signal(SIGKILL)), "SIGKILL");
  EXPECT_EQ(to_string(ExitStatus::signal(250)), "signal 250");
  EXPECT_EQ(to_string(ExitStatus::unknown()), "an unknown status");
}

}  // namespace firesteel
