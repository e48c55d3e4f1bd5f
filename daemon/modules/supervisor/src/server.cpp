// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "firesteel/h2/spark_probe.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/loopback.hpp"
#include "firesteel/io/proc.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/logs/advice.hpp"
#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/marked_lines.hpp"
#include "firesteel/supervisor/resolution.hpp"

namespace firesteel {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr auto look_interval = 50ms;     // between two looks at a server that is starting
constexpr int most_refusals = 3;         // that a server may answer in a row before its start has failed
constexpr auto clean_up_patience = 10s;  // for what a removed connection has left behind
constexpr auto kill_interval = 20ms;
constexpr auto kill_patience = 5s;       // until a killed process that is still there is said to be stuck
constexpr auto slow_kill_interval = 2s;  // then
constexpr auto probe_patience = 10s;     // for the first call, while the driver is still busy with itself

ServerId new_server_id() { return ServerId(random_uuid()); }

Failure cannot_spawn(const Error& error) {
  const bool full = error.advice.find("disk") != std::string::npos;
  return {.reason = full ? FailureReason::disk_full : FailureReason::spawn_failed,
          .message = error.message,
          .advice = error.advice};
}

Failure refused(const Error& error) {
  const bool by_options = error.code == Errc::invalid_option;
  return {.reason = by_options ? FailureReason::invalid_option : FailureReason::spawn_failed,
          .message = error.message,
          .advice = error.advice};
}

std::string mark_of(const ServerId& server) { return fmt::format("{}={}", server_id_variable, server.str()); }

}  // namespace

Server::Server(asio::any_io_executor executor, Surroundings surroundings, const RecordStore& store,
               ConnectionRecord record)
    : around_(surroundings),
      store_(store),
      record_(std::move(record)),
      machine_(new_server_id, surroundings.settings.deadlines),
      tasks_(std::move(executor)) {}

fs::path Server::log_file() const { return around_.settings.directories.state / "logs" / (record_.id.str() + ".log"); }

fs::path Server::events_directory() const { return around_.settings.directories.state / "events" / record_.id.str(); }

void Server::set_caller_python(std::string python) {
  if (!python.empty()) record_.caller_python = std::move(python);
}

void Server::save(bool is_default) {
  record_.is_default = is_default;
  if (auto saved = save(); !saved) spdlog::error("{}: {}", record_.name, saved.error().message);
}

asio::awaitable<void> Server::let_go() {
  tasks_.cancel();
  co_await tasks_.join();
}

// Telling the machine, and doing what it says ------------------------------------------------------------------------

