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
  EXPECT_EQ(json::value(to_json(connection, began + 9520ms)), golden("connection-ready"));
}

TEST(ConnectionJson, OfAStartingOneTellsHowFarItIs) {
  Connection connection = analysis();
  connection.state = ConnectionState::starting;
  connection.state_since = began;
  connection.phases.push_back({StartPhase::starting_jvm, began + 120ms, std::nullopt});
  connection.pid = 4711;
  connection.grpc_port = 44331;
  EXPECT_EQ(json::value(to_json(connection, began + 2020ms)), golden("connection-starting"));
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
  EXPECT_EQ(json::value(to_json(connection, began)), golden("connection-failed"));
}

}  // namespace firesteel::api
