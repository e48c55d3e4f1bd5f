// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/eager_loop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>
#include <thread>

namespace firesteel::io {
namespace {

namespace asio = boost::asio;
using std::chrono::microseconds;

/// A timer that goes off `count` times, each `wait` after the one before.
class Ticks {
 public:
  Ticks(asio::io_context& loop, int count, microseconds wait) : timer_(loop), left_(count), wait_(wait) { next(); }
  int left() const { return left_; }

 private:
  void next() {
    timer_.expires_after(wait_);
    timer_.async_wait([this](const auto&) {
      if (--left_ > 0) next();
    });
  }

  asio::steady_timer timer_;
  int left_;
  microseconds wait_;
};

/// Counts how often it is asked whether to stay awake.
Manners asking(int& asked, bool answer) {
  return {.stays_awake =
              [&asked, answer] {
                ++asked;
                return answer;
              },
          .lets_others_go_first = [] { return false; }};
}

Manners always_awake() {
  return {.stays_awake = [] { return true; }, .lets_others_go_first = [] { return false; }};
}

TEST(EagerLoop, RunsAllThatThereIsAndEnds) {
  asio::io_context loop;
  int ran = 0;
  for (int i = 0; i < 3; ++i) asio::post(loop, [&] { ++ran; });
  Ticks ticks(loop, 100, microseconds(1));
  run_eagerly(loop, always_awake());
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(ticks.left(), 0);
}

TEST(EagerLoop, StaysAsleepWhenWaitsAreLong) {
  asio::io_context loop;
  const Ticks ticks(loop, 5, longest_eagerness * 20);
  int asked = 0;
  asio::post(loop, [] {});
  loop.run_one();  // what is ready at once would be a short wait
  run_eagerly(loop, asking(asked, true));
  EXPECT_EQ(ticks.left(), 0);
  EXPECT_EQ(asked, 0);
}

TEST(EagerLoop, AsksAfterAShortWait) {
  asio::io_context loop;
  const Ticks ticks(loop, 1000, microseconds(20));
  int asked = 0;
  run_eagerly(loop, asking(asked, false));
  EXPECT_EQ(ticks.left(), 0);
  EXPECT_GT(asked, 0);
}

TEST(EagerLoop, AsksBeforeEachWaitWhoGoesFirst) {
  asio::io_context loop;
  const Ticks ticks(loop, 5, longest_short_wait * 2);
  int asked = 0;
  run_eagerly(loop, {.stays_awake = [] { return false; },
                     .lets_others_go_first =
                         [&] {
                           ++asked;
                           return true;
                         }});
  EXPECT_EQ(ticks.left(), 0);
  EXPECT_GE(asked, 5);
}

TEST(EagerLoop, HearsOfAnotherThread) {
  asio::io_context loop;
  auto work = asio::make_work_guard(loop);
  int ran = 0;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) asio::post(loop, [&] { ++ran; });
    asio::post(loop, [&] { work.reset(); });
  });
  run_eagerly(loop, always_awake());
  other.join();
  EXPECT_EQ(ran, 1000);
}

TEST(EagerLoop, EndsWhenItIsStopped) {
  asio::io_context loop;
  const auto work = asio::make_work_guard(loop);
  asio::post(loop, [&] { loop.stop(); });
  run_eagerly(loop, always_awake());
  EXPECT_TRUE(loop.stopped());
}

TEST(EagerLoop, LetsExceptionsOut) {
  asio::io_context loop;
  asio::post(loop, [] { throw std::runtime_error("on purpose"); });
  EXPECT_THROW(run_eagerly(loop, always_awake()), std::runtime_error);
}

}  // namespace
}  // namespace firesteel::io
