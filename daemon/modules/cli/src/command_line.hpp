// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "firesteel/cli/cli.hpp"

namespace firesteel::cli {

struct StatusCommand {};
struct ConnectionsCommand {};
struct PathsCommand {};
struct DoctorCommand {
  std::string python{};
};
struct ConfigCheckCommand {
  std::vector<std::string> files{};  ///< as given; none: what the daemon reads
};
struct StartCommand {
  std::string cluster{};  ///< empty: the default one
  std::string name{};     ///< empty: the cluster's name, or a free one made from it
  std::vector<std::pair<std::string, std::string>> options{};
  std::string python{};
  std::string java_home{};
  std::string spark_home{};
  bool wait = false;
  std::chrono::seconds timeout{180};
};
struct StopCommand {
  std::string name{};
  bool wait = false;
  std::chrono::seconds timeout{60};
};
struct RestartCommand {
  std::string name{};
  bool wait = false;
  std::chrono::seconds timeout{240};
};
struct RemoveCommand {
  std::string name{};
};
struct LogSearchQuery {
  std::string pattern{};  ///< empty: every line
  bool regex = false;
  bool ignore_case = false;
  std::string levels{};  ///< with commas between; empty: all
};
struct LogsCommand {
  std::string name{};
  bool follow = false;
  int lines = 200;
  std::optional<LogSearchQuery> search{};  ///< instead of the last lines
};
struct SessionsCommand {
  std::string name{};  ///< empty: the default connection
};
struct OperationsCommand {
  std::string name{};  ///< empty: the default connection
  bool all = false;    ///< also those that ended
};
struct InterruptCommand {
  std::string name{};
  std::string session{};    ///< empty: of every session
  std::string operation{};  ///< empty: every one that runs
};
struct ReleaseCommand {
  std::string name{};
  std::string session{};
};
struct EndpointCommand {
  std::string name{};  ///< with `url`: of this connection; empty: of the default one, each time
  bool url = false;
  bool rotate = false;
};
struct GatewayCommand {
  GatewayOptions options{};  ///< without the upstream's token
};
struct DaemonCommand {
  enum class Mode { foreground, background, attach };
  Mode mode = Mode::foreground;
  DaemonOptions options{};
};
/// `completion bash` and `man`: text made from the command line's own definition.
struct PrintCommand {
  std::string text{};
};

using Command =
    std::variant<StatusCommand, ConnectionsCommand, PathsCommand, DoctorCommand, ConfigCheckCommand, StartCommand,
                 StopCommand, RestartCommand, RemoveCommand, LogsCommand, SessionsCommand, OperationsCommand,
                 InterruptCommand, ReleaseCommand, EndpointCommand, GatewayCommand, DaemonCommand, PrintCommand>;

/// What the arguments say: a command, or (help, version, misuse) words and an exit code.
struct Parsed {
  std::optional<Command> command{};
  bool json = false;
  int exit_code = exit_done;  ///< when there is no command
  std::string out{};          ///< help or version
  std::string error{};        ///< what is wrong with the arguments
  std::string advice{};
};

Parsed parse_command_line(int argc, const char* const* argv);

}  // namespace firesteel::cli
