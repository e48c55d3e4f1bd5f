// SPDX-License-Identifier: Apache-2.0
#include "spark_call.hpp"

#include <gmock/gmock.h>

#include "firesteel/h2/grpc_call.hpp"
#include "firesteel/h2/spark_fields.hpp"
#include "framed.hpp"

namespace firesteel::gateway {
namespace {

namespace fields = spark::fields;
using h2::GrpcStatus;
using h2::ProtoWriter;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr h2::ProtoField sql{"spark.connect.Relation", "sql", 10};
constexpr h2::ProtoField write_operation{"spark.connect.Command", "write_operation", 2};
constexpr h2::ProtoField schema{"spark.connect.AnalyzePlanRequest", "schema", 4};

class MovedClock final : public Clock {
 public:
  TimePoint now() const override { return at; }
  WallTime wall() const override { return {}; }
  TimePoint at = TimePoint{} + seconds(1000);
};

class SparkCallTest : public testing::Test {
 protected:
  std::unique_ptr<SparkCall> call(std::string_view method) {
    return SparkCall::watch("/spark.connect.SparkConnectService/" + std::string(method),
                            {.connection = connection,
                             .server = key.server,
                             .local = true,
                             .notebook = "n.ipynb",
                             .cell = "c1",
                             .agent = "tonic/0.14.2"},
                            activity, clock);
  }
  static std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  ProtoWriter request() const {
    ProtoWriter out;
    out.bytes(fields::execute_session_id, key.id.str());
    out.bytes(fields::execute_user_context, ProtoWriter().bytes(fields::user_context_user_id, key.user).take());
    return out;
  }
  std::string execute(const std::string& plan, bool reattachable = true) const {
    const std::string options =
        ProtoWriter()
            .bytes(fields::options_reattach, ProtoWriter().varint(fields::reattach_reattachable, reattachable).take())
            .take();
    return framed(request()
                      .bytes(fields::execute_plan, plan)
                      .bytes(fields::execute_client_type, "_SPARK_CONNECT_PYTHON spark/4.3.0")
                      .bytes(fields::execute_request_options, options)
                      .bytes(fields::execute_operation_id, id.str())
                      .take());
  }
  std::string query() const {
    const std::string relation = ProtoWriter().bytes(fields::relation_common, "\x10\x01").bytes(sql, "…").take();
    return execute(ProtoWriter().bytes(fields::plan_root, relation).take());
  }
  std::string batch(std::uint64_t rows, std::size_t size) const {
    const std::string data = ProtoWriter()
                                 .varint(fields::batch_row_count, rows)
                                 .bytes(h2::ProtoField{"", "data", 2}, std::string(size, 'd'))
                                 .take();
    return framed(ProtoWriter().bytes(fields::executed_arrow_batch, data).take());
  }
  static std::string progress(std::uint64_t tasks, std::uint64_t completed) {
    const std::string stage = ProtoWriter()
                                  .varint(fields::stage_num_tasks, tasks)
                                  .varint(fields::stage_num_completed_tasks, completed)
                                  .take();
    return framed(ProtoWriter()
                      .bytes(fields::executed_progress, ProtoWriter().bytes(fields::progress_stages, stage).take())
                      .take());
  }
  static std::string complete() { return framed(ProtoWriter().bytes(fields::executed_result_complete, "").take()); }
  const Operation& operation() const { return *activity.find(key, id); }

  MovedClock clock;
  Activity activity;
  const ConnectionId connection{"connection"};
  const SessionKey key{ServerId("server"), "ann", SessionId("11111111-2222-3333-4444-555555555555")};
  const OperationId id{"operation"};
};

TEST_F(SparkCallTest, AClientThatDoesNotSayWhatItIsIsKnownByItsLibrary) {
  call("AddArtifacts")->request_data(bytes_of(framed(request().take())));
  ASSERT_TRUE(activity.find(key));
  EXPECT_EQ(activity.find(key)->client_type, "tonic/0.14.2");
  call("ExecutePlan")->request_data(bytes_of(query()));
  EXPECT_EQ(activity.find(key)->client_type, "_SPARK_CONNECT_PYTHON spark/4.3.0");
}

TEST_F(SparkCallTest, AQueryIsASessionsOperation) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  const Session* session = activity.find(key);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->client_type, "_SPARK_CONNECT_PYTHON spark/4.3.0");
  EXPECT_EQ(session->notebook, "n.ipynb");
  EXPECT_EQ(session->running, 1);
  EXPECT_EQ(operation().kind, OperationKind::query);
  EXPECT_EQ(operation().detail, "sql");
  EXPECT_EQ(operation().cell, "c1");
  EXPECT_EQ(operation().state, OperationState::running);
}

