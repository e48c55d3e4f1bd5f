// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/analysis_stopper.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "firesteel/io/waits.hpp"

namespace firesteel::sparkui {

namespace asio = boost::asio;

namespace {

constexpr auto patience = std::chrono::minutes(2);
constexpr auto first_pause = std::chrono::milliseconds(200);
constexpr auto longest_pause = std::chrono::seconds(5);
constexpr auto answer_patience = std::chrono::seconds(30);  // its first answer takes the UI seconds
constexpr int most_tries = 3;

asio::awaitable<Result<std::vector<Job>>> ask_for_jobs(UiAddress address, TimePoint deadline) {
  const SparkUi ui(std::move(address));
  co_return co_await ui.running_jobs(deadline);
}

asio::awaitable<Result<void>> ask_to_kill(UiAddress address, std::vector<std::int64_t> jobs, TimePoint deadline) {
  const SparkUi ui(std::move(address));
  co_return co_await ui.kill(std::move(jobs), deadline);
}

}  // namespace

AnalysisStopper::Ui AnalysisStopper::Ui::real() { return {.running_jobs = ask_for_jobs, .kill = ask_to_kill}; }

AnalysisStopper::AnalysisStopper(asio::any_io_executor executor, Activity& activity, const Clock& clock, Find find,
                                 Ui ui)
    : activity_(activity),
      clock_(clock),
      find_(std::move(find)),
      ui_(std::move(ui)),
      scope_(std::move(executor)),
      subscription_(activity.watch_ends([this](const Operation& operation) { on_end(operation); })) {}

void AnalysisStopper::on_end(const Operation& operation) {
  if (operation.kind != OperationKind::analyze || operation.state != OperationState::interrupted) return;
  look_through(operation.session.server, operation.connection);
}

void AnalysisStopper::look_through(const ServerId& server, const ConnectionId& connection) {
  const auto [at, is_new] = searches_.try_emplace(server);
  at->second.connection = connection;
  at->second.until = clock_.now() + patience;
  if (is_new)
    scope_.spawn("jobs of analyses", search(server));
  else
    at->second.again.announce();
}

asio::awaitable<void> AnalysisStopper::run() {
  try {
    for (;;) co_await io::sleep_for(std::chrono::hours(1));
  } catch (const boost::system::system_error&) {
    // cancelled
  }
  scope_.cancel();
  co_await scope_.join();
}

asio::awaitable<void> AnalysisStopper::search(ServerId server) {
  Search& search = searches_.at(server);  // only this coroutine ends it
  Steady::duration pause = first_pause;
  while (clock_.now() < search.until) {
    const bool is_there = co_await look(server);
    if (!is_there) break;
    const bool again = co_await search.again.wait(Steady::now() + pause);
    pause = again ? first_pause : std::min<Steady::duration>(pause * 2, longest_pause);
  }
  searches_.erase(server);
}

/// Looks once. False when the server has no Spark UI (any more).
asio::awaitable<bool> AnalysisStopper::look(ServerId server) {
  auto address = find_(server);
  if (!address) co_return false;
  const auto jobs = co_await ui_.running_jobs(*address, Steady::now() + answer_patience);
  if (!jobs) {
    if (!std::exchange(searches_.at(server).unheard, true))
      spdlog::warn("jobs of interrupted analyses can't be looked for: {}", jobs.error().message);
    co_return true;
  }
  auto wanted = to_stop(searches_.at(server), server, *jobs);
  if (!wanted.empty()) co_await stop(std::move(server), std::move(*address), std::move(wanted));
  co_return true;
}

std::vector<std::int64_t> AnalysisStopper::to_stop(Search& search, const ServerId& server,
                                                   const std::vector<Job>& jobs) const {
  std::vector<std::int64_t> out;
  for (const Job& job : jobs_of_nobody(jobs, running(search, server), search.roots)) {
    const int asked = ++search.asked[job.id];
    if (asked <= most_tries) out.push_back(job.id);
    if (asked == most_tries + 1) spdlog::warn("Spark's job {} of an interrupted analysis can't be stopped", job.id);
  }
  return out;
}

asio::awaitable<void> AnalysisStopper::stop(ServerId server, UiAddress address, std::vector<std::int64_t> jobs) {
  const auto stopped = co_await ui_.kill(std::move(address), jobs, Steady::now() + answer_patience);
  if (stopped)
    spdlog::info("stopped jobs {} of server {}: nobody waits for their analysis", fmt::join(jobs, ", "), server.str());
  else
    spdlog::warn("jobs {} of an interrupted analysis go on: {}", fmt::join(jobs, ", "), stopped.error().message);
}

std::vector<RunningAnalysis> AnalysisStopper::running(const Search& search, const ServerId& server) const {
  std::vector<RunningAnalysis> out;
  for (const Operation* each : activity_.operations(search.connection)) {
    if (each->kind != OperationKind::analyze || each->state != OperationState::running ||
        each->session.server != server)
      continue;
    const Session* session = activity_.find(each->session);
    out.push_back({.spark_session = session ? session->spark_id : std::string(), .began = each->started_at});
  }
  return out;
}

}  // namespace firesteel::sparkui
