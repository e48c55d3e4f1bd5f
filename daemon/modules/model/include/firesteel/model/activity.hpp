// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/core/watchers.hpp"

namespace firesteel {

/// A client's session, by the id that the client chose.
using SessionId = Id<struct SessionTag>;
/// An ExecutePlan by the id that the client chose; an AnalyzePlan or an upload by one of ours.
using OperationId = Id<struct OperationTag>;

/// query: an ExecutePlan of a relation; command: an ExecutePlan that does something (writes, creates a view …);
/// analyze: an AnalyzePlan (a schema, an explanation; may run jobs); upload: AddArtifacts.
enum class OperationKind { query, command, analyze, upload };

std::string_view to_string(OperationKind kind);

/// running: Spark works on it, also while no client listens; finished, failed: it ended by itself; interrupted:
/// somebody ended it; lost: its server ended before it did.
enum class OperationState { running, finished, failed, interrupted, lost };

std::string_view to_string(OperationState state);

/// What makes a session one of its kind: Spark knows a session by its user and its id.
struct SessionKey {
  ServerId server;
  std::string user;  ///< Spark Connect's user_context.user_id; may be empty
  SessionId id;

  friend auto operator<=>(const SessionKey&, const SessionKey&) = default;
};

/// A client's session on one run of a server, as far as it went through the gateway.
struct Session {
  SessionKey key;
  ConnectionId connection;
  std::string
      client_type;       ///< what the client says of itself: "_SPARK_CONNECT_PYTHON spark/4.3.0 os/linux python/3.11.2"
  std::string notebook;  ///< path as Jupyter knows it; empty when no notebook said so
  bool local = false;    ///< came over the unix socket
  std::string spark_id{};  ///< Spark's own id of it (server_side_session_id), which is in the tags of its jobs; empty
                           ///< until the client has sent it back once
  WallTime started_at;
  TimePoint last_active;  ///< of the latest call, or of the latest moment an operation ran
  int running = 0;        ///< operations that run now
};

struct Operation {
  OperationId id;
  SessionKey session;
  ConnectionId connection;
  OperationKind kind = OperationKind::query;
  std::string detail;    ///< the plan's outermost part in Spark Connect's words: "sql", "aggregate", "write_operation";
                         ///< may be empty
  std::string notebook;  ///< of this call; may be empty
  std::string cell;      ///< id of the notebook's cell that it comes from; may be empty
  OperationState state = OperationState::running;
  bool attended = true;  ///< a client's call is open on it
  WallTime started_at;
  TimePoint started;
  std::optional<TimePoint> ended{};
  std::uint64_t rows = 0;             ///< that went to the client so far
  std::uint64_t bytes = 0;            ///< of messages that went to the client so far (of an upload: that came from it)
  std::uint64_t tasks = 0;            ///< of the stages known so far
  std::uint64_t completed_tasks = 0;  ///< of these
  std::string error{};                ///< when failed or lost: one sentence
};

/// The sessions and operations of all connections. The gateway writes, the API reads and watches.
///
/// Bounded, whatever clients send: what goes beyond these limits is served but not listed here, and texts are cut to
/// `longest_text` and made UTF-8. Of each connection it keeps all running operations and the latest `kept_operations`
/// that ended. Not for use by several threads.
class Activity {
 public:
  static constexpr std::size_t kept_operations = 100;
  static constexpr std::size_t max_sessions = 10'000;
  static constexpr std::size_t max_operations = 20'000;
  static constexpr std::size_t remembered_ends = 10'000;  ///< of sessions
  static constexpr std::size_t longest_id = 128;          ///< of a session, a user or an operation, in bytes
  static constexpr std::size_t longest_text = 1024;

  /// Called after each change with the connection that it belongs to; not when a connection is forgotten.
  using Told = Watchers<const ConnectionId&>;
  using Subscription = Told::Subscription;

