// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <string_view>
#include <thread>

#include "commands.hpp"
#include "surroundings.hpp"
#include "views.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

int report(const Problem& problem, bool as_json, Console& console) {
  if (as_json) console.out(json::serialize(to_json(problem)) + "\n");
  console.err(problem_text(problem, console.err_has_colours()));
  return exit_code_of(problem);
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

/// Ends at once, without a stack to unwind: nothing is held that another process would miss.
extern "C" void end_interrupted(int) {
  static constexpr std::string_view line = "\n";
  if (isatty(STDERR_FILENO) == 1) [[maybe_unused]]
    const ssize_t ignored = write(STDERR_FILENO, line.data(), line.size());
  _exit(exit_interrupted);
}

/// Ctrl-C ends the waiting, never the daemon or the server: what was asked for goes on.
void end_quietly_on_interrupt() {
  struct sigaction old {};
  if (sigaction(SIGINT, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = end_interrupted;
  sigaction(SIGINT, &action, nullptr);
}

/// Whether the command is a server itself, which ends on a signal in its own time.
bool serves(const Command& command) {
  if (std::holds_alternative<GatewayCommand>(command)) return true;
  const auto* daemon = std::get_if<DaemonCommand>(&command);
  return daemon && daemon->mode != DaemonCommand::Mode::background;
}

std::filesystem::path api_socket(Host& host) {
  const Result<Paths> paths = host.paths();
  return paths ? paths->api_socket : std::filesystem::path();
}

}  // namespace

int Context::done(const json::object& document) const {
  console.out(json::serialize(document) + "\n");
  return exit_done;
}

int Context::failed(const Problem& problem) const { return report(problem, json, console); }

int dispatch(const Context& context, const Command& command) {
  return std::visit(Overloaded{[&](const StatusCommand&) { return status(context); },
                               [&](const ConnectionsCommand&) { return connections(context); },
                               [&](const PathsCommand&) { return paths(context); },
                               [&](const DoctorCommand& c) { return doctor(context, c); },
                               [&](const ConfigCheckCommand& c) { return check_config(context, c); },
                               [&](const StartCommand& c) { return start(context, c); },
                               [&](const StopCommand& c) { return stop(context, c); },
                               [&](const RestartCommand& c) { return restart(context, c); },
                               [&](const RemoveCommand& c) { return remove(context, c); },
                               [&](const LogsCommand& c) { return logs(context, c); },
                               [&](const SessionsCommand& c) { return sessions(context, c); },
                               [&](const OperationsCommand& c) { return operations(context, c); },
                               [&](const InterruptCommand& c) { return interrupt(context, c); },
                               [&](const ReleaseCommand& c) { return release(context, c); },
                               [&](const EndpointCommand& c) { return endpoint(context, c); },
                               [&](const GatewayCommand& c) { return gateway(context, c); },
                               [&](const DaemonCommand& c) { return daemon(context, c); },
                               [&](const PrintCommand& c) {
                                 context.console.out(c.text);
                                 return static_cast<int>(exit_done);
                               }},
                    command);
}

int explain(const Parsed& parsed, Console& console) {
  if (parsed.exit_code == exit_done) {
    console.out(parsed.out);
    return exit_done;
  }
  return report({.code = "usage", .message = parsed.error, .advice = parsed.advice}, parsed.json, console);
}

int run(int argc, const char* const* argv, Host& host) {
  StandardConsole console;
  const Parsed parsed = parse_command_line(argc, argv);
  if (!parsed.command) return explain(parsed, console);

  const std::unique_ptr<Transport> transport = unix_http(api_socket(host));
  const std::string python = caller_python();
  Client client(*transport, python);
  const SystemClock clock;
  const Context context{.host = host,
                        .client = client,
                        .console = console,
                        .clock = clock,
                        .pause = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
                        .env = io::get_env,
                        .python = python,
                        .json = parsed.json};
  if (!serves(*parsed.command)) end_quietly_on_interrupt();
  try {
    return dispatch(context, *parsed.command);
  } catch (const std::exception& error) {
    return context.failed({.code = "internal", .message = fmt::format("Unexpected: {}.", error.what())});
  }
}

}  // namespace firesteel::cli
