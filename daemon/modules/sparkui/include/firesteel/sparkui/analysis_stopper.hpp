// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "firesteel/core/time.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/model/activity.hpp"
#include "firesteel/sparkui/spark_ui.hpp"

namespace firesteel::sparkui {

/// Ends in Spark what an AnalyzePlan had begun when nobody waits for it any more: it was interrupted, its client has
/// gone, or an earlier daemon died with it. Spark Connect's own Interrupt doesn't know of these jobs.
///
/// Looks every now and then for two minutes, because an analysis may begin one job after the other. What it can't
/// stop is in the daemon's log.
class AnalysisStopper {
 public:
  /// What it asks of a server's Spark UI; made to be replaced in tests.
  struct Ui {
    std::function<boost::asio::awaitable<Result<std::vector<Job>>>(UiAddress address, TimePoint deadline)> running_jobs;
    std::function<boost::asio::awaitable<Result<void>>(UiAddress address, std::vector<std::int64_t> jobs,
                                                       TimePoint deadline)>
        kill;
    static Ui real();
  };
  /// The Spark UI of a server; nothing when the server is gone or has none.
  using Find = std::function<std::optional<UiAddress>(const ServerId&)>;

  /// `activity` and `clock` must outlive it.
  AnalysisStopper(boost::asio::any_io_executor executor, Activity& activity, const Clock& clock, Find find,
                  Ui ui = Ui::real());

  /// A server that an earlier daemon had begun: whatever analyses it has, nobody waits for them.
  void look_through(const ServerId& server, const ConnectionId& connection);

  /// Ends when cancelled.
  boost::asio::awaitable<void> run();

 private:
  /// One server that is being looked through.
  struct Search {
    ConnectionId connection;
    TimePoint until{};
    std::set<std::string> roots{};
    std::map<std::int64_t, int> asked{};  ///< how often a job was asked to end
    bool unheard = false;                 ///< the log says already that the UI doesn't answer
    io::Notice again{};                   ///< there is something new to look for
  };

  void on_end(const Operation& operation);
  boost::asio::awaitable<void> search(ServerId server);
  boost::asio::awaitable<bool> look(ServerId server);
  boost::asio::awaitable<void> stop(ServerId server, UiAddress address, std::vector<std::int64_t> jobs);
  std::vector<std::int64_t> to_stop(Search& search, const ServerId& server, const std::vector<Job>& jobs) const;
  std::vector<RunningAnalysis> running(const Search& search, const ServerId& server) const;

  Activity& activity_;
  const Clock& clock_;
  const Find find_;
  const Ui ui_;
  io::Scope scope_;
  std::map<ServerId, Search> searches_;
  Activity::EndSubscription subscription_;
};

}  // namespace firesteel::sparkui
