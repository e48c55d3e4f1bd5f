// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/model/connections.hpp"

namespace firesteel {

/// How much of a connection's event logs is kept.
struct EventLimits {
  std::uint64_t bytes = 0;       ///< on disk, of all its applications together; 0: no limit, of their number neither
  std::size_t applications = 0;  ///< at most so many
};

struct DeletedEvents {
  std::size_t applications = 0;
  std::uint64_t bytes = 0;
};

/// Deletes the event logs in `directory` (a file or a directory for each application) that are beyond the limits, the
/// longest unwritten ones first. Never the latest, nor that of the application `running` (may be empty); nothing where
/// there is no such directory. An error says which one can't be deleted; the others are.
Result<DeletedEvents> bound_event_logs(const std::filesystem::path& directory, const EventLimits& limits,
                                       std::string_view running);

/// Keeps the event logs of all connections within their limits: when the daemon starts, when a server has ended, and
/// now and then. Only those in the directory that is ours (`spark.eventLog.dir` may say another).
class EventLogs {
 public:
  static constexpr std::uint64_t usual_limit = 1024ULL * 1024 * 1024;
  static constexpr std::size_t most_applications = 20;
  static constexpr auto interval = std::chrono::minutes(5);

  struct Settings {
    std::filesystem::path directory;  ///< that has one for each connection, called like its id
    EventLimits limits{.bytes = usual_limit, .applications = most_applications};
  };

  /// `connections` outlives it.
  EventLogs(boost::asio::any_io_executor executor, Connections& connections, Settings settings);

  /// Until cancelled.
  boost::asio::awaitable<void> run();

 private:
  struct Job;

  void note(const Connection* connection);
  boost::asio::awaitable<void> look_through();
  std::shared_ptr<Job> begin(const Connection& connection);
  void tell(const Job& job) const;

  const boost::asio::any_io_executor executor_;
  Connections& connections_;
  const Settings settings_;
  std::set<ConnectionId> live_;
  bool again_ = true;
  io::Notice ended_;
  boost::asio::thread_pool disk_{1};  // deleting gigabytes takes its time
  Connections::Subscription subscription_;
};

}  // namespace firesteel
