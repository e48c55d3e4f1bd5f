// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/waits.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace firesteel::io {

namespace asio = boost::asio;

asio::awaitable<void> sleep_until(TimePoint when) {
  asio::steady_timer timer(co_await asio::this_coro::executor, when);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> sleep_for(Steady::duration duration) { return sleep_until(Steady::now() + duration); }

struct Notice::Waiter {
  Waiter(Notice& notice, asio::steady_timer t) : timer(std::move(t)), notice_(notice) {
    place_ = notice_.waiters_.insert(notice_.waiters_.end(), this);
  }
  ~Waiter() { notice_.waiters_.erase(place_); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  asio::steady_timer timer;
  bool announced = false;

 private:
  Notice& notice_;
  std::list<Waiter*>::iterator place_;
};

void Notice::announce() {
  for (Waiter* waiter : waiters_) {
    waiter->announced = true;
    waiter->timer.cancel();
  }
}

asio::awaitable<bool> Notice::wait(TimePoint deadline) {
  Waiter waiter(*this, asio::steady_timer(co_await asio::this_coro::executor, deadline));
  boost::system::error_code error;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (waiter.announced) co_return true;
  if (error) throw boost::system::system_error(error);
  co_return false;
}

}  // namespace firesteel::io
