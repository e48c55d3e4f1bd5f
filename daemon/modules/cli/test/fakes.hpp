// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "context.hpp"
#include "run.hpp"

namespace firesteel::cli::test {

class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return time; }
  WallTime wall() const override { return wall_time; }
  TimePoint time{};
  WallTime wall_time{};
};

class FakeHost final : public Host {
 public:
  Result<Paths> paths() override { return Paths{"/run/fs", "/state/fs", "/run/fs/api.sock", "/run/fs/kernel.sock"}; }
  int run_daemon(const DaemonOptions& options) override { return daemon_options = options, 42; }
  int attach(const DaemonOptions& options) override { return daemon_options = options, 43; }
  Result<void> ensure_daemon(const DaemonOptions& options, TimePoint) override {
    daemon_options = options;
    ++ensured;
    if (refusal) return *refusal;
    return {};
  }
  int run_gateway(const GatewayOptions& options) override { return gateway_options = options, 44; }
  int ensured = 0;
  std::optional<GatewayOptions> gateway_options{};
  std::optional<DaemonOptions> daemon_options{};
  std::optional<Error> refusal{};
};

class FakeConsole final : public Console {
 public:
  bool out(std::string_view text) override {
    if (reader_left) return false;
    out_text += text;
    return true;
  }
  void err(std::string_view text) override { err_text += text; }
  bool out_is_terminal() const override { return terminal; }
  bool err_is_terminal() const override { return terminal; }
  bool out_has_colours() const override { return false; }
  bool err_has_colours() const override { return false; }
  std::size_t err_width() const override { return 60; }

  std::string out_text{};
  std::string err_text{};
  bool terminal = false;
  bool reader_left = false;
};

/// Answers in the order given; time goes on by `step` with each call. Answering more often than told is a failure.
class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(FakeClock& clock) : clock_(clock) {}

  Answer<ApiReply> exchange(const ApiRequest& request) override {
    static constexpr std::string_view verbs[] = {"GET", "POST", "DELETE"};
    calls.push_back(fmt::format("{} {}", verbs[static_cast<int>(request.method)], request.target));
    bodies.push_back(request.body.value_or(""));
    pythons.push_back(request.python);
    clock_.time += step;
    if (answers.empty()) {
      ADD_FAILURE() << "nobody told what to answer to " << calls.back();
      return Problem{.code = "internal", .message = "no answer left"};
    }
    Answer<ApiReply> answer = answers.front();
    answers.pop_front();
    return answer;
  }

  void ok(std::string body) { answers.push_back(ApiReply{200, std::move(body)}); }
  void error(unsigned status, std::string code, std::string message) {
    answers.push_back(ApiReply{
        status, fmt::format(R"({{"error":{{"code":"{}","message":"{}","connections":["a","b"]}}}})", code, message)});
  }
  void absent() { answers.push_back(Problem{.code = "no_daemon", .message = "No Firesteel daemon runs."}); }

  std::deque<Answer<ApiReply>> answers{};
  std::vector<std::string> calls{};
  std::vector<std::string> bodies{};
  std::vector<std::string> pythons{};
  std::chrono::milliseconds step{1};

 private:
  FakeClock& clock_;
};

/// A whole command line against a daemon that answers as told.
class Commands : public ::testing::Test {
 protected:
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "firesteel");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    const Parsed parsed = parse_command_line(static_cast<int>(argv.size()), argv.data());
    if (!parsed.command) return explain(parsed, console);
    Client client(daemon, "/venv/bin/python3");
    const Context context{.host = host,
                          .client = client,
                          .console = console,
                          .clock = clock,
                          .pause = [this](std::chrono::milliseconds time) { paused(time); },
                          .env =
                              [this](const char* name) {
                                const auto at = environment.find(name);
                                return at == environment.end() ? std::string() : at->second;
                              },
                          .python = "/venv/bin/python3",
                          .json = parsed.json};
    return dispatch(context, *parsed.command);
  }
  virtual void paused(std::chrono::milliseconds time) {
    ++pauses;
    clock.time += time;
  }

  /// The one document on stdout.
  boost::json::object document() {
    EXPECT_EQ(console.out_text.find('\n'), console.out_text.size() - 1) << console.out_text;
    const boost::json::value value = boost::json::parse(console.out_text);
    return value.is_object() ? value.get_object() : boost::json::object();
  }

  FakeClock clock{};
  FakeHost host{};
  FakeConsole console{};
  FakeTransport daemon{clock};
  std::map<std::string, std::string> environment{};
  int pauses = 0;
};

/// A connection as the daemon describes it; `more` are further members, beginning with a comma.
inline std::string connection(std::string_view name, std::string_view state, std::string_view more = "") {
  return fmt::format(
      R"({{"id":"c","name":"{}","cluster":"local","cluster_display_name":"Local","state":"{}","state_age_ms":245000,)"
      R"("is_default":true,"options":{{}},"created_at":"2024-02-29T12:00:00.000Z","phases":[]{}}})",
      name, state, more);
}

inline std::string connections_of(std::string_view list) { return fmt::format(R"({{"connections":[{}]}})", list); }
inline constexpr const char* clusters =
    R"({"clusters":[{"name":"local","display_name":"Local","engine":"local","description":"here"}]})";

}  // namespace firesteel::cli::test
