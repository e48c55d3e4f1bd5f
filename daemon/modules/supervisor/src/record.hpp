// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/engine/history_launch.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What tells a running server from any other process, and how to speak to it.
struct RunRecord {
  ServerId server;
  std::string boot_id;
  int pid = 0;                    ///< 0 until it is spawned
  std::uint64_t start_ticks = 0;  ///< see io/proc.hpp
  std::uint16_t grpc_port = 0;
  std::uint16_t ui_port = 0;
  std::string secret;
  std::string ui_key;

  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

/// Of the latest application that logged its events.
struct HistoryRecord {
  HistorySource source;
  std::string application_id{};  ///< empty until it is known

  friend bool operator==(const HistoryRecord&, const HistoryRecord&) = default;
};

/// All of a connection that a later daemon needs.
struct ConnectionRecord {
  ConnectionId id;
  std::string name;
  Definition definition;
  std::string caller_python;
  std::int64_t created_at_ms = 0;
  bool is_default = false;
  ConnectionState state = ConnectionState::stopped;
  std::optional<Failure> failure{};
  std::optional<HistoryRecord> history{};
  std::optional<RunRecord> run{};       ///< while a server runs
  std::optional<ServerId> preparing{};  ///< while a cluster's script runs for it, whose processes bear its mark

  friend bool operator==(const ConnectionRecord&, const ConnectionRecord&) = default;
};

/// The records of an instance, each file with mode 0600 and replaced as a whole: `<records>/<connection id>.json`, and,
/// as it holds secrets, `<runs>/<server id>/run.json` for what runs. `records` may be in a home directory that other
/// machines see; `runs` is on this machine alone.
class RecordStore {
 public:
  RecordStore(std::filesystem::path records, std::filesystem::path runs)
      : records_(std::move(records)), runs_(std::move(runs)) {}

  /// Makes the directories.
  Result<void> prepare() const;
  Result<void> save(const ConnectionRecord& record) const;
  void remove(const ConnectionId& id) const;

  /// The directory of one run of a server: its own files go there too.
  std::filesystem::path run_directory(const ServerId& server) const { return runs_ / server.str(); }
  Result<void> make_run_directory(const ServerId& server) const;
  void remove_run(const ServerId& server) const;

  /// All that can be read, oldest first. One that can't is set aside as `<id>.json.bad` and logged.
  std::vector<ConnectionRecord> load() const;

 private:
  std::filesystem::path file(const ConnectionId& id) const { return records_ / (id.str() + ".json"); }
  std::filesystem::path run_file(const ServerId& server) const { return run_directory(server) / "run.json"; }
  Result<ConnectionRecord> load_one(const std::filesystem::path& file) const;

  std::filesystem::path records_;
  std::filesystem::path runs_;
};

/// Without the run, of which only the server's id is kept.
std::string to_json(const ConnectionRecord& record);
Result<ConnectionRecord> record_from_json(std::string_view text);
std::string to_json(const RunRecord& run);
Result<RunRecord> run_from_json(std::string_view text);

}  // namespace firesteel
