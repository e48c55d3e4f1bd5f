// SPDX-License-Identifier: Apache-2.0
#include "wait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "text.hpp"
#include "views.hpp"

namespace firesteel::cli {
namespace json = boost::json;
using std::chrono::milliseconds;
namespace {

constexpr milliseconds longest_poll{25'000};
constexpr milliseconds display_poll{250};
/// How long a restart may rest between the old server's end and the new one's start.
constexpr milliseconds restart_rest{5'000};
constexpr milliseconds restart_poll{100};

Problem too_late(const json::object& connection) {
  const std::string name = text_of(connection, "name");
  return {
      .code = "timed_out",
      .message = fmt::format("{} is still {} after the time that --timeout gives.", name, text_of(connection, "state")),
      .advice = fmt::format("It goes on by itself. `firesteel logs {} -f` shows what the server does.", name)};
}

}  // namespace

Progress::Progress(const Context& context) : context_(context) {}

Progress::~Progress() {
  if (line_open_) context_.console.err("\r\033[K");
}

milliseconds Progress::interval() const { return context_.json ? longest_poll : display_poll; }

void Progress::show(const json::object& connection) {
  if (context_.json) return;
  if (!context_.console.err_is_terminal()) return show_lines(connection);
  const std::size_t width = std::max<std::size_t>(context_.console.err_width(), 20) - 1;
  context_.console.err("\r\033[K" + cut(phases_line(connection), width));
  line_open_ = true;
}

void Progress::show_lines(const json::object& connection) {
  const std::string name = printable(text_of(connection, "name"));
  const auto phases = objects_of(connection, "phases");
  const std::string state = text_of(connection, "state");
  if (state == "stopping" && state_ != state) context_.console.err(fmt::format("{}: stopping…\n", name));
  if (state == "stopping") told_.clear();
  state_ = state;
  if (state != "starting" && state != "ready") return;

  // Every phase has two lines: when it begins and when it is done. Those up to the one told last are out already.
  std::vector<std::pair<std::string, std::string>> lines;
  for (const json::object* phase : phases) {
    const std::string key = text_of(*phase, "phase");
    lines.emplace_back(key, fmt::format("{}: {}…\n", name, phase_words(key, false)));
    if (flag_of(*phase, "done"))
      lines.emplace_back(key + " done", fmt::format("{}: {} after {}\n", name, phase_words(key, true),
                                                    stopwatch_words(number_of(*phase, "elapsed_ms"))));
  }
  auto next = std::find_if(lines.begin(), lines.end(), [this](const auto& line) { return line.first == told_; });
  next = next == lines.end() ? lines.begin() : next + 1;
  for (; next != lines.end(); ++next) {
    context_.console.err(next->second);
    told_ = next->first;
  }
}

Answer<json::object> wait_for(const Context& context, const std::string& name, Goal goal, TimePoint deadline) {
  Progress progress(context);
  std::optional<TimePoint> resting_since;
  for (;;) {
    const TimePoint now = context.clock.now();
    const auto left = std::chrono::ceil<milliseconds>(deadline - now);
    const milliseconds settle = std::clamp(left, milliseconds(1), progress.interval());
    Answer<json::object> answer = context.client.connection(name, settle);
    if (!answer) return answer;
    progress.show(*answer);
    const std::string state = text_of(*answer, "state");
    const bool resting = goal == Goal::ready && state == "stopped";
    if (!resting && state != "starting" && state != "stopping") return answer;
    if (context.clock.now() >= deadline) return too_late(*answer);
    if (!resting) {
      resting_since.reset();
      continue;
    }
    if (!resting_since) resting_since = now;
    if (context.clock.now() - *resting_since >= restart_rest) return answer;
    context.pause(restart_poll);
  }
}

std::optional<Problem> start_failure(const json::object& connection) {
  const std::string state = text_of(connection, "state");
  const std::string name = text_of(connection, "name");
  if (state == "ready" || state == "starting") return std::nullopt;
  Problem problem{.code = "start_failed",
                  .message = fmt::format("{} is {}: somebody stopped it meanwhile.", name, state),
                  .advice = fmt::format("`firesteel start --name {}` starts it again.", name)};
  if (state != "failed") return problem;
  problem.message = fmt::format("{} failed.", name);
  problem.advice = fmt::format("`firesteel logs {}` shows what the server said.", name);
  const json::value* failure = connection.if_contains("failure");
  if (!failure || !failure->is_object()) return problem;
  problem.failure = failure->get_object();
  problem.message = fmt::format("{} failed: {}", name, text_of(*problem.failure, "message"));
  if (std::string advice = text_of(*problem.failure, "advice"); !advice.empty()) problem.advice = std::move(advice);
  return problem;
}

}  // namespace firesteel::cli
