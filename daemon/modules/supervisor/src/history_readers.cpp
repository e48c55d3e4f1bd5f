// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/history_readers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "firesteel/io/child.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/loopback.hpp"
#include "firesteel/io/proc.hpp"
#include "firesteel/io/unique_fd.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/logs/log_file.hpp"

namespace firesteel {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto start_patience = 60s;
constexpr auto look_interval = 50ms;
constexpr auto idle_look_interval = 30s;
constexpr auto retry_pause = 10s;  // after a failure, so that each page that is asked for doesn't start a JVM

}  // namespace

struct HistoryReaders::Reader {
  HistorySource source;
  HistoryAccess access;
  fs::path directory;
  io::Process process{};
  std::string knows{};  ///< the application that it has read of
  TimePoint asked{};

  fs::path log() const { return directory / "history.log"; }

  Error failure(Errc code, std::string_view what) const {
    const auto tail = read_last_lines(log(), 1);
    return {.code = code,
            .message = fmt::format("Spark's history server {}{}", what,
                                   tail && !tail->lines.empty() ? ": " + tail->lines.back() : "."),
            .advice = fmt::format("Its log is {}.", log().string())};
  }
};

HistoryReaders::HistoryReaders(asio::any_io_executor executor, const Clock& clock, Settings settings)
    : clock_(clock), settings_(std::move(settings)), tasks_(std::move(executor)) {}

asio::awaitable<void> HistoryReaders::shut_down() {
  for (const auto& [id, reader] : readers_) io::kill_group(reader->process);
  co_await tasks_.join();
}

std::string HistoryReaders::mark() const {
  return fmt::format("{}={}", history_variable, settings_.directories.runtime.string());
}

asio::awaitable<void> HistoryReaders::run() {
  if (readers_.empty()) {
    io::signal_marked(mark(), SIGKILL);
    std::error_code ignored;  // what stays costs little
    fs::remove_all(settings_.directories.runtime / "history", ignored);
  }
  for (;;) {
    co_await io::sleep_for(idle_look_interval);
    const TimePoint now = clock_.now();
    for (const auto& [id, reader] : readers_)
      if (now - reader->asked > patience) io::kill_group(reader->process);
  }
}

asio::awaitable<bool> HistoryReaders::is_ready(std::shared_ptr<Reader> reader, std::string application) const {
  const HistoryAccess access = reader->access;
  // The key goes only to the process that we started: somebody else may have taken the port before it.
  if (!io::is_taken(access.port) || !io::listens_on(reader->process.pid, access.port)) co_return false;
  co_return co_await settings_.knows(access, std::move(application));
}

asio::awaitable<Result<HistoryAccess>> HistoryReaders::open(ConnectionId id, EndedApplication application) {
  const TimePoint deadline = clock_.now() + start_patience;
  std::shared_ptr<Reader> reader;
  if (const auto found = readers_.find(id); found != readers_.end() && found->second->source == application.source)
    reader = found->second;
  if (!reader || io::has_ended(reader->process)) {
    const auto failed = failures_.find(id);
    if (failed != failures_.end() && failed->second.source == application.source &&
        clock_.now() - failed->second.at < retry_pause)
      co_return failed->second.error;
    close(id);
    auto started = start(id, application.source);
    if (!started) co_return started.error();
    reader = std::move(*started);
  }
  reader->asked = clock_.now();
  while (reader->knows != application.id) {
    if (io::has_ended(reader->process)) co_return remember(id, *reader, reader->failure(Errc::internal, "has ended"));
    if (clock_.now() > deadline)
      co_return reader->failure(Errc::timed_out, fmt::format("doesn't know of {} yet", application.id));
    const bool ready = co_await is_ready(reader, application.id);
    if (ready)
      reader->knows = application.id;
    else
      co_await io::sleep_for(look_interval);
  }
  co_return reader->access;
}

/// Keeps the log of the latest failure alone.
Error HistoryReaders::remember(const ConnectionId& id, const Reader& reader, Error error) {
  forget_failure(id, reader.directory);
  failures_.insert_or_assign(id, Failed{reader.source, clock_.now(), error, reader.directory});
  return error;
}

void HistoryReaders::forget_failure(const ConnectionId& id, const fs::path& keep) {
  const auto failed = failures_.extract(id);
  if (!failed || failed.mapped().directory == keep) return;
  std::error_code ignored;
  fs::remove_all(failed.mapped().directory, ignored);
}

void HistoryReaders::close(const ConnectionId& id) {
  forget_failure(id, {});
  const auto found = readers_.find(id);
  if (found == readers_.end()) return;
  io::kill_group(found->second->process);
  readers_.erase(found);
}

void HistoryReaders::make_room() {
  while (readers_.size() >= most_readers) {
    const auto longest = std::min_element(readers_.begin(), readers_.end(), [](const auto& a, const auto& b) {
      return a.second->asked < b.second->asked;
    });
    io::kill_group(longest->second->process);
    readers_.erase(longest);
  }
}

Result<std::shared_ptr<HistoryReaders::Reader>> HistoryReaders::start(const ConnectionId& id,
                                                                      const HistorySource& source) {
  make_room();
  auto port = io::free_port();
  if (!port) return port.error();
  auto reader = std::make_shared<Reader>();
  reader->source = source;
  reader->access = {.port = *port, .key = random_token(32)};
  // One for each start: what clears up after the one before doesn't touch it.
  reader->directory = settings_.directories.runtime / "history" / random_uuid();
  if (auto made = io::ensure_private_directory(reader->directory.parent_path()); !made) return made.error();
  if (auto made = io::ensure_private_directory(reader->directory); !made) return made.error();
  const LaunchPlan plan = history_launch({.source = source,
                                          .base = settings_.environment,
                                          .directory = reader->directory.string(),
                                          .owner = settings_.directories.runtime.string(),
                                          .port = *port,
                                          .key = reader->access.key});
  for (const LaunchFile& file : plan.files)
    if (auto written = io::write_atomically(file.path, file.content, file.mode); !written) return written.error();
  const io::UniqueFd log(
      ::open(reader->log().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!log) return Error{.message = fmt::format("Can't write {}: {}.", reader->log().string(), std::strerror(errno))};
  auto process =
      io::spawn({.argv = plan.argv, .env = plan.environment, .cwd = plan.working_directory, .output = log.get()});
  if (!process) return process.error();
  reader->process = std::move(*process);
  readers_[id] = reader;
  tasks_.spawn("watch a history server", watch(reader));
  return reader;
}

asio::awaitable<void> HistoryReaders::watch(std::shared_ptr<Reader> reader) {
  const ExitStatus status = co_await io::wait_for_exit(reader->process);
  spdlog::info("a history server (process {}) ended: {}", reader->process.pid, to_string(status));
  std::erase_if(readers_, [&](const auto& each) { return each.second == reader; });
  std::error_code ignored;
  if (!reader->knows.empty()) fs::remove_all(reader->directory, ignored);  // else its log says why it didn't
}

}  // namespace firesteel
