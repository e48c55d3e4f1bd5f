// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/event_hub.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

  /// A change of a connection's activity: one session more.
  void open_session(const std::string& name) {
    const SessionKey key{ServerId("server of " + name), "", SessionId(random_uuid())};
    activity_.saw({.key = key,
                   .connection = connections_.find(name)->id,
                   .client_type = {},
                   .notebook = {},
                   .started_at = clock_.wall(),
                   .last_active = clock_.now()});
  }

  /// Runs until the viewer has seen so many events of the connection's activity.
  void run_until_activity(std::size_t count) {
    while (activity_of("a").size() < count) loop_.run_one();
  }

  /// How many sessions each activity event of the connection had.
  std::vector<std::size_t> activity_of(const std::string& name) {
    std::vector<std::size_t> sessions;
    for (const std::string& text : viewer_.texts) {
      const json::value event = json::parse(text);
      if (event.at("type") == "activity" && event.at("connection").as_string() == name)
        sessions.push_back(event.at("sessions").as_array().size());
    }
    return sessions;
  }

  asio::io_context loop_;
  const SystemClock clock_;
  catalogue::Holder catalog_{catalogue::Catalogue{}};
  const SecretOptions secrets_{"a key for tests"};
  Connections connections_;
  Activity activity_;
  EventHub hub_{connections_, activity_, catalog_, secrets_, clock_, [] {
                  return gateway::Endpoint{
                      .host = "127.0.0.1", .port = 15002, .socket = "/r/gateway.sock", .problem = {}};
                }};
  NotingViewer viewer_;
  NotingViewer other_viewer_;
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

TEST_F(EventHubTest, TheSnapshotHasWhatGoesOnAndWhereClientsGo) {
  add("a");
  add("idle");
  open_session("a");
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  const json::value snapshot = json::parse(viewer_.texts.front());
  ASSERT_EQ(snapshot.at("activity").as_array().size(), 1U);
  EXPECT_EQ(snapshot.at("activity").at(0).at("connection"), "a");
  EXPECT_EQ(snapshot.at("endpoint").at("port"), 15002);
}

TEST_F(EventHubTest, ABurstOfActivityIsToldAtItsBeginningAndAtItsEnd) {
  add("a");
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  const TimePoint began = clock_.now();
  for (int i = 0; i < 100; ++i) {
    open_session("a");
    turn();
  }
  EXPECT_EQ(activity_of("a"), (std::vector<std::size_t>{1}));
  run_until_activity(2);
  EXPECT_GE(clock_.now() - began, std::chrono::milliseconds(250));
  EXPECT_EQ(activity_of("a"), (std::vector<std::size_t>{1, 100}));
}

TEST_F(EventHubTest, OfActivityThatWaitsForAViewerOnlyTheLatestIsKept) {
  add("a");
  add("b");
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  viewer_.stalled = true;
  add("holds the viewer up");
  scope_.spawn("other viewer", hub_.watch(other_viewer_));
  turn();
  for (const char* name : {"b", "a", "a"}) {
    open_session(name);
    turn();
  }
  const auto& seen = other_viewer_.seen;
  while (std::count(seen.begin(), seen.end(), "activity") < 3) loop_.run_one();
  viewer_.stalled = false;
  viewer_.released.announce();
  turn();
  EXPECT_EQ(activity_of("a"), (std::vector<std::size_t>{2}));
  EXPECT_EQ(activity_of("b"), (std::vector<std::size_t>{1}));
}

TEST_F(EventHubTest, ActivityOfARemovedConnectionIsNotTold) {
  add("a");
  scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  const ConnectionId id = connections_.find("a")->id;
  open_session("a");
  open_session("a");
  connections_.remove(id);
  while (viewer_.seen.back() != "tick") loop_.run_one();
  EXPECT_EQ(viewer_.seen, (std::vector<std::string>{"snapshot", "activity", "removed", "tick"}));
}

TEST_F(EventHubTest, AViewerThatLeavesIsForgotten) {
  io::Task watching = scope_.spawn("viewer", hub_.watch(viewer_));
  turn();
  watching.cancel();
  turn();
  EXPECT_EQ(hub_.viewers(), 0U);
  add("a");
  open_session("a");
}

}  // namespace firesteel::api
