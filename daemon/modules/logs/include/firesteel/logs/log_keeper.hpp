// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/logs/advice.hpp"
#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/masker.hpp"
#include "firesteel/model/connections.hpp"

namespace boost::asio {
class thread_pool;
}

namespace firesteel {

/// One connection's log, for those who show it. Whoever holds it across a wait may keep it: of a connection that was
/// removed meanwhile it is an empty log.
class KeptLog {
 public:
  explicit KeptLog(std::filesystem::path file);

  LogIndex& index() { return index_; }
  std::shared_ptr<const Masker> masker() const { return masker_; }
  /// Of the log as it is indexed; no other log has it, of whichever connection or daemon.
  std::string generation() const;

  /// Indexes what there is, in steps with others in between, until that is all or the time has come.
  boost::asio::awaitable<Result<void>> look(TimePoint deadline);

  /// Ends when the log has another size than `seen` or is another log, or when the time has come. May cost an `index()`
  /// that isn't up to date: look() then.
  boost::asio::awaitable<void> wait_for_change(std::uint64_t seen, TimePoint deadline);

 private:
  friend class LogKeeper;

  /// Shared with the thread that waits for the disk.
  struct GivingBack {
    std::atomic<bool> goes_on{false};
    std::atomic<int> error{0};
  };

  /// The same; `error` is read and written by whoever `goes_on` says.
  struct Saving {
    std::atomic<bool> goes_on{false};
    std::string error;  // of the last time; empty: it went well
  };

  LogIndex index_;
  std::shared_ptr<GivingBack> giving_back_ = std::make_shared<GivingBack>();
  std::shared_ptr<Saving> saving_ = std::make_shared<Saving>();
  std::uint64_t saved_end_ = 0;  // where the index ended that is kept, or was to be
  std::uint64_t saved_generation_ = 0;
  std::shared_ptr<const Masker> masker_;
  const std::string token_;
  LogAdviser adviser_;
  io::Notice wake_;     // whoever follows it: there may be something to do
  io::Notice changed_;  // whoever shows it
  int viewers_ = 0;     // that wait for something new
  bool live_ = false;
  bool gone_ = false;
  bool said_unsupported_ = false;
  bool said_unreadable_ = false;
  bool said_unsaved_ = false;
  std::vector<std::string> secrets_;
  std::uint64_t told_ = 0;  // the adviser's revision that the connection shows
  TimePoint told_at_{};
  TimePoint advice_from_{};         // when the share of time for advice began
  Steady::duration advice_took_{};  // of it
  std::uint64_t behind_then_ = 0;   // when it began
};

/// Holds the logs of all connections: indexes them as they grow, gives their heads back to the disk, and tells what
/// there is advice for (`Connection::suggestions`).
///
/// Indexes are kept beside their logs, so that the next daemon knows a large log at once.
///
/// All in steps of a few milliseconds on the event loop, so that nobody waits for a log, however fast it grows. A log
/// whose server has ended is looked at only when somebody asks for it.
class LogKeeper {
 public:
  static constexpr std::uint64_t usual_limit = 256ULL * 1024 * 1024;

  struct Settings {
    std::function<std::filesystem::path(const ConnectionId&)> file;      ///< where a connection's log is
    std::function<std::vector<std::string>(const Connection&)> secrets;  ///< what must not leave with it
    std::uint64_t limit = usual_limit;                                   ///< of each log, on disk; 0: none
  };

  /// `connections` and `clock` outlive it.
  LogKeeper(boost::asio::any_io_executor executor, Connections& connections, const Clock& clock, Settings settings);
  ~LogKeeper();

  /// Of a connection that there is.
  std::shared_ptr<KeptLog> of(const ConnectionId& id);

  /// The catalogue's suggestions, in place of those before; the built-in ones stay. Logs are looked through anew.
  void set_suggestions(const std::vector<catalogue::ErrorSuggestion>& suggestions);

  /// Ends everything that goes on here, and keeps the indexes.
  boost::asio::awaitable<void> shut_down();

 private:
  void note(const Connection* connection);
  void forget_removed();
  void refresh_secrets(const ConnectionId& id, KeptLog& log);
  boost::asio::awaitable<void> follow(ConnectionId id, std::shared_ptr<KeptLog> log);
  bool step(const ConnectionId& id, KeptLog& log);
  bool advise(KeptLog& log);
  void give_back(const ConnectionId& id, KeptLog& log);
  void tell(const ConnectionId& id, KeptLog& log);
  void save(const ConnectionId& id, KeptLog& log, bool indexed_all);
  std::uint64_t unsaved(const KeptLog& log) const;
  boost::asio::thread_pool& disk();
  std::string name_of(const ConnectionId& id) const;
  TimePoint next_look(const KeptLog& log, bool grew) const;

  Connections& connections_;
  const Clock& clock_;
  const Settings settings_;
  std::shared_ptr<const AdvicePatterns> patterns_;
  std::map<ConnectionId, std::shared_ptr<KeptLog>> logs_;
  std::unique_ptr<boost::asio::thread_pool> disk_;  // made when it is needed first
  io::Scope tasks_;
  Connections::Subscription subscription_;
};

}  // namespace firesteel
