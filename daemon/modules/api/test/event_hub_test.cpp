// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/event_hub.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "firesteel/io/scope.hpp"
#include "firesteel/io/waits.hpp"

namespace firesteel::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

/// Notes what it is sent; while `stalled` its first send doesn't end.
class NotingViewer final : public http::Viewer {
 public:
  asio::awaitable<void> send(std::string text) override {
    seen.push_back(json::value_to<std::string>(json::parse(text).at("type")));
    texts.push_back(std::move(text));
    while (stalled) co_await released.wait(TimePoint::max());
  }

  std::vector<std::string> seen;
  std::vector<std::string> texts;
  bool stalled = false;
  io::Notice released;
};

class EventHubTest : public testing::Test {
 protected:
  ~EventHubTest() override {
    scope_.cancel();
    loop_.restart();
    loop_.run();
  }

  void turn() {
    loop_.restart();
    loop_.poll();
  }

  void add(const std::string& name) {
    Connection connection;
    connection.id = ConnectionId(random_uuid());
    connection.name = name;
    connections_.add(std::move(connection));
  }

  asio::io_context loop_;
  const SystemClock clock_;
  const Catalog catalog_ = Catalog::built_in();
  Connections connections_;
  EventHub hub_{connections_, catalog_, clock_};
  NotingViewer viewer_;
  io::Scope scope_{loop_.get_executor()};
};

}  // namespace

TEST_F(EventHubTest, FirstASnapshotThenEachChange) {
  add("a");
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  add("b");
  connections_.remove(connections_.find("a")->id);
  turn();
  EXPECT_EQ(viewer_.seen, (std::vector<std::string>{"snapshot", "connection", "removed"}));
  EXPECT_EQ(hub_.viewers(), 1U);
}

TEST_F(EventHubTest, WhenNothingHappensForASecondThatIsSaid) {
  scope_.spawn("viewer", hub_.watch(viewer_));
  while (viewer_.seen.size() < 2) loop_.run_one();
  EXPECT_EQ(viewer_.seen, (std::vector<std::string>{"snapshot", "tick"}));
}

TEST_F(EventHubTest, ASlowViewerGetsAGapAndTheTruth) {
  viewer_.stalled = true;
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  for (std::size_t i = 0; i < EventHub::queue_limit + 10; ++i) add("c" + std::to_string(i));
  viewer_.stalled = false;
  viewer_.released.announce();
  turn();
  EXPECT_EQ(viewer_.seen, (std::vector<std::string>{"snapshot", "gap", "snapshot"}));
  EXPECT_EQ(json::parse(viewer_.texts[1]).at("dropped").to_number<std::size_t>(), EventHub::queue_limit + 10);
  EXPECT_EQ(json::parse(viewer_.texts[2]).at("connections").as_array().size(), EventHub::queue_limit + 10);
}

TEST_F(EventHubTest, AViewerThatLeavesIsForgotten) {
  io::Task watching = scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  watching.cancel();
  turn();
  EXPECT_EQ(hub_.viewers(), 0U);
  add("a");
}

}  // namespace firesteel::api
