// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::sparkui {

/// A Spark job as `/api/v1/applications/ID/jobs` tells it.
struct Job {
  std::int64_t id = 0;
  std::string name;    ///< where in the driver it was begun: "analyzePlan at SparkConnectServiceGrpc.java:1254"
  WallTime submitted;  ///< by the driver's clock
  std::vector<std::string> tags;  ///< see below
};

/// Reads the reply of `/api/v1/applications/ID/jobs`; jobs without an id or a time of submission are left out.
/// Errc::internal when it is no JSON list.
Result<std::vector<Job>> read_jobs(std::string_view json);

/// An AnalyzePlan that somebody waits for.
struct RunningAnalysis {
  std::string spark_session;  ///< Spark's own id of the session (server_side_session_id); empty: not known
  WallTime began;             ///< by our clock, which is the driver's: same machine
};

/// Those of `running` that an AnalyzePlan had begun for which nobody waits any more, and that nobody else may need.
///
/// Spark Connect marks what an ExecutePlan begins with a tag `SparkConnect_OperationTag_…`, also when a thread of the
/// plan's begins it (streams, broadcasts). What an AnalyzePlan begins (the schema of a CSV file, a pivot) has no
/// such tag: most of it has `spark-session-ID` and `spark-session-ID-execution-root-id-N`; jobs outside of SQL have
/// none at all and only their name (seen with Spark 4.3). One that any of `analyses` may have begun is left alone.
/// `roots`: the execution roots that were found, which grows: later jobs of the same roots are taken without doubt.
std::vector<Job> jobs_of_nobody(const std::vector<Job>& running, const std::vector<RunningAnalysis>& analyses,
                                std::set<std::string>& roots);

}  // namespace firesteel::sparkui
