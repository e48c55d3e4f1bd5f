// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/failure.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel {

/// starting: the server is on its way; ready: it answered a Spark Connect call; stopping: it was asked to end;
/// stopped: it ended because it was asked to; failed: it ended, or never came up, by itself.
enum class ConnectionState { starting, ready, stopping, stopped, failed };

std::string_view to_string(ConnectionState state);
std::optional<ConnectionState> connection_state_from(std::string_view text);

/// Whether a server of the connection runs or is about to.
constexpr bool is_live(ConnectionState state) {
  return state == ConnectionState::starting || state == ConnectionState::ready || state == ConnectionState::stopping;
}

/// The parts of a start, in their order; `adopting` stands alone.
enum class StartPhase { preparing, starting_jvm, creating_driver, adopting };

std::string_view to_string(StartPhase phase);

struct PhaseTiming {
  StartPhase phase = StartPhase::preparing;
  TimePoint started;
  std::optional<TimePoint> ended;
};

/// Spark options by name; values are data, never syntax.
using Options = std::map<std::string, std::string>;

/// Which Python, Java and Spark a server runs with; what is empty is looked for.
struct Environment {
  std::string python;
  std::string java_home;
  std::string spark_home;

  friend bool operator==(const Environment&, const Environment&) = default;
};

/// What the user asked for.
struct Definition {
  std::string cluster;
  Options options;
  Environment environment;
  std::vector<std::string> bundles{};  ///< names in the catalogue; a later one goes before an earlier one

  friend bool operator==(const Definition&, const Definition&) = default;
};

/// What a log told that there is advice for.
struct Suggestion {
  enum class Type { error, warn, info };

  Type type = Type::error;
  std::string message;            ///< Markdown
  std::uint64_t line_number = 0;  ///< of the first line that it matched
  std::string line;               ///< that line, masked, of valid UTF-8; at most 2000 bytes
  std::uint64_t count = 1;        ///< how many lines it matched

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

std::string_view to_string(Suggestion::Type type);

/// One named Spark Connect server and all we know of it.
struct Connection {
  ConnectionId id;
  std::string name;
  Definition definition;
  std::string cluster_display_name;
  WallTime created_at;

  ConnectionState state = ConnectionState::stopped;
  TimePoint state_since;
  std::vector<PhaseTiming> phases;  ///< of the latest start
  bool is_default = false;

  ServerId server_id;                      ///< of the latest start; empty before
  std::optional<int> pid;                  ///< while the server runs
  std::optional<std::uint16_t> grpc_port;  ///< on 127.0.0.1, while the server runs
  std::string spark_version;               ///< once ready
  std::string application_id;              ///< once ready
  std::optional<WallTime> ready_at;        ///< of the latest start
  std::optional<Failure> failure;          ///< when failed
  bool has_history = false;                ///< an application of it has logged its events

  std::vector<Suggestion> suggestions;  ///< of the latest run's log; errors first, then by line; see logs: LogKeeper
};

}  // namespace firesteel
