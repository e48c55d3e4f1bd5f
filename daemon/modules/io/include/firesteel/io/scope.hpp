// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace firesteel::io {

/// A coroutine in a scope, to cancel it alone. Holds nothing alive; empty handles and ended coroutines are fine.
class Task;

/// Owns coroutines: what is spawned here is cancelled and joined here; nothing runs on by itself.
///
/// An exception that leaves a coroutine ends that coroutine alone and is logged with its name. All calls are made on
/// the event loop's thread. Destroying a scope cancels what is left; join first to know that it has ended.
class Scope {
 public:
  explicit Scope(boost::asio::any_io_executor executor);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// Runs it from the next turn of the loop on. After cancel() it is dropped without being run.
  Task spawn(std::string name, boost::asio::awaitable<void> coroutine);

  /// Asks everything to end: each wait in it fails with operation_aborted.
  void cancel();

  /// Ends when everything spawned has ended.
  boost::asio::awaitable<void> join();

  std::size_t size() const;

 private:
  friend class Task;
  struct State;
  std::shared_ptr<State> state_;
};

class Task {
 public:
  Task() = default;

  /// Asks it to end; it may be the caller itself.
  void cancel();

 private:
  friend class Scope;
  Task(std::weak_ptr<Scope::State> state, std::uint64_t id) : state_(std::move(state)), id_(id) {}

  std::weak_ptr<Scope::State> state_;
  std::uint64_t id_ = 0;
};

}  // namespace firesteel::io
