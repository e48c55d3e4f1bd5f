// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "firesteel/io/child.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/logs/explain.hpp"
#include "firesteel/logs/log_file.hpp"
#include "firesteel/supervisor/server_machine.hpp"
#include "firesteel/supervisor/supervisor.hpp"
#include "preparation.hpp"
#include "record.hpp"

namespace firesteel {

/// The hands of one ServerMachine: does what the machine says and tells it what happened.
class Server {
 public:
  struct Surroundings {
    const Clock& clock;
    const catalogue::Holder& catalog;
    const Supervisor::Settings& settings;
    Connections& connections;
  };

  /// `store` must outlive it.
  Server(boost::asio::any_io_executor executor, Surroundings surroundings, const RecordStore& store,
         ConnectionRecord record);

  void start() { tell({StartRequested{}}); }
  void stop() { tell({StopRequested{}}); }
  void restart() { tell({RestartRequested{}}); }
  /// Takes hold of the server that the record names, or says that it has ended meanwhile.
  void adopt();

  const Definition& definition() const { return record_.definition; }
  /// For the next start.
  void define(Definition definition) { record_.definition = std::move(definition); }
  /// For the next start; an empty one changes nothing.
  void set_caller_python(std::string python);
  /// Saves what was changed from outside.
  void save(bool is_default);

  const std::optional<RunRecord>& run() const { return record_.run; }
  const std::optional<HistoryRecord>& history() const { return record_.history; }
  std::filesystem::path log_file() const;

  /// Removes the record and the log of a connection whose server doesn't run, and waits for the end of what it still
  /// cleans up, within reason. Nothing is saved or told any more.
  boost::asio::awaitable<void> retire();

  /// Ends every coroutine here; the server's process runs on.
  boost::asio::awaitable<void> let_go();

 private:
  void tell(std::vector<ServerEvent> events);
  void perform(const ServerAction& action);
  void publish();
  Result<void> save();

  std::filesystem::path events_directory() const;
  void spawn(const ServerId& server);
  void kill();
  Result<io::Process> try_spawn(const ServerId& server);
  Result<void> write_files() const;
  void begin_log() const;
  void say(std::string_view words) const;
  Result<io::UniqueFd> open_log() const;
  Result<void> begin_script(const ServerId& server);
  std::vector<ServerEvent> events_of_adoption();
  static std::optional<io::Process> find_process(const RunRecord& run);

  boost::asio::awaitable<void> prepare_then_tell(ServerId server);
  boost::asio::awaitable<void> tell_of_exit(ServerId server, std::shared_ptr<const io::Process> process);
  boost::asio::awaitable<void> probe_until_ready(ServerId server);
  boost::asio::awaitable<void> look_for_guard(std::uint16_t port, std::string version);
  boost::asio::awaitable<void> clean_up(ServerId server);
  boost::asio::awaitable<void> wait_for_deadline(ServerAction action);
  bool saw_first_word();
  Failure explain_exit(const ExitStatus& status) const;
  ExitContext exit_context() const;
  std::vector<std::string> last_lines() const;

  Surroundings around_;
  const RecordStore& store_;
  ConnectionRecord record_;
  std::optional<ConnectionRecord> saved_;
  ServerMachine machine_;
  std::deque<ServerEvent> events_;
  bool telling_ = false;

  std::optional<Preparation> preparation_;
  std::shared_ptr<const io::Process> process_;
  std::optional<LogFollower> log_;
  bool was_ready_ = false;
  bool retired_ = false;

  io::Scope tasks_;
  io::Task preparing_;
  io::Task probing_;
  io::Task deadline_;
};

}  // namespace firesteel
