// SPDX-License-Identifier: Apache-2.0
#include "firesteel/sparkui/jobs.hpp"

#include <time.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <optional>

namespace firesteel::sparkui {

namespace json = boost::json;

namespace {

constexpr std::string_view operation_tag = "SparkConnect_OperationTag_";
constexpr std::string_view session_tag = "spark-session-";
constexpr std::string_view root_part = "-execution-root-id-";
constexpr std::string_view analysis_name = "analyzePlan at ";

/// "2026-01-31T14:37:25.202GMT", as Spark's REST API has it.
std::optional<WallTime> read_time(std::string_view text) {
  std::tm parts{};
  int milliseconds = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dGMT", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds) != 7)
    return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(::timegm(&parts)) + std::chrono::milliseconds(milliseconds);
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<Job> read_job(const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return std::nullopt;
  const json::value* id = object->if_contains("jobId");
  const auto submitted = read_time(text_of(*object, "submissionTime"));
  if (!id || !id->is_int64() || !submitted) return std::nullopt;
  Job job{.id = id->get_int64(), .name = text_of(*object, "name"), .submitted = *submitted, .tags = {}};
  if (const json::value* tags = object->if_contains("jobTags"); tags && tags->is_array())
    for (const json::value& tag : tags->get_array())
      if (tag.is_string()) job.tags.emplace_back(tag.get_string());
  return job;
}

struct Origin {
  bool known_operation = false;
  std::string session;  ///< Spark's own id; empty: none
  std::string root;     ///< the tag; empty: none
};

Origin origin_of(const Job& job) {
  Origin out;
  for (const std::string& tag : job.tags) {
    if (tag.starts_with(operation_tag)) out.known_operation = true;
    if (!tag.starts_with(session_tag)) continue;
    const bool is_root = tag.find(root_part) != std::string::npos;
    (is_root ? out.root : out.session) = is_root ? tag : tag.substr(session_tag.size());
  }
  return out;
}

bool may_have_begun(const RunningAnalysis& analysis, const Job& job, const Origin& origin) {
  constexpr auto rounding = std::chrono::milliseconds(2);
  if (job.submitted + rounding < analysis.began) return false;
  return origin.session.empty() || analysis.spark_session.empty() || analysis.spark_session == origin.session;
}

}  // namespace

Result<std::vector<Job>> read_jobs(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_array())
    return Error{.code = Errc::internal, .message = "The Spark UI's list of jobs can't be read."};
  std::vector<Job> out;
  for (const json::value& each : value.get_array())
    if (auto job = read_job(each)) out.push_back(std::move(*job));
  return out;
}

std::vector<Job> jobs_of_nobody(const std::vector<Job>& running, const std::vector<RunningAnalysis>& analyses,
                                std::set<std::string>& roots) {
  std::vector<Job> out;
  for (const Job& job : running) {
    const Origin origin = origin_of(job);
    const bool from_analysis =
        !origin.known_operation && (!origin.session.empty() || job.name.starts_with(analysis_name));
    if (!from_analysis) continue;
    const bool wanted = std::any_of(analyses.begin(), analyses.end(), [&](const RunningAnalysis& analysis) {
      return may_have_begun(analysis, job, origin);
    });
    if (wanted && !roots.contains(origin.root)) continue;
    if (!origin.root.empty()) roots.insert(origin.root);
    out.push_back(job);
  }
  return out;
}

}  // namespace firesteel::sparkui
