// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>

namespace firesteel::api {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

json::value golden(const std::string& name) {
  std::ifstream file(std::string(FIRESTEEL_GOLDEN) + "/" + name + ".json");
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

const TimePoint began = TimePoint() + 1h;
const SecretOptions secrets("a key for tests");

Connection analysis() {
  Connection connection;
  connection.id = ConnectionId("3f0c2a52-64c7-4f0e-9d2c-0d4c3c1b7a11");
  connection.name = "analysis";
  connection.definition.cluster = "local";
  connection.cluster_display_name = "Local";
  connection.created_at = from_unix_ms(1'709'208'000'123);
  connection.server_id = ServerId("8a5b1f0e-5b1c-4a39-8d36-b7c7a2d7e702");
  connection.phases = {{StartPhase::preparing, began, began + 120ms}};
  return connection;
}

const SessionKey notebooks_session{ServerId("8a5b1f0e-5b1c-4a39-8d36-b7c7a2d7e702"), "ana",
                                   SessionId("0b9c7a52-3c1e-4f57-9d55-7a3f5a1f6f10")};

Session a_session() {
  return {.key = notebooks_session,
          .connection = analysis().id,
          .client_type = {},
          .notebook = {},
          .started_at = from_unix_ms(1'709'208'000'123),
          .last_active = began};
}

Operation an_operation() {
  Operation operation;
  operation.id = OperationId("5d1f6b0a-8a3c-4a0e-8f62-2f3f1b7d9c21");
  operation.session = notebooks_session;
  operation.connection = analysis().id;
  operation.started_at = from_unix_ms(1'709'208'000'123);
  operation.started = began;
  return operation;
}

/// The ids of an event's operations, in their order.
std::vector<std::string> ids_of(const json::array& operations) {
  std::vector<std::string> ids;
  for (const json::value& each : operations) ids.emplace_back(each.at("operation_id").as_string());
  return ids;
}

}  // namespace

TEST(ConnectionJson, OfAReadyOne) {
  Connection connection = analysis();
  connection.state = ConnectionState::ready;
  connection.state_since = began + 5320ms;
  connection.is_default = true;
  connection.definition.options = {{"spark.app.name", "a \"quoted\" name; $(date) 🔥"}};
  connection.definition.environment.python = "/opt/venv/bin/python";
  connection.phases.push_back({StartPhase::starting_jvm, began + 120ms, began + 2020ms});
  connection.phases.push_back({StartPhase::creating_driver, began + 2020ms, began + 5320ms});
  connection.pid = 4711;
  connection.grpc_port = 44331;
  connection.spark_version = "4.3.0";
  connection.application_id = "local-1709208005000";
  connection.ready_at = from_unix_ms(1'709'208'005'443);
  EXPECT_EQ(json::value(to_json(connection, began + 9520ms, secrets)), golden("connection-ready"));
}

TEST(ConnectionJson, OfAStartingOneTellsHowFarItIs) {
  Connection connection = analysis();
  connection.state = ConnectionState::starting;
  connection.state_since = began;
  connection.phases.push_back({StartPhase::starting_jvm, began + 120ms, std::nullopt});
  connection.pid = 4711;
  connection.grpc_port = 44331;
  EXPECT_EQ(json::value(to_json(connection, began + 2020ms, secrets)), golden("connection-starting"));
}

TEST(ConnectionJson, OfAFailedOneTellsWhy) {
  Connection connection = analysis();
  connection.state = ConnectionState::failed;
  connection.state_since = began;
  connection.is_default = true;
  connection.definition.options = {{"spark.master", "local[2]"}};
  connection.failure = Failure{.reason = FailureReason::killed,
                               .message = "The server was killed by SIGKILL.",
                               .advice = "Give it more memory or start it again.",
                               .signal = "SIGKILL",
                               .log_tail = {"first", "last"}};
  EXPECT_EQ(json::value(to_json(connection, began, secrets)), golden("connection-failed"));
}

TEST(SessionJson, IdleSinceItsLatestCallAndNotWhileSomethingRuns) {
  Session session = a_session();
  session.client_type = "_SPARK_CONNECT_PYTHON spark/4.3.0 os/linux python/3.11.2";
  session.notebook = "work/analysis.ipynb";
  session.local = true;
  EXPECT_EQ(json::value(to_json(session, began + 4200ms)), golden("session-idle"));

  Session busy = a_session();
  busy.key.user.clear();
  busy.running = 2;
  EXPECT_EQ(json::value(to_json(busy, began + 4200ms)), golden("session-busy"));
}

TEST(OperationJson, OfOneThatRunsAndOfOneThatFailed) {
  Operation running = an_operation();
  running.detail = "aggregate";
  running.rows = 1000;
  running.bytes = 5'000'000'000;
  running.tasks = 200;
  running.completed_tasks = 148;
  running.notebook = "work/größe 🔥.ipynb";
  running.cell = "c0ffee";
  EXPECT_EQ(json::value(to_json(running, began + 17s)), golden("operation-running"));

  Operation failed = an_operation();
  failed.kind = OperationKind::command;
  failed.detail = "write_operation";
  failed.state = OperationState::failed;
  failed.attended = false;
  failed.ended = began + 2500ms;
  failed.error = "The table exists.";
  EXPECT_EQ(json::value(to_json(failed, began + 1h)), golden("operation-failed"));
}

TEST(OperationJson, IdsOfClientsThatAreNotUtf8DoNotBreakTheReply) {
  Operation operation = an_operation();
  operation.id = OperationId("\xff");
  EXPECT_EQ(to_json(operation, began).at("operation_id"), "\ufffd");
}

TEST(ActivityJson, RunningOperationsComeBeforeAnyThatEnded) {
  Activity activity;
  activity.saw(a_session());
  const auto begin = [&](const std::string& id) {
    Operation operation = an_operation();
    operation.id = OperationId(id);
    activity.began(operation);
  };
  const auto finish = [&](const std::string& id) {
    activity.update(notebooks_session, OperationId(id), [](Operation& each) {
      each.state = OperationState::finished;
      each.ended = began + 1s;
    });
  };
  for (const char* id : {"old", "a", "b", "c", "new"}) begin(id);
  for (const char* id : {"a", "b", "c"}) finish(id);
  EXPECT_EQ(ids_of(operations_json(activity, analysis().id, 9, began)),
            (std::vector<std::string>{"new", "c", "b", "a", "old"}));
  EXPECT_EQ(ids_of(operations_json(activity, analysis().id, 3, began)), (std::vector<std::string>{"new", "c", "old"}));
  EXPECT_EQ(ids_of(operations_json(activity, analysis().id, 1, began)), (std::vector<std::string>{"new"}));

  for (int i = 0; i < 60; ++i) begin(std::to_string(i));
  const json::object event = activity_json(analysis(), activity, began);
  EXPECT_EQ(event.at("type"), "activity");
  EXPECT_EQ(event.at("connection"), "analysis");
  EXPECT_EQ(event.at("sessions").as_array().size(), 1U);
  EXPECT_EQ(event.at("operations").as_array().size(), 50U);
  EXPECT_EQ(ids_of(event.at("operations").as_array()).front(), "59");
}

TEST(ActivityJson, OnlyOfConnectionsThatHaveAny) {
  Connections connections;
  connections.add(analysis());
  Connection idle = analysis();
  idle.id = ConnectionId("another");
  idle.name = "idle";
  connections.add(idle);
  Activity activity;
  EXPECT_TRUE(activities_json(connections, activity, began).empty());
  activity.saw(a_session());
  const json::array all = activities_json(connections, activity, began);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().at("connection"), "analysis");
}

TEST(EndpointJson, SaysWhyThereIsNoPort) {
  EXPECT_EQ(json::value(to_json({.host = "127.0.0.1", .port = 15002, .socket = "/r/gateway.sock", .problem = {}})),
            json::parse(R"({"host":"127.0.0.1","port":15002,"socket":"/r/gateway.sock"})"));
  EXPECT_EQ(
      to_json({.host = "127.0.0.1", .port = 0, .socket = "/r/gateway.sock", .problem = "All are taken."}).at("problem"),
      "All are taken.");
}

TEST(ChannelJson, LeadsToTheGatewayAndHoldsNoSecret) {
  const json::object channel = channel_json(analysis(), "/r/gateway.sock");
  EXPECT_EQ(channel.at("target"), "unix:/r/gateway.sock");
  EXPECT_FALSE(channel.contains("token"));
}

}  // namespace firesteel::api
