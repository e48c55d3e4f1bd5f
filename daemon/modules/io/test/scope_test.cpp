// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/scope.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "firesteel/io/waits.hpp"

namespace firesteel::io {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait_for_ever(Notice& notice, bool& ended) {
  try {
    co_await notice.wait(TimePoint::max());
  } catch (...) {
    ended = true;
    throw;
  }
}

asio::awaitable<void> fail() {
  throw std::runtime_error("on purpose");
  co_return;
}

asio::awaitable<void> join_then(Scope& scope, bool& joined) {
  co_await scope.join();
  joined = true;
}

asio::awaitable<void> count_notices(Notice& notice, int& count) {
  for (bool announced = true; announced;) {
    announced = co_await notice.wait(TimePoint::max());
    ++count;
  }
}

}  // namespace

TEST(Scope, CancelEndsWhatRunsAndJoinWaitsForIt) {
  asio::io_context loop;
  Scope scope(loop.get_executor());
  Notice never;
  bool ended = false;
  bool joined = false;
  scope.spawn("waits", wait_for_ever(never, ended));
  asio::co_spawn(loop, join_then(scope, joined), asio::detached);
  loop.poll();
  EXPECT_FALSE(joined);
  scope.cancel();
  loop.poll();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(joined);
  EXPECT_EQ(scope.size(), 0U);
}

TEST(Scope, ATaskIsCancelledAlone) {
  asio::io_context loop;
  Scope scope(loop.get_executor());
  Notice never;
  bool first_ended = false;
  bool second_ended = false;
  Task first = scope.spawn("first", wait_for_ever(never, first_ended));
  scope.spawn("second", wait_for_ever(never, second_ended));
  loop.poll();
  first.cancel();
  loop.poll();
  EXPECT_TRUE(first_ended);
  EXPECT_FALSE(second_ended);
  first.cancel();
  Task().cancel();
  scope.cancel();
  loop.poll();
}

TEST(Scope, AnExceptionEndsOnlyItsOwnCoroutine) {
  asio::io_context loop;
  Scope scope(loop.get_executor());
  Notice never;
  bool ended = false;
  scope.spawn("waits", wait_for_ever(never, ended));
  scope.spawn("fails", fail());
  loop.poll();
  EXPECT_EQ(scope.size(), 1U);
  EXPECT_FALSE(ended);
  scope.cancel();
  loop.poll();
}

TEST(Scope, NothingStartsAfterCancel) {
  asio::io_context loop;
  Scope scope(loop.get_executor());
  scope.cancel();
  Notice never;
  bool ended = false;
  scope.spawn("late", wait_for_ever(never, ended));
  loop.poll();
  EXPECT_EQ(scope.size(), 0U);
}

TEST(Notice, WakesEverybodyWhoWaitsAndNobodyLater) {
  asio::io_context loop;
  Scope scope(loop.get_executor());
  Notice notice;
  int first = 0;
  int second = 0;
  scope.spawn("first", count_notices(notice, first));
  scope.spawn("second", count_notices(notice, second));
  loop.poll();
  notice.announce();
  loop.poll();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  scope.cancel();
  loop.poll();
}

}  // namespace firesteel::io
