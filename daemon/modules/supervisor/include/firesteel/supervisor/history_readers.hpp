// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/engine/history_launch.hpp"
#include "firesteel/io/directories.hpp"
#include "firesteel/io/scope.hpp"

namespace firesteel {

/// Where a history server is asked.
struct HistoryAccess {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string key;         ///< of its JWSFilter, base64url
};

/// An application whose events can be read after its end.
struct EndedApplication {
  std::string id;
  HistorySource source;
};

/// Spark's history servers, one for each connection whose ended application somebody looks at.
///
/// Each is started when it is first asked for and ended when nobody has asked for a quarter of an hour, when too many
/// others are wanted, and with the daemon; what a daemon left that was killed, the next one ends.
class HistoryReaders {
 public:
  static constexpr std::size_t most_readers = 3;
  static constexpr auto patience = std::chrono::minutes(15);

  struct Settings {
    io::Directories directories;
    Variables environment;  ///< that they start from
    /// Whether the history server there has read of the application; it takes a while to look through its directory.
    std::function<boost::asio::awaitable<bool>(HistoryAccess, std::string application)> knows;
  };

  HistoryReaders(boost::asio::any_io_executor executor, const Clock& clock, Settings settings);

  /// Ends what an earlier daemon left, then those that nobody asks, until cancelled.
  boost::asio::awaitable<void> run();

  /// The connection's, once it knows the application. Errc::timed_out or internal, with the last line of what it said.
  boost::asio::awaitable<Result<HistoryAccess>> open(ConnectionId id, EndedApplication application);

  /// Ends all of them.
  boost::asio::awaitable<void> shut_down();

  /// Ends the connection's, if there is one.
  void close(const ConnectionId& id);

 private:
  struct Reader;
  struct Failed {
    HistorySource source;
    TimePoint at;
    Error error;
    std::filesystem::path directory;  ///< with its log
  };

  Result<std::shared_ptr<Reader>> start(const ConnectionId& id, const HistorySource& source);
  boost::asio::awaitable<bool> is_ready(std::shared_ptr<Reader> reader, std::string application) const;
  boost::asio::awaitable<void> watch(std::shared_ptr<Reader> reader);
  Error remember(const ConnectionId& id, const Reader& reader, Error error);
  void forget_failure(const ConnectionId& id, const std::filesystem::path& keep);
  void make_room();
  std::string mark() const;

  const Clock& clock_;
  const Settings settings_;
  std::map<ConnectionId, std::shared_ptr<Reader>> readers_;
  std::map<ConnectionId, Failed> failures_;
  io::Scope tasks_;
};

}  // namespace firesteel
