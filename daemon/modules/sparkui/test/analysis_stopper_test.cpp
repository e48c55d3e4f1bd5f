// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/analysis_stopper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace firesteel::sparkui {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::IsEmpty;

const ServerId server("server-1");
const ConnectionId connection("connection-1");
const SessionKey session{server, "ana", SessionId("s")};
constexpr auto patience = std::chrono::seconds(20);

/// A Spark UI whose jobs end when they are told to, or not.
struct FakeUi {
  std::vector<Job> running;
  std::vector<std::int64_t> killed;
  bool obeys = true;
  int looks = 0;

  AnalysisStopper::Ui hooks() {
    return {.running_jobs = [this](UiAddress, TimePoint) { return list(); },
            .kill = [this](UiAddress, std::vector<std::int64_t> jobs, TimePoint) { return kill(std::move(jobs)); }};
  }

 private:
  asio::awaitable<Result<std::vector<Job>>> list() {
    ++looks;
    co_return running;
  }
  asio::awaitable<Result<void>> kill(std::vector<std::int64_t> jobs) {
    killed.insert(killed.end(), jobs.begin(), jobs.end());
    if (obeys) std::erase_if(running, [&](const Job& job) { return std::count(jobs.begin(), jobs.end(), job.id) > 0; });
    co_return Result<void>{};
  }
};

class AnalysisStopperTest : public testing::Test {
 protected:
  AnalysisStopperTest() {
    activity_.saw({.key = session,
                   .connection = connection,
                   .client_type = {},
                   .notebook = {},
                   .spark_id = "spark-side",
                   .started_at = clock_.wall(),
                   .last_active = clock_.now()});
    scope_.spawn("stopper", stopper_.run());
  }
  ~AnalysisStopperTest() override {
    scope_.cancel();
    loop_.run_for(patience);
  }

  void begin(OperationKind kind) {
    activity_.began({.id = OperationId("o"),
                     .session = session,
                     .connection = connection,
                     .kind = kind,
                     .detail = {},
                     .notebook = {},
                     .cell = {},
                     .started_at = clock_.wall(),
                     .started = clock_.now()});
  }
  void end(OperationState state) {
    activity_.update(session, OperationId("o"), [&](Operation& operation) {
      operation.state = state;
      operation.ended = clock_.now();
    });
  }
  Job job(std::int64_t id) const {
    return {.id = id,
            .name = "a job",
            .submitted = clock_.wall() + std::chrono::seconds(1),
            .tags = {"spark-session-spark-side"}};
  }
  template <class Condition>
  bool run_until(Condition condition) {
    const TimePoint deadline = Steady::now() + patience;
    while (!condition() && Steady::now() < deadline) loop_.run_one_for(std::chrono::milliseconds(100));
    return condition();
  }

  const SystemClock clock_;
  asio::io_context loop_{1};
  Activity activity_;
  FakeUi ui_;
  bool has_ui_ = true;
  AnalysisStopper stopper_{loop_.get_executor(), activity_, clock_,
                           [this](const ServerId&) { return has_ui_ ? std::optional(UiAddress{}) : std::nullopt; },
                           ui_.hooks()};
  io::Scope scope_{loop_.get_executor()};
};

TEST_F(AnalysisStopperTest, StopsTheJobsOfAnInterruptedAnalysis) {
  begin(OperationKind::analyze);
  ui_.running = {job(1)};
  end(OperationState::interrupted);
  ASSERT_TRUE(run_until([&] { return ui_.running.empty(); }));
  EXPECT_THAT(ui_.killed, ElementsAre(1));
}

TEST_F(AnalysisStopperTest, StopsAJobThatBeginsLater) {
  begin(OperationKind::analyze);
  end(OperationState::interrupted);
  ASSERT_TRUE(run_until([&] { return ui_.looks >= 2; }));
  EXPECT_THAT(ui_.killed, IsEmpty());
  ui_.running = {job(2)};
  ASSERT_TRUE(run_until([&] { return ui_.running.empty(); }));
}

TEST_F(AnalysisStopperTest, LeavesAnalysesAloneThatEndByThemselves) {
  begin(OperationKind::analyze);
  ui_.running = {job(1)};
  end(OperationState::finished);
  loop_.poll();
  EXPECT_EQ(ui_.looks, 0);
}

TEST_F(AnalysisStopperTest, LeavesQueriesToSparksOwnInterrupt) {
  begin(OperationKind::query);
  ui_.running = {job(1)};
  end(OperationState::interrupted);
  loop_.poll();
  EXPECT_EQ(ui_.looks, 0);
}

TEST_F(AnalysisStopperTest, StopsWhatAnEarlierDaemonWasAskedFor) {
  ui_.running = {job(1)};
  stopper_.look_through(server, connection);
  ASSERT_TRUE(run_until([&] { return ui_.running.empty(); }));
}

TEST_F(AnalysisStopperTest, GivesAJobUpThatDoesNotEnd) {
  ui_.obeys = false;
  ui_.running = {job(1)};
  stopper_.look_through(server, connection);
  ASSERT_TRUE(run_until([&] { return ui_.looks >= 5; }));
  EXPECT_THAT(ui_.killed, ElementsAre(1, 1, 1));
}

TEST_F(AnalysisStopperTest, ForgetsAServerWithoutASparkUi) {
  has_ui_ = false;
  stopper_.look_through(server, connection);
  loop_.poll();
  has_ui_ = true;
  stopper_.look_through(server, connection);  // as if it were new
  ASSERT_TRUE(run_until([&] { return ui_.looks == 1; }));
}

}  // namespace
}  // namespace firesteel::sparkui
