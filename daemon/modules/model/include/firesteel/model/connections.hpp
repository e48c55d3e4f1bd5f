// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/watchers.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// All connections, in the order they were created; the one place that everybody reads and watches.
///
/// The supervisor writes, and of suggestions the logs' keeper; the API reads. Not for use by several threads.
class Connections {
 public:
  /// Called with the name after each change; the connection is null when it was removed.
  using Told = Watchers<std::string_view, const Connection*>;
  using Subscription = Told::Subscription;

  /// Watches until the returned handle is destroyed; the handle must not outlive this object.
  [[nodiscard]] Subscription watch(Told::Watcher watcher) { return watchers_.add(std::move(watcher)); }

  const std::vector<std::unique_ptr<Connection>>& all() const { return all_; }

  /// The connection, or null.
  const Connection* find(std::string_view name) const;
  const Connection* find(const ConnectionId& id) const;

  /// The connection, or Errc::connection_not_found with the names that exist.
  Result<const Connection*> get(std::string_view name) const;

  /// The connection that is meant when none is named: the default one if it is live or is the only one, else the only
  /// live one, else the only one. Otherwise Errc::connection_not_found or Errc::no_default, with the names.
  Result<const Connection*> get_default() const;

  /// Adds it; its name must be free. The first one becomes the default.
  const Connection& add(Connection connection);
  /// Changes it and tells the watchers. Does nothing for an id that is gone.
  void update(const ConnectionId& id, const std::function<void(Connection&)>& change);
  void remove(const ConnectionId& id);
  /// Makes it the default and no other.
  void set_default(const ConnectionId& id);

 private:
  std::vector<std::string> names() const;

  std::vector<std::unique_ptr<Connection>> all_;
  Told watchers_;
};

}  // namespace firesteel