void Server::tell(std::vector<ServerEvent> events) {
  events_.insert(events_.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  // What an action leads to at once is told after the actions of the event before it.
  if (telling_) return;
  telling_ = true;
  while (!events_.empty()) {
    const ServerEvent event = std::move(events_.front());
    events_.pop_front();
    for (const ServerAction& action : machine_.next(event, around_.clock.now())) perform(action);
  }
  telling_ = false;
  publish();
}

void Server::perform(const ServerAction& action) {
  using Kind = ServerAction::Kind;
  switch (action.kind) {
    case Kind::prepare:
      preparing_.cancel();
      begin_log();
      preparing_ = tasks_.spawn("prepare a server", prepare_then_tell(action.server));
      break;
    case Kind::spawn:
      spawn(action.server);
      break;
    case Kind::start_probing:
      probing_.cancel();
      probing_ = tasks_.spawn("probe a server", probe_until_ready(action.server));
      break;
    case Kind::stop_probing:
      probing_.cancel();
      break;
    case Kind::terminate:
      if (process_) io::signal_process(*process_, SIGTERM);
      break;
    case Kind::kill:
      kill();
      break;
    case Kind::clean_up:
      preparing_.cancel();
      tasks_.spawn("clean up after a server", clean_up(action.server));
      break;
    case Kind::arm_deadline:
      deadline_.cancel();
      deadline_ = tasks_.spawn("wait for a deadline", wait_for_deadline(action));
      break;
    case Kind::cancel_deadline:
      deadline_.cancel();
      break;
  }
}

void Server::publish() {
  record_.state = machine_.state();
  record_.failure = machine_.failure();
  was_ready_ = was_ready_ || machine_.state() == ConnectionState::ready;
  if (record_.history && !machine_.application_id().empty())
    record_.history->application_id = machine_.application_id();
  // On disk before it is told: what somebody has seen is still true after a crash.
  if (auto saved = save(); !saved) spdlog::error("{}: {}", record_.name, saved.error().message);
  around_.connections.update(record_.id, [&](Connection& connection) {
    const TimePoint now = around_.clock.now();
    if (connection.state != machine_.state() || connection.server_id != machine_.server()) connection.state_since = now;
    if (machine_.state() == ConnectionState::starting) connection.ready_at.reset();
    if (machine_.state() == ConnectionState::ready && !connection.ready_at) connection.ready_at = around_.clock.wall();
    connection.state = machine_.state();
    connection.definition = record_.definition;
    connection.phases = machine_.phases();
    connection.server_id = machine_.server();
    connection.pid = machine_.pid();
    connection.grpc_port =
        record_.run && machine_.pid() ? std::optional<std::uint16_t>(record_.run->grpc_port) : std::nullopt;
    connection.spark_version = machine_.spark_version();
    connection.application_id = machine_.application_id();
    connection.failure = machine_.failure();
    connection.has_history = record_.history && !record_.history->application_id.empty();
  });
}

Result<void> Server::save() {
  if (retired_ || saved_ == record_) return {};
  if (auto saved = store_.save(record_); !saved) return saved;
  saved_ = record_;
  return {};
}

// Starting -----------------------------------------------------------------------------------------------------------

asio::awaitable<void> Server::prepare_then_tell(ServerId server) {
  // Again, as at the request: the catalogue may be another one meanwhile, and a restart is no request of its own.
  const Resolution resolution = resolve(around_.catalog, record_.definition, nullptr);
  if (!resolution.problems.empty()) {
    tell({PrepareFailed{server, refused(resolution.problems.front())}});
    co_return;
  }
  // Named, not a temporary: g++ 12 frees an aggregate twice that is made inside a co_await expression.
  PreparationRequest request{.name = record_.name,
                             .server = server,
                             .cluster = *resolution.cluster,
                             .bundles = {},
                             .definition = record_.definition,
                             .caller_python = record_.caller_python,
                             .base = around_.settings.environment,
                             .directory = store_.run_directory(server).string(),
                             .working_directory = around_.settings.working_directory,
                             .events_directory = events_directory().string(),
                             .log = log_file()};
  for (const catalogue::Bundle* bundle : resolution.bundles) request.bundles.push_back(*bundle);
  if (!request.cluster.pre_script.empty()) {
    if (auto begun = begin_script(server); !begun) {
      tell({PrepareFailed{server, cannot_spawn(begun.error())}});
      co_return;
    }
    tell({ScriptBegun{server, request.cluster.pre_script_patience}});
  }
  auto prepared = co_await prepare(std::move(request));
  record_.preparing.reset();
  if (!prepared) {
    say("The start failed: " + prepared.error().message);
    tell({PrepareFailed{server, prepared.error()}});
    co_return;
  }
  preparation_ = std::move(*prepared);
  tell({Prepared{server}});
}

/// Before anything runs: should we die meanwhile, the next daemon ends what bears the mark.
Result<void> Server::begin_script(const ServerId& server) {
  if (auto made = store_.make_run_directory(server); !made) return made;
  record_.preparing = server;
  record_.state = ConnectionState::starting;
  if (auto saved = save(); !saved) return saved;
  auto log = open_log();
  if (!log) return log.error();
  return {};
}

void Server::spawn(const ServerId& server) {
  auto process = try_spawn(server);
  if (!process) {
    record_.run.reset();
    tell({SpawnFailed{server, cannot_spawn(process.error())}});
    return;
  }
  process_ = std::make_shared<const io::Process>(std::move(*process));
  record_.run->pid = process_->pid;
  record_.run->start_ticks = io::start_ticks(process_->pid).value_or(0);
  was_ready_ = false;
  log_.emplace(log_file(), 0);
  tasks_.spawn("watch a server", tell_of_exit(server, process_));
  tell({Spawned{server, process_->pid}});
}

Result<io::Process> Server::try_spawn(const ServerId& server) {
  const Preparation& ready = *preparation_;
  if (auto made = store_.make_run_directory(server); !made) return made.error();
  record_.run = RunRecord{.server = server,
                          .boot_id = io::boot_id(),
                          .pid = 0,
                          .start_ticks = 0,
                          .grpc_port = ready.grpc_port,
                          .ui_port = ready.ui_port,
                          .secret = ready.secret,
                          .ui_key = ready.ui_key};
  record_.history.reset();
  if (ready.plan.history) record_.history = HistoryRecord{.source = *ready.plan.history};
  if (ready.plan.logs_events_here) {
    if (auto made = io::ensure_private_directory(events_directory()); !made) return made.error();
  }
  // Before the process is there: should we die in between, the next daemon finds it by its mark.
  record_.state = ConnectionState::starting;
  if (auto saved = save(); !saved) return saved.error();
  if (auto written = write_files(); !written) return written.error();
  const auto log = open_log();
  if (!log) return log.error();
  say(ready.words);
  return io::spawn({.argv = ready.plan.argv,
                    .env = ready.plan.environment,
                    .cwd = ready.plan.working_directory,
                    .output = log->get()});
}

Result<void> Server::write_files() const {
  for (const LaunchFile& file : preparation_->plan.files)
    if (auto written = io::write_atomically(file.path, file.content, file.mode); !written) return written;
  return {};
}

/// Each attempt to start has a log of its own; the one before stays beside it.
void Server::begin_log() const {
  std::error_code ignored;
  fs::rename(log_file(), log_file().string() + ".1", ignored);
  fs::remove(index_file_of(log_file()), ignored);
}

/// In the log, as the daemon's own words. That a log can't be written is said when the server is to write it.
void Server::say(std::string_view words) const {
  if (auto said = append_marked_lines(log_file(), LogSource::launch, words); !said)
    spdlog::error("{}: {}", record_.name, said.error().message);
}

Result<io::UniqueFd> Server::open_log() const {
  const fs::path file = log_file();
  io::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd) return fd;
  return Error{.message = fmt::format("Can't write the log {}: {}.", file.string(), std::strerror(errno))};
}

