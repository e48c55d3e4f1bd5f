// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/sparkui/jobs.hpp"

namespace firesteel::sparkui {

/// Where a server's Spark UI listens, on 127.0.0.1, and what it asks for.
struct UiAddress {
  std::uint16_t port = 0;
  std::string key;  ///< of its JWSFilter, base64url
};

/// Asks a server's Spark UI, and acts by it. Each call opens a connection of its own and ends by its deadline.
///
/// Errors: Errc::not_ready (nobody listens, or who listens isn't this Spark UI), timed_out, internal (an answer that
/// can't be read or is longer than 16 MiB).
class SparkUi {
 public:
  explicit SparkUi(UiAddress address) : address_(std::move(address)) {}

  /// Whether it knows the application: a history server reads of it a while after it began to listen.
  boost::asio::awaitable<bool> knows(std::string application, TimePoint deadline) const;

  boost::asio::awaitable<Result<std::vector<Job>>> running_jobs(TimePoint deadline) const;
  /// Ends the jobs by the kill links of the UI's page. One that has ended meanwhile is no error.
  /// Errc::wrong_state when Spark doesn't allow it (spark.ui.killEnabled).
  boost::asio::awaitable<Result<void>> kill(std::vector<std::int64_t> jobs, TimePoint deadline) const;

 private:
  const UiAddress address_;
};

}  // namespace firesteel::sparkui
