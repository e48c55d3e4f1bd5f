// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/child.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "firesteel/io/proc.hpp"

namespace firesteel::io {
namespace {

namespace asio = boost::asio;
using testing::Contains;
using testing::HasSubstr;
using namespace std::chrono_literals;

template <class T>
T run_to_end(asio::awaitable<T> coroutine) {
  asio::io_context loop;
  auto future = asio::co_spawn(loop, std::move(coroutine), asio::use_future);
  loop.run();
  return future.get();
}

Result<ProcessOutput> run_now(std::vector<std::string> argv, Steady::duration limit = 20s, std::size_t bytes = 4096) {
  return run_to_end(run({.argv = std::move(argv), .env = {"PATH=/usr/bin:/bin", "MARK=x"}, .cwd = "/"},
                        Steady::now() + limit, bytes));
}

asio::awaitable<ExitStatus> wait_for(const Process& process) { co_return co_await wait_for_exit(process); }

}  // namespace

TEST(Run, GivesOutputAndExitCode) {
  const auto output = run_now({"sh", "-c", "pwd; echo $MARK >&2; exit 3"});
  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(output->output, "/\nx\n");
  EXPECT_EQ(output->status, ExitStatus::code(3));
}

TEST(Run, ArgumentsAreDataWhateverTheyHold) {
  const auto output = run_now({"printf", "%s", "$(id); `id` \"quoted\"\n\xF0\x9F\x94\xA5"});
  EXPECT_EQ(output->output, "$(id); `id` \"quoted\"\n\xF0\x9F\x94\xA5");
}

TEST(Run, KillsAtTheDeadlineAndCutsAtTheLimit) {
  const auto late = run_now({"sleep", "600"}, 50ms);
  ASSERT_TRUE(late.has_error());
  EXPECT_EQ(late.error().code, Errc::timed_out);
  EXPECT_EQ(run_now({"head", "-c", "100000", "/dev/zero"}, 20s, 10)->output.size(), 10U);
}

TEST(Run, AMissingProgramIsAnErrorInWords) {
  const auto output = run_now({"/nonexistent/java"});
  ASSERT_TRUE(output.has_error());
  EXPECT_THAT(output.error().message, HasSubstr("/nonexistent/java: No such file"));
}

TEST(Spawn, StartsASessionOfItsOwnWithoutOurDescriptors) {
  const auto output = run_now({"sh", "-c", "ls /proc/self/fd; cut -d ' ' -f 1,6 /proc/self/stat"});
  std::istringstream words(output->output);
  std::string word;
  for (const char* expected : {"0", "1", "2", "3"}) {  // 3 is ls's own look at the directory
    words >> word;
    EXPECT_EQ(word, expected);
  }
  int pid = 0;
  int session = 0;
  words >> pid >> session;
  EXPECT_NE(session, ::getsid(0));
}

TEST(OpenProcess, KnowsAProcessFromALaterOneWithItsPid) {
  const auto child = spawn({.argv = {"sleep", "600"}, .env = {"PATH=/usr/bin:/bin", "MARK=adopt"}, .output = 2});
  ASSERT_TRUE(child.has_value());
  const auto ticks = start_ticks(child->pid);
  ASSERT_TRUE(ticks.has_value());
  EXPECT_TRUE(open_process(child->pid, *ticks).has_value());
  EXPECT_EQ(open_process(child->pid, *ticks + 1).error().code, Errc::not_found);

  // A program that is just being executed has no environment for a moment.
  const auto patience = Steady::now() + 10s;
  while (processes_with("MARK=adopt").empty() && Steady::now() < patience) std::this_thread::yield();
  EXPECT_THAT(processes_with("MARK=adopt"), Contains(child->pid));
  EXPECT_EQ(signal_marked("MARK=adop", SIGKILL), 0U);
  EXPECT_EQ(signal_marked("MARK=adopt", SIGKILL), 1U);
  EXPECT_EQ(run_to_end(wait_for(*child)), ExitStatus::signal(SIGKILL));
  EXPECT_EQ(open_process(child->pid, *ticks).error().code, Errc::not_found);
}

}  // namespace firesteel::io