  /// Called with each operation that has just ended; must not change this object.
  using Ends = Watchers<const Operation&>;
  using EndSubscription = Ends::Subscription;

  /// Watches until the returned handle is destroyed; the handle must not outlive this object.
  [[nodiscard]] Subscription watch(Told::Watcher watcher) { return watchers_.add(std::move(watcher)); }
  [[nodiscard]] EndSubscription watch_ends(Ends::Watcher watcher) { return ends_.add(std::move(watcher)); }

  /// Adds the session, or notes that it is alive: its `last_active`, and what it tells of itself where that is new.
  /// One that has ended stays so, whatever calls still come: Spark takes no id twice.
  void saw(const Session& session);
  /// The session is over; its running operations are interrupted.
  void ended(const SessionKey& session, TimePoint now);
  /// The server is gone, with its sessions; its running operations are lost, with `why` as their error.
  void server_ended(const ServerId& server, TimePoint now, std::string_view why = {});
  /// The connection was removed.
  void forget(const ConnectionId& connection);

  /// Adds a running operation of a session that was seen; does nothing when the session isn't known.
  /// One with the same id and session goes on as it is, attended while it runs.
  void began(Operation operation);
  /// Changes an operation; a change that ends it sets `ended` too. One that has ended is only changed in what it
  /// counts. Does nothing for one that isn't known.
  void update(const SessionKey& session, const OperationId& id, const std::function<void(Operation&)>& change);
  /// Forgets an operation that turned out not to be worth a line. Does nothing for one that isn't known.
  void drop(const SessionKey& session, const OperationId& id);

  /// Those that are open, oldest first.
  std::vector<const Session*> sessions(const ConnectionId& connection) const;
  /// Newest first.
  std::vector<const Operation*> operations(const ConnectionId& connection) const;
  const Session* find(const SessionKey& key) const;
  const Operation* find(const SessionKey& session, const OperationId& id) const;

 private:
  using OperationKey = std::pair<SessionKey, OperationId>;
  using OperationRef = std::pair<const SessionKey&, const OperationId&>;
  /// Looks an operation up without copying its key.
  struct ByKey {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      return std::tie(left.first, left.second) < std::tie(right.first, right.second);
    }
  };
  struct KeptSession {
    Session session;
    std::uint64_t order = 0;
  };
  /// Sorts sessions by the keys that they have anyway, and looks one up by a key.
  struct ByOwnKey {
    using is_transparent = void;
    using Kept = std::unique_ptr<KeptSession>;
    bool operator()(const Kept& left, const Kept& right) const { return left->session.key < right->session.key; }
    bool operator()(const Kept& left, const SessionKey& right) const { return left->session.key < right; }
    bool operator()(const SessionKey& left, const Kept& right) const { return left < right->session.key; }
  };
  struct KeptOperation {
    Operation operation;
    std::uint64_t order = 0;
  };
  /// What one connection has of the two maps, in the order in which it came.
  struct OfConnection {
    std::map<std::uint64_t, const Session*> sessions;
    std::map<std::uint64_t, const Operation*> operations;
    std::deque<OperationKey> ended;  ///< oldest first
  };
  using Sessions = std::set<std::unique_ptr<KeptSession>, ByOwnKey>;
  using Operations = std::map<OperationKey, KeptOperation, ByKey>;

  void remember_end(const SessionKey& session);
  void close(Operation& operation);
  void erase(Operations::iterator operation);
  Sessions::iterator erase(Sessions::iterator session);
  void end_running(Operations::iterator from, const std::function<bool(const SessionKey&)>& wanted,
                   OperationState state, TimePoint now, std::string_view why = {});

  Sessions sessions_;
  Operations operations_;
  std::set<SessionKey> over_;
  std::deque<SessionKey> over_in_order_;  ///< the same, oldest first
  std::map<ConnectionId, OfConnection> connections_;
  std::uint64_t next_order_ = 0;
  Told watchers_;
  Ends ends_;
};

}  // namespace firesteel
