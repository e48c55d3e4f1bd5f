// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/event_logs.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace firesteel {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// One application's.
struct EventLog {
  fs::path path;
  std::uint64_t bytes = 0;
  std::pair<std::int64_t, std::int64_t> written{};  // the last time, in seconds and nanoseconds
};

/// Adds a file as it is, whatever a link may lead to; false when it isn't there.
bool add(const fs::path& file, EventLog& to) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0) return false;
  to.bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  to.written =
      std::max(to.written, std::pair(std::int64_t{status.st_mtim.tv_sec}, std::int64_t{status.st_mtim.tv_nsec}));
  return true;
}

/// Of a directory with files that Spark rolls over, or of a single file.
std::optional<EventLog> look_at(const fs::path& path) {
  EventLog out{.path = path};
  std::error_code error;
  const auto type = fs::symlink_status(path, error).type();
  if (type != fs::file_type::directory && type != fs::file_type::regular) return std::nullopt;
  if (!add(path, out)) return std::nullopt;
  if (type == fs::file_type::regular) return out;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    add(at->path(), out);
  return out;
}

}  // namespace

Result<DeletedEvents> bound_event_logs(const fs::path& directory, const EventLimits& limits, std::string_view running) {
  DeletedEvents deleted;
  if (limits.bytes == 0) return deleted;
  std::vector<EventLog> logs;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (auto log = look_at(at->path())) logs.push_back(std::move(*log));
  std::ranges::sort(logs, {}, &EventLog::written);
  std::size_t left = logs.size();
  std::uint64_t bytes = 0;
  for (const EventLog& log : logs) bytes += log.bytes;
  std::optional<Error> failed;
  for (std::size_t i = 0; i + 1 < logs.size() && (left > limits.applications || bytes > limits.bytes); ++i) {
    const EventLog& log = logs[i];
    if (!running.empty() && log.path.filename().string().find(running) != std::string::npos) continue;
    fs::remove_all(log.path, error);
    if (error) {
      failed = Error{.message = fmt::format("Can't delete the event log {}: {}.", log.path.string(), error.message())};
      continue;
    }
    --left;
    bytes -= log.bytes;
    ++deleted.applications;
    deleted.bytes += log.bytes;
  }
  if (failed) return *failed;
  return deleted;
}

struct EventLogs::Job {
  std::string name;  // the connection's
  Result<DeletedEvents> result = DeletedEvents{};
  bool done = false;
  io::Notice end;
};

EventLogs::EventLogs(asio::any_io_executor executor, Connections& connections, Settings settings)
    : executor_(std::move(executor)),
      connections_(connections),
      settings_(std::move(settings)),
      subscription_(connections.watch([this](std::string_view, const Connection* connection) { note(connection); })) {}

void EventLogs::note(const Connection* connection) {
  if (connection == nullptr) return;
  if (is_live(connection->state)) {
    live_.insert(connection->id);
  } else if (live_.erase(connection->id) > 0) {
    again_ = true;
    ended_.announce();
  }
}

asio::awaitable<void> EventLogs::run() {
  for (;;) {
    again_ = false;
    co_await look_through();
    if (!again_) co_await ended_.wait(Steady::now() + interval);
  }
}

asio::awaitable<void> EventLogs::look_through() {
  std::vector<ConnectionId> ids;  // connections come and go while the disk is waited for
  for (const auto& connection : connections_.all()) ids.push_back(connection->id);
  for (const ConnectionId& id : ids) {
    const Connection* connection = connections_.find(id);
    if (connection == nullptr) continue;
    const std::shared_ptr<Job> job = begin(*connection);
    while (!job->done) co_await job->end.wait(TimePoint::max());
    tell(*job);
  }
}

std::shared_ptr<EventLogs::Job> EventLogs::begin(const Connection& connection) {
  auto job = std::make_shared<Job>();
  job->name = connection.name;
  asio::post(disk_, [job, loop = executor_, directory = settings_.directory / connection.id.str(),
                     limits = settings_.limits, running = connection.application_id] {
    auto result = bound_event_logs(directory, limits, running);
    asio::post(loop, [job, result = std::move(result)] {
      job->result = result;
      job->done = true;
      job->end.announce();
    });
  });
  return job;
}

void EventLogs::tell(const Job& job) const {
  if (!job.result)
    spdlog::warn("{}: {}", job.name, job.result.error().message);
  else if (job.result->applications > 0)
    spdlog::info(
        "{}: the event logs of {} ended applications are deleted, {} MiB: a connection keeps those of its last {}, and "
        "at most {} MiB ($FIRESTEEL_EVENTS_LIMIT_MIB)",
        job.name, job.result->applications, job.result->bytes >> 20, settings_.limits.applications,
        settings_.limits.bytes >> 20);
}

}  // namespace firesteel
