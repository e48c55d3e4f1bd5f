// SPDX-License-Identifier: Apache-2.0
// status, connections, paths and daemon.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "commands.hpp"
#include "views.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds daemon_start_limit{30};

json::object to_json(const Paths& paths) {
  return {{"runtime_dir", paths.runtime_dir.string()},
          {"state_dir", paths.state_dir.string()},
          {"api_socket", paths.api_socket.string()},
          {"kernel_socket", paths.kernel_socket.string()}};
}

}  // namespace

int status(const Context& context) {
  const Answer<json::object> status = context.client.status();
  if (!status) return context.failed(status.error());
  if (context.json) return context.done(*status);
  context.console.out(status_text(*status, context.console.out_has_colours()));
  return exit_done;
}

int connections(const Context& context) {
  const Answer<json::object> reply = context.client.connections();
  if (!reply) return context.failed(reply.error());
  if (context.json) return context.done(*reply);
  context.console.out(connections_text(*reply, context.console.out_has_colours()));
  return exit_done;
}

int paths(const Context& context) {
  const Result<Paths> paths = context.host.paths();
  if (!paths) return context.failed(problem_from(paths.error()));
  const json::object document = to_json(*paths);
  if (context.json) return context.done(document);
  for (const auto& member : document)
    context.console.out(
        fmt::format("{:<14} {}\n", std::string_view(member.key()), std::string_view(member.value().get_string())));
  return exit_done;
}

int daemon(const Context& context, const DaemonCommand& command) {
  switch (command.mode) {
    case DaemonCommand::Mode::foreground:
      return context.host.run_daemon(command.options);
    case DaemonCommand::Mode::attach:
      return context.host.attach(command.options);
    case DaemonCommand::Mode::background:
      break;
  }
  const Result<void> running = context.host.ensure_daemon(command.options, context.clock.now() + daemon_start_limit);
  if (!running) return context.failed(problem_from(running.error()));
  if (context.json) return paths(context);
  context.console.out("The daemon runs.\n");
  return exit_done;
}

}  // namespace firesteel::cli