asio::awaitable<void> Server::probe_until_ready(ServerId server) {
  for (int refusals = 0;;) {
    if (saw_first_word()) tell({FirstOutput{server}});
    // A secret goes only to the process that we started: somebody else may have taken the port before it.
    const std::uint16_t port = record_.run ? record_.run->grpc_port : 0;
    if (process_ && io::is_taken(port) && io::listens_on(process_->pid, port)) {
      const auto facts =
          co_await spark::probe_server(record_.run->grpc_port, record_.run->secret, Steady::now() + probe_patience);
      if (facts) {
        co_await look_for_guard(record_.run->grpc_port, facts->spark_version);
        tell({ProbeAnswered{server, facts->spark_version, facts->application_id}});
        co_return;
      }
      spdlog::info("{}: not ready yet: {}", record_.name, facts.error().message);
      // It answers, but no session can be made: waiting doesn't cure that, and each try makes it do the work again.
      refusals = facts.error().code == Errc::internal ? refusals + 1 : 0;
      if (refusals == most_refusals) {
        const auto tail = last_lines();
        tell({ProbeFailed{server, explain_refusal(tail, facts.error().message, exit_context())}});
        co_return;
      }
    }
    co_await io::sleep_for(look_interval);
  }
}

/// Spark 3.5 knows no secret and lets in whoever comes to the port: any user of the machine.
asio::awaitable<void> Server::look_for_guard(std::uint16_t port, std::string version) {
  const auto stranger = co_await spark::probe_server(port, random_uuid(), Steady::now() + probe_patience);
  if (!stranger) co_return;
  spdlog::warn("{}: Spark {} asks nobody for the secret", record_.name, version);
  say(fmt::format("Spark {} {}: any user of this machine can use this server.", version, asks_for_no_secret));
}

bool Server::saw_first_word() {
  if (!log_) return false;
  const auto lines = log_->next();
  if (std::none_of(lines.begin(), lines.end(), [](const LogLine& line) { return is_first_word(line.text); }))
    return false;
  log_.reset();
  return true;
}

asio::awaitable<void> Server::wait_for_deadline(ServerAction action) {
  co_await io::sleep_until(action.at);
  tell({DeadlinePassed{action.server, action.deadline}});
}

// Ending -------------------------------------------------------------------------------------------------------------

asio::awaitable<void> Server::tell_of_exit(ServerId server, std::shared_ptr<const io::Process> process) {
  const ExitStatus status = co_await io::wait_for_exit(*process);
  spdlog::info("{}: its server (process {}) ended: {}", record_.name, process->pid, to_string(status));
  tell({Exited{server, status, explain_exit(status)}});
}

std::vector<std::string> Server::last_lines() const {
  auto chunk = read_last_lines(log_file(), max_explained_lines);
  return chunk ? std::move(chunk->lines) : std::vector<std::string>();
}

