// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <utility>

namespace firesteel {

/// Who wants to be told of something. Not for use by several threads.
template <class... What>
class Watchers {
 public:
  using Watcher = std::function<void(What...)>;
  class Subscription;

  /// Watches until the returned handle is destroyed; the handle must not outlive this object.
  [[nodiscard]] Subscription add(Watcher watcher) {
    watchers_.emplace(next_, std::move(watcher));
    return {*this, next_++};
  }

  /// A watcher may end its own or another's subscription while it is told.
  void tell(const What&... what) const {
    for (auto at = watchers_.begin(); at != watchers_.end();) {
      const auto [key, watcher] = *at;
      watcher(what...);
      at = watchers_.upper_bound(key);
    }
  }

 private:
  std::map<int, Watcher> watchers_;
  int next_ = 0;
};

template <class... What>
class Watchers<What...>::Subscription {
 public:
  Subscription() = default;
  Subscription(Watchers& watchers, int key) : watchers_(&watchers), key_(key) {}
  Subscription(Subscription&& other) noexcept : watchers_(std::exchange(other.watchers_, nullptr)), key_(other.key_) {}
  Subscription& operator=(Subscription&& other) noexcept {
    std::swap(watchers_, other.watchers_);
    std::swap(key_, other.key_);
    return *this;
  }
  ~Subscription() {
    if (watchers_) watchers_->watchers_.erase(key_);
  }

 private:
  Watchers* watchers_ = nullptr;
  int key_ = 0;
};

}  // namespace firesteel
