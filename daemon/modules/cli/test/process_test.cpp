// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>

#include "firesteel/core/time.hpp"

namespace firesteel::cli {
namespace {

using namespace std::chrono_literals;
const std::map<std::string, std::string> environment{{"PATH", "/usr/bin:/bin"}, {"WORD", "a b;$(c)"}};

TEST(RunAndRead, GivesOutputErrorsAndCode) {
  const Finished finished =
      run_and_read({"/bin/sh", "-c", "printf %s \"$WORD\"; pwd; echo bad >&2; cat; exit 3"}, environment, 10s, 1000);
  EXPECT_EQ(finished.how, Finished::How::exited);
  EXPECT_EQ(finished.code, 3);
  EXPECT_EQ(finished.output, "a b;$(c)/\n");
  EXPECT_EQ(finished.errors, "bad\n");
  EXPECT_EQ(finished.words(), "exit code 3");
}

TEST(RunAndRead, KeepsNoMoreThanItsLimit) {
  const Finished finished = run_and_read({"/usr/bin/head", "-c", "300000", "/dev/zero"}, environment, 10s, 1000);
  EXPECT_TRUE(finished.ok());
  EXPECT_EQ(finished.output.size(), 1000U);
}

TEST(RunAndRead, KillsTheWholeGroupAtTheDeadline) {
  const TimePoint begun = Steady::now();
  const Finished finished = run_and_read({"/bin/sh", "-c", "echo $$; sleep 600 & sleep 600"}, environment, 300ms, 1000);
  EXPECT_EQ(finished.how, Finished::How::timed_out);
  EXPECT_LT(Steady::now() - begun, 5s);
  const pid_t group = static_cast<pid_t>(std::stol(finished.output));
  const TimePoint patience = Steady::now() + 5s;  // init reaps the orphan
  while (kill(-group, 0) == 0 && Steady::now() < patience) sched_yield();
  EXPECT_EQ(errno, ESRCH);
}

TEST(RunAndRead, DoesNotOutwaitAProcessThatClosesItsOutput) {
  const Finished finished = run_and_read({"/bin/sh", "-c", "exec >&- 2>&-; sleep 600"}, environment, 300ms, 1000);
  EXPECT_EQ(finished.how, Finished::How::timed_out);
}

TEST(RunAndRead, SaysWhyNothingStarted) {
  const Finished finished = run_and_read({"/no/such/program"}, environment, 1s, 10);
  EXPECT_EQ(finished.how, Finished::How::not_started);
  EXPECT_EQ(finished.words(), "No such file or directory");
}

TEST(RunAndRead, TellsASignalFromAnExit) {
  const Finished finished = run_and_read({"/bin/sh", "-c", "kill -9 $$"}, environment, 10s, 10);
  EXPECT_EQ(finished.how, Finished::How::signalled);
  EXPECT_EQ(finished.code, SIGKILL);
}

}  // namespace
}  // namespace firesteel::cli