ExitContext Server::exit_context() const {
  ExitContext context{.was_ready = was_ready_, .secrets = secret_values(around_.catalog, record_.definition)};
  if (record_.run) context.secrets.insert(context.secrets.end(), {record_.run->secret, record_.run->ui_key});
  return context;
}

Failure Server::explain_exit(const ExitStatus& status) const { return explain(last_lines(), status, exit_context()); }

void Server::kill() {
  if (process_) io::kill_group(*process_);
  if (record_.run) io::signal_marked(mark_of(record_.run->server), SIGKILL);
}

asio::awaitable<void> Server::clean_up(ServerId server) {
  const TimePoint patience_ends = Steady::now() + kill_patience;
  bool is_told = false;
  while (const std::size_t left = io::signal_marked(mark_of(server), SIGKILL)) {
    const bool is_stuck = Steady::now() > patience_ends;
    if (is_stuck && !std::exchange(is_told, true))
      spdlog::warn("{}: {} process(es) of it don't end although they were killed; waiting on", record_.name, left);
    co_await io::sleep_for(is_stuck ? slow_kill_interval : kill_interval);
  }
  store_.remove_run(server);
  if (record_.run && record_.run->server == server) record_.run.reset();
  if (record_.preparing == server) record_.preparing.reset();
  tell({CleanedUp{server}});
}

// Taking over from an earlier daemon
// -----------------------------------------------------------------------------------

void Server::adopt() {
  saved_ = record_;
  tell(events_of_adoption());
}

std::vector<ServerEvent> Server::events_of_adoption() {
  was_ready_ = record_.state == ConnectionState::ready;
  if (const auto preparing = std::exchange(record_.preparing, std::nullopt)) {
    // Its script ends by itself when its daemon dies; this is for what it has put elsewhere.
    io::signal_marked(mark_of(*preparing), SIGKILL);
    store_.remove_run(*preparing);
  }
  if (!record_.run) {
    if (record_.state == ConnectionState::stopped) return {};
    // It failed before, or was caught before anything was spawned.
    const ServerId server = new_server_id();
    const Failure lost{
        .reason = FailureReason::lost, .message = "The start was interrupted.", .advice = "Start it again."};
    if (record_.state == ConnectionState::stopping) return {};
    return {AdoptRequested{server, 0}, Exited{server, ExitStatus::unknown(), record_.failure.value_or(lost)}};
  }
  const RunRecord& run = *record_.run;
  auto process = find_process(run);
  std::vector<ServerEvent> events{AdoptRequested{run.server, process ? process->pid : run.pid}};
  if (record_.state == ConnectionState::stopping) events.push_back(StopRequested{});
  if (!process) {
    events.push_back(Exited{run.server, ExitStatus::unknown(), explain_exit(ExitStatus::unknown())});
    return events;
  }
  process_ = std::make_shared<const io::Process>(std::move(*process));
  log_.emplace(log_file(), 0);
  tasks_.spawn("watch a server", tell_of_exit(run.server, process_));
  return events;
}

std::optional<io::Process> Server::find_process(const RunRecord& run) {
  if (run.boot_id != io::boot_id()) return std::nullopt;
  int pid = run.pid;
  std::uint64_t ticks = run.start_ticks;
  if (pid == 0) {
    // We died between the spawn and the record of it. The first of its processes is the server.
    for (const int marked : io::processes_with(mark_of(run.server))) {
      const auto started = io::start_ticks(marked);
      if (started && (pid == 0 || *started < ticks)) {
        pid = marked;
        ticks = *started;
      }
    }
    if (pid == 0) return std::nullopt;
  }
  auto process = io::open_process(pid, ticks);
  return process ? std::optional<io::Process>(std::move(*process)) : std::nullopt;
}

asio::awaitable<void> Server::retire() {
  using namespace asio::experimental::awaitable_operators;
  retired_ = true;
  store_.remove(record_.id);
  std::error_code ignored;
  fs::remove(log_file(), ignored);
  fs::remove(log_file().string() + ".1", ignored);
  fs::remove(index_file_of(log_file()), ignored);
  fs::remove(index_file_of(log_file()).string() + ".new", ignored);
  fs::remove_all(events_directory(), ignored);
  co_await (tasks_.join() || io::sleep_for(clean_up_patience));
  co_await let_go();
}

}  // namespace firesteel
