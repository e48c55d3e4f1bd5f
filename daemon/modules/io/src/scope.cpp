// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/scope.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "firesteel/io/waits.hpp"

namespace firesteel::io {

namespace asio = boost::asio;

struct Scope::State {
  struct Running {
    explicit Running(std::string n) : name(std::move(n)) {}
    std::string name;
    asio::cancellation_signal signal{};
    bool cancelled = false;
  };

  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  void cancel(Running& one) {
    one.cancelled = true;
    one.signal.emit(asio::cancellation_type::terminal);
  }

  void ended(std::uint64_t id, const std::exception_ptr& error) {
    const auto it = running.find(id);
    report(it->second, error);
    running.erase(it);
    if (running.empty()) idle.announce();
  }

  static void report(const Running& one, const std::exception_ptr& error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
      if (one.cancelled && e.code() == asio::error::operation_aborted) return;
      spdlog::error("{}: {}", one.name, e.what());
    } catch (const std::exception& e) {
      spdlog::error("{}: {}", one.name, e.what());
    }
  }

  asio::any_io_executor executor;
  Notice idle;  ///< announced when the last coroutine has ended
  std::map<std::uint64_t, Running> running;
  std::uint64_t next_id = 1;
  bool cancelled = false;
};

Scope::Scope(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Scope::~Scope() { cancel(); }

Task Scope::spawn(std::string name, asio::awaitable<void> coroutine) {
  if (state_->cancelled) return {};
  const std::uint64_t id = state_->next_id++;
  auto& one = state_->running.try_emplace(id, std::move(name)).first->second;
  auto ended = [state = state_, id](std::exception_ptr error) { state->ended(id, error); };
  asio::co_spawn(state_->executor, std::move(coroutine),
                 asio::bind_cancellation_slot(one.signal.slot(), std::move(ended)));
  return {state_, id};
}

void Scope::cancel() {
  state_->cancelled = true;
  // Emitting may end a coroutine and so erase its entry: step on first.
  for (auto it = state_->running.begin(); it != state_->running.end();) state_->cancel((it++)->second);
}

void Task::cancel() {
  const auto state = state_.lock();
  if (!state) return;
  if (const auto it = state->running.find(id_); it != state->running.end()) state->cancel(it->second);
}

asio::awaitable<void> Scope::join() {
  const auto state = state_;
  while (!state->running.empty()) co_await state->idle.wait(TimePoint::max());
}

std::size_t Scope::size() const { return state_->running.size(); }

}  // namespace firesteel::io
