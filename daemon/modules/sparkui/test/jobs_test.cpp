// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace firesteel::sparkui {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string mine = "ecf07b3d-df7f-4984-808f-c377cf947f4e";
const std::string other = "5bf3a78e-f933-499d-be95-9847edb7a4b9";
const WallTime noon{std::chrono::hours(24 * 20'000 + 12)};

Job tagged(std::int64_t id, const std::string& session, int root = 1, WallTime submitted = noon) {
  const std::string tag = "spark-session-" + session;
  return {.id = id,
          .name = "$anonfun$withThreadLocalCaptured$1 at <unknown>:0",
          .submitted = submitted,
          .tags = {tag, tag + "-execution-root-id-" + std::to_string(root)}};
}

Job untagged(std::int64_t id) {
  return {.id = id, .name = "analyzePlan at SparkConnectServiceGrpc.java:1254", .submitted = noon, .tags = {}};
}

std::vector<std::int64_t> ids(const std::vector<Job>& jobs) {
  std::vector<std::int64_t> out;
  for (const Job& job : jobs) out.push_back(job.id);
  return out;
}

std::vector<std::int64_t> of_nobody(const std::vector<Job>& running, const std::vector<RunningAnalysis>& analyses) {
  std::set<std::string> roots;
  return ids(jobs_of_nobody(running, analyses, roots));
}

TEST(JobsOfNobody, AreThoseWithoutAnOperation) {
  Job of_query = tagged(1, mine);
  of_query.tags.push_back("SparkConnect_OperationTag_User_u_Session_s_Operation_o");
  EXPECT_THAT(of_nobody({of_query, tagged(2, mine), untagged(3)}, {}), ElementsAre(2, 3));
}

TEST(JobsOfNobody, AreNotThoseThatSomethingElseInTheDriverBegan) {
  Job of_a_plugin = untagged(1);
  of_a_plugin.name = "run at ThreadPoolExecutor.java:1136";
  EXPECT_THAT(of_nobody({of_a_plugin}, {}), IsEmpty());
}

TEST(JobsOfNobody, AreNotThoseThatARunningAnalysisMayHaveBegun) {
  const RunningAnalysis running{.spark_session = mine, .began = noon - milliseconds(10)};
  EXPECT_THAT(of_nobody({tagged(1, mine), tagged(2, other), untagged(3)}, {running}), ElementsAre(2));
}

TEST(JobsOfNobody, AreThoseFromBeforeTheRunningAnalysis) {
  const RunningAnalysis running{.spark_session = mine, .began = noon + milliseconds(10)};
  EXPECT_THAT(of_nobody({tagged(1, mine), untagged(3)}, {running}), ElementsAre(1, 3));
}

TEST(JobsOfNobody, LeavesAloneWhatAnAnalysisOfAnUnknownSessionMayHaveBegun) {
  const RunningAnalysis running{.spark_session = "", .began = noon - milliseconds(10)};
  EXPECT_THAT(of_nobody({tagged(1, mine), tagged(2, other), untagged(3)}, {running}), IsEmpty());
}

TEST(JobsOfNobody, TakesLaterJobsOfARootThatWasFound) {
  std::set<std::string> roots;
  EXPECT_THAT(ids(jobs_of_nobody({tagged(1, mine, 7)}, {}, roots)), ElementsAre(1));
  const RunningAnalysis again{.spark_session = mine, .began = noon};
  const WallTime later = noon + milliseconds(500);
  EXPECT_THAT(ids(jobs_of_nobody({tagged(2, mine, 7, later), tagged(3, mine, 8, later)}, {again}, roots)),
              ElementsAre(2));
}

TEST(ReadJobs, ReadsSparksReply) {
  const auto jobs =
      read_jobs(R"([{"jobId": 24, "name": "count at X.java:1", "submissionTime": "2026-01-31T14:38:49.774GMT",
                                  "status": "RUNNING", "jobTags": ["spark-session-a"]},
                                 {"jobId": 25, "name": "no time yet"}])");
  ASSERT_TRUE(jobs);
  ASSERT_EQ(jobs->size(), 1u);
  EXPECT_EQ(jobs->front().id, 24);
  EXPECT_EQ(jobs->front().name, "count at X.java:1");
  EXPECT_EQ(to_rfc3339(jobs->front().submitted), "2026-01-31T14:38:49.774Z");
  EXPECT_THAT(jobs->front().tags, ElementsAre("spark-session-a"));
}

TEST(ReadJobs, RefusesWhatIsNoList) {
  EXPECT_FALSE(read_jobs("{}"));
  EXPECT_FALSE(read_jobs("<html>"));
  EXPECT_TRUE(read_jobs(R"(["text", 3, null, {"jobId": "x"}])")->empty());
}

}  // namespace
}  // namespace firesteel::sparkui
