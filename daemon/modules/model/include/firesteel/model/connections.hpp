// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// All connections, in the order they were created; the one place that everybody reads and watches.
///
/// The supervisor writes, the API reads. Not for use by several threads.
class Connections {
 public:
  /// Called after each change; `connection` is null when the one called `name` was removed.
  using Watcher = std::function<void(std::string_view name, const Connection* connection)>;

  /// Watches until the returned handle is destroyed; the handle must not outlive this object.
  class Subscription;
  [[nodiscard]] Subscription watch(Watcher watcher);

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
  void tell(std::string_view name, const Connection* connection);

  std::vector<std::unique_ptr<Connection>> all_;
  std::map<int, Watcher> watchers_;
  int next_watcher_ = 0;
};

class Connections::Subscription {
 public:
  Subscription() = default;
  Subscription(Connections& connections, int key) : connections_(&connections), key_(key) {}
  Subscription(Subscription&& other) noexcept
      : connections_(std::exchange(other.connections_, nullptr)), key_(other.key_) {}
  Subscription& operator=(Subscription&& other) noexcept {
    std::swap(connections_, other.connections_);
    std::swap(key_, other.key_);
    return *this;
  }
  ~Subscription() {
    if (connections_) connections_->watchers_.erase(key_);
  }

 private:
  Connections* connections_ = nullptr;
  int key_ = 0;
};

}  // namespace firesteel
