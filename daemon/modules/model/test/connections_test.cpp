// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/connections.hpp"

#include <gmock/gmock.h>

namespace firesteel {
namespace {

using testing::ElementsAre;

Connection named(const std::string& name, ConnectionState state = ConnectionState::ready) {
  Connection connection;
  connection.id = ConnectionId(random_uuid());
  connection.name = name;
  connection.state = state;
  return connection;
}

}  // namespace

TEST(Connections, UnknownNameListsWhatExists) {
  Connections connections;
  connections.add(named("a"));
  connections.add(named("b"));
  const auto found = connections.get("c");
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().code, Errc::connection_not_found);
  EXPECT_THAT(found.error().connections, ElementsAre("a", "b"));
}

TEST(Connections, FirstBecomesDefaultAndOnlyOneEverIs) {
  Connections connections;
  connections.add(named("a"));
  const ConnectionId second = connections.add(named("b")).id;
  EXPECT_EQ(connections.get_default().value()->name, "a");
  connections.set_default(second);
  EXPECT_EQ(connections.get_default().value()->name, "b");
  EXPECT_FALSE(connections.find("a")->is_default);
}

TEST(Connections, OnlyLiveOneStandsInForADefaultThatEnded) {
  Connections connections;
  connections.add(named("a", ConnectionState::failed));
  connections.add(named("b"));
  EXPECT_EQ(connections.get_default().value()->name, "b");
  connections.add(named("c"));
  const auto found = connections.get_default();
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().code, Errc::no_default);
  EXPECT_THAT(found.error().connections, ElementsAre("a", "b", "c"));
}

TEST(Connections, NoneYetSaysHowToCreateOne) {
  const auto found = Connections().get_default();
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().code, Errc::connection_not_found);
  EXPECT_FALSE(found.error().advice.empty());
}

TEST(Connections, WatchersSeeChangesUntilTheyLeave) {
  Connections connections;
  std::vector<std::string> seen;
  {
    const auto subscription = connections.watch([&](std::string_view name, const Connection* connection) {
      seen.push_back(std::string(name) + (connection ? ":" + std::string(to_string(connection->state)) : ":gone"));
    });
    const ConnectionId id = connections.add(named("a", ConnectionState::starting)).id;
    connections.update(id, [](Connection& connection) { connection.state = ConnectionState::ready; });
    connections.remove(id);
  }
  connections.add(named("b"));
  EXPECT_THAT(seen, ElementsAre("a:starting", "a:ready", "a:gone"));
}

}  // namespace firesteel
