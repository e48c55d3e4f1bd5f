// SPDX-License-Identifier: Apache-2.0
#include "pre_script.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "firesteel/io/proc.hpp"

namespace firesteel {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class PreScriptTest : public testing::Test {
 protected:
  PreScriptTest() {
    std::string pattern = (fs::temp_directory_path() / "script-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~PreScriptTest() override { fs::remove_all(directory_); }

  PreScript script(std::string text) {
    return {.script = std::move(text),
            .cluster = "Forest",
            .server = server_,
            .base = {{"PATH", "/usr/bin:/bin"}, {"KEPT", "a b"}, {"JUPYTER_TOKEN", "t0ken"}, {"FIRESTEEL_X", "1"}},
            .directory = directory_.string(),
            .log = directory_ / "log",
            .patience = 20s};
  }
  Outcome<Variables> run(PreScript script) {
    asio::io_context loop;
    auto future = asio::co_spawn(loop, run_pre_script(std::move(script)), asio::use_future);
    loop.run();
    return future.get();
  }
  Outcome<Variables> run(std::string text) { return run(script(std::move(text))); }
  std::string log() const {
    std::ostringstream out;
    out << std::ifstream(directory_ / "log").rdbuf();
    return out.str();
  }
  /// What still runs of it. The kill has been sent by now; the kernel carries it out in its own time.
  std::vector<int> left() const {
    const std::string mark = std::string(server_id_variable) + "=" + server_.str();
    const auto end = std::chrono::steady_clock::now() + 5s;
    auto found = io::processes_with(mark);
    for (; !found.empty() && std::chrono::steady_clock::now() < end; found = io::processes_with(mark))
      std::this_thread::sleep_for(1ms);
    return found;
  }

  fs::path directory_;
  ServerId server_{random_uuid()};
};

TEST_F(PreScriptTest, WhatItExportsIsGivenAndWhatItSaysIsInTheLog) {
  const auto out =
      run("echo hello; echo there >&2; printf unfinished\nexport ZONE=$'two\\nlines' TOKEN_X=\"$KEPT!\"\n"
          "unexported=1; unset KEPT; export JUPYTER_TOKEN=x FIRESTEEL_SERVER_ID=y PYSPARK_DRIVER_PYTHON=z\n"
          "f() { :; }; export -f f; cd /tmp; set -eu; [ -e \"$0\" ]; [ $# = 0 ]");
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_EQ(*out, (Variables{{"PATH", "/usr/bin:/bin"}, {"ZONE", "two\nlines"}, {"TOKEN_X", "a b!"}}));
  EXPECT_EQ(log(), "[pre_script] hello\n[pre_script] there\n[pre_script] unfinished\n");
  EXPECT_FALSE(fs::exists(directory_ / "pre_script.sh"));
}

TEST_F(PreScriptTest, TheFileIsTheOwnersAloneAndNoSecretsAreSeen) {
  const auto out = run("stat -c %a \"$0\"; echo ${JUPYTER_TOKEN-none} ${FIRESTEEL_X-none}; ls /proc/self/fd");
  ASSERT_TRUE(out.has_value());
  EXPECT_THAT(log(), HasSubstr("[pre_script] 600\n[pre_script] none none\n"));
  EXPECT_THAT(log(), Not(HasSubstr("[pre_script] 10\n")));
}

TEST_F(PreScriptTest, AFailureGivesTheCodeAndTheLastWords) {
  const auto out = run("for i in {1..50}; do echo line $i; done; (exit 7)");
  ASSERT_FALSE(out.has_value());
  EXPECT_EQ(out.error().reason, FailureReason::pre_script);
  EXPECT_EQ(out.error().exit_code, 7);
  EXPECT_THAT(out.error().message, HasSubstr("'Forest' failed: exit code 7"));
  EXPECT_EQ(out.error().log_tail.size(), max_log_tail);
  EXPECT_EQ(out.error().log_tail.back(), "line 50");
}

TEST_F(PreScriptTest, AnExitOfItsOwnIsExplained) {
  EXPECT_THAT(run("exit 0").error().advice, HasSubstr("exit"));
  EXPECT_EQ(run("set -e; false; true").error().exit_code, 1);
  EXPECT_EQ(run("if then").error().reason, FailureReason::pre_script);
  EXPECT_EQ(run("kill -SEGV $$").error().signal, "SIGSEGV");
}

TEST_F(PreScriptTest, AtTheDeadlineItsGroupIsKilled) {
  PreScript slow = script("echo begun; sleep 1000 & sleep 1000");
  slow.patience = 300ms;
  const auto out = run(std::move(slow));
  EXPECT_THAT(out.error().message, HasSubstr("did not end within 0.3 s"));
  EXPECT_EQ(out.error().log_tail, std::vector<std::string>{"begun"});
  EXPECT_THAT(left(), testing::IsEmpty());
}

TEST_F(PreScriptTest, WhatGoesOnInTheBackgroundDoesNotHoldItUp) {
  // `wait` must not wait for what watches beside it either.
  const auto out = run("sleep 1000 & export HELPER=$!; (true) & wait $!; jobs -p | wc -l");
  ASSERT_TRUE(out.has_value()) << out.error().message;
  const int helper = std::stoi(out->at("HELPER"));
  EXPECT_EQ(::kill(helper, 0), 0);
  ::kill(helper, SIGKILL);
}

TEST_F(PreScriptTest, WaitWaitsOnlyForItsOwn) {
  PreScript waits = script("true & wait; echo done");
  waits.patience = 5s;
  EXPECT_TRUE(run(std::move(waits)).has_value());
}

TEST_F(PreScriptTest, WhatItSaysIsBounded) {
  const auto out = run("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
  ASSERT_TRUE(out.has_value()) << out.error().message;
  EXPECT_LT(log().size(), max_pre_script_bytes + 10'000);
  EXPECT_THAT(log(), EndsWith("the rest is not kept.\n"));
}

TEST_F(PreScriptTest, TooLargeAnEnvironmentIsRefused) {
  EXPECT_THAT(run("for i in {1..20}; do export BIG$i=$(head -c 100000 /dev/zero | tr '\\0' x); done").error().message,
              HasSubstr("exports more than"));
}

TEST_F(PreScriptTest, ACancelledOneLeavesNothing) {
  asio::io_context loop;
  asio::cancellation_signal cancel;
  bool ended = false;
  asio::co_spawn(loop, run_pre_script(script("sleep 1000 & echo begun; sleep 1000")),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](const std::exception_ptr& error, const auto&) { ended = error != nullptr; }));
  while (log().empty()) loop.run_one_for(10ms);
  cancel.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_TRUE(ended);
  EXPECT_THAT(left(), testing::IsEmpty());
  EXPECT_FALSE(fs::exists(directory_ / "pre_script.sh"));
}

}  // namespace
}  // namespace firesteel