TEST_F(SparkCallTest, ACommandIsToldByItsName) {
  const auto one = call("ExecutePlan");
  const std::string command = ProtoWriter().bytes(write_operation, std::string(10'000, 'w')).take();
  one->request_data(bytes_of(execute(ProtoWriter().bytes(fields::plan_command, command).take())));
  EXPECT_EQ(operation().kind, OperationKind::command);
  EXPECT_EQ(operation().detail, "write_operation");
}

TEST_F(SparkCallTest, RowsBytesAndTasksAreCounted) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->response_data(bytes_of(progress(200, 10)));
  one->response_data(bytes_of(batch(1000, 50'000)));
  one->response_data(bytes_of(progress(200, 4)));
  one->response_data(bytes_of(batch(24, 100)));
  clock.at += seconds(3);
  one->response_data(bytes_of(complete()));
  EXPECT_EQ(operation().rows, 1024U);
  EXPECT_GT(operation().bytes, 50'100U);
  EXPECT_EQ(operation().tasks, 200U);
  EXPECT_EQ(operation().completed_tasks, 10U);
  EXPECT_EQ(operation().state, OperationState::finished);
  EXPECT_EQ(operation().ended, clock.at);
  EXPECT_EQ(activity.find(key)->running, 0);
  one->ended(GrpcStatus::unavailable, "after the end");
  EXPECT_EQ(operation().state, OperationState::finished);
}

TEST_F(SparkCallTest, AnErrorIsTheOperationsEndWithItsFirstLine) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->ended(GrpcStatus::internal, "[DIVIDE_BY_ZERO] no\n\tat Foo.bar(Foo.scala:1)");
  EXPECT_EQ(operation().state, OperationState::failed);
  EXPECT_EQ(operation().error, "[DIVIDE_BY_ZERO] no");
}

TEST_F(SparkCallTest, AStreamThatEndsWithoutTheResultLeavesTheOperationRunning) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->ended(GrpcStatus::ok, "");
  EXPECT_EQ(operation().state, OperationState::running);
  EXPECT_FALSE(operation().attended);

  const auto again = call("ReattachExecute");
  again->request_data(bytes_of(framed(request().bytes(fields::reattach_operation_id, id.str()).take())));
  EXPECT_TRUE(operation().attended);
  again->response_data(bytes_of(complete()));
  EXPECT_EQ(operation().state, OperationState::finished);
  EXPECT_EQ(activity.operations(connection).size(), 1U);
}

TEST_F(SparkCallTest, ALostWayOrClientLeavesAReattachableOperationRunning) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->ended(GrpcStatus::unavailable, "lost");
  EXPECT_EQ(operation().state, OperationState::running);
  one->abandoned();
  EXPECT_EQ(operation().state, OperationState::running);
  EXPECT_FALSE(operation().attended);
}

TEST_F(SparkCallTest, AnOperationThatCannotBeReattachedEndsWithItsCall) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(execute("", false)));
  one->abandoned();
  EXPECT_EQ(operation().state, OperationState::interrupted);
}

TEST_F(SparkCallTest, AReattachAfterARestartMakesTheOperationKnown) {
  const auto one = call("ReattachExecute");
  one->request_data(bytes_of(framed(request().bytes(fields::reattach_operation_id, id.str()).take())));
  EXPECT_EQ(operation().state, OperationState::running);
  EXPECT_TRUE(activity.find(key));
}

TEST_F(SparkCallTest, InterruptEndsWhatSparkSaysItHasInterrupted) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->abandoned();
  const auto interrupt = call("Interrupt");
  interrupt->request_data(bytes_of(framed(request().varint(fields::interrupt_type, 1).take())));
  interrupt->response_data(bytes_of(framed(ProtoWriter().bytes(fields::interrupted_ids, id.str()).take())));
  interrupt->ended(GrpcStatus::ok, "");
  EXPECT_EQ(operation().state, OperationState::interrupted);
}

TEST_F(SparkCallTest, AnInterruptedOperationIsNoFailure) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->ended(GrpcStatus::internal, "[OPERATION_CANCELED] Operation has been canceled.");
  EXPECT_EQ(operation().state, OperationState::interrupted);
  EXPECT_EQ(operation().error, "");
}

TEST_F(SparkCallTest, ReleasingASessionEndsIt) {
  call("ExecutePlan")->request_data(bytes_of(query()));
  const auto release = call("ReleaseSession");
  release->request_data(bytes_of(framed(request().take())));
  EXPECT_TRUE(activity.find(key));
  release->ended(GrpcStatus::ok, "");
  EXPECT_FALSE(activity.find(key));
  EXPECT_EQ(operation().state, OperationState::interrupted);
}

TEST_F(SparkCallTest, ASessionThatSparkHasClosedIsNotListedAnyMore) {
  const auto one = call("ExecutePlan");
  one->request_data(bytes_of(query()));
  one->ended(GrpcStatus::internal, "[INVALID_HANDLE.SESSION_CLOSED] The handle is invalid. Session was closed.");
  EXPECT_FALSE(activity.find(key));
  EXPECT_NE(operation().state, OperationState::running);
}

TEST_F(SparkCallTest, AnAnalysisIsListedWhileItRunsAndKeptIfItWasLong) {
  const auto quick = call("AnalyzePlan");
  quick->request_data(bytes_of(framed(request().bytes(schema, "plan").take())));
  ASSERT_EQ(activity.operations(connection).size(), 1U);
  EXPECT_EQ(activity.operations(connection).front()->detail, "schema");
  clock.at += milliseconds(20);
  quick->ended(GrpcStatus::ok, "");
  EXPECT_TRUE(activity.operations(connection).empty());

  const auto slow = call("AnalyzePlan");
  slow->request_data(bytes_of(framed(request().bytes(schema, "plan").take())));
  clock.at += seconds(5);
  slow->ended(GrpcStatus::ok, "");
  ASSERT_EQ(activity.operations(connection).size(), 1U);
  EXPECT_EQ(activity.operations(connection).front()->state, OperationState::finished);
}

TEST_F(SparkCallTest, HostileTextIsCutAndMadePlain) {
  const auto one = call("Config");
  const std::string evil = std::string(5000, 'a') + "\x1b[31m\n";
  one->request_data(bytes_of(framed(ProtoWriter().bytes(fields::execute_session_id, evil).take())));
  ASSERT_EQ(activity.sessions(connection).size(), 1U);
  EXPECT_LE(activity.sessions(connection).front()->key.id.str().size(), 128U);
}

TEST_F(SparkCallTest, ACallOfAnotherServiceIsNotWatched) {
  EXPECT_EQ(SparkCall::watch("/grpc.health.v1.Health/Check", {}, activity, clock), nullptr);
}

}  // namespace
}  // namespace firesteel::gateway
