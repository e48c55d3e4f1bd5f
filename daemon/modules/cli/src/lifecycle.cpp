// SPDX-License-Identifier: Apache-2.0
// start, stop, restart and remove.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "commands.hpp"
#include "start_plan.hpp"
#include "text.hpp"
#include "views.hpp"
#include "wait.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds daemon_start_limit{20};

int show(const Context& context, const json::object& connection) {
  if (context.json) return context.done(connection);
  context.console.out(connection_line(connection, context.console.out_has_colours()));
  return exit_done;
}

Answer<void> ensure_daemon(const Context& context) {
  const Result<void> running = context.host.ensure_daemon({}, context.clock.now() + daemon_start_limit);
  if (!running) return problem_from(running.error());
  return {};
}

Answer<StartPlan> plan(const Context& context, const StartCommand& command) {
  const Answer<json::object> connections = context.client.connections();
  if (!connections) return connections.error();
  const Answer<json::object> clusters = context.client.clusters();
  if (!clusters) return clusters.error();
  KnownToDaemon known{.connections = *connections, .clusters = *clusters};
  if (!command.options.empty() && has_live(*connections)) {
    const Answer<json::object> preview = context.client.preview({{"options", options_of(command)}});
    if (!preview) return preview.error();
    const json::value* given = preview->if_contains("given");
    if (given && given->is_object()) known.options = given->get_object();
  }
  return plan_start(command, known, context.python);
}

Answer<json::object> carry_out(const Context& context, const StartPlan& plan) {
  switch (plan.step) {
    case StartPlan::Step::create:
      return context.client.create(plan.body);
    case StartPlan::Step::start_again:
      return context.client.start(plan.name, plan.body);
    case StartPlan::Step::settle:
    case StartPlan::Step::nothing:
      break;
  }
  return context.client.connection(plan.name);
}

/// After the daemon has taken a start or restart: waits if asked to, and tells how it went.
int conclude_start(const Context& context, Answer<json::object> connection, bool wait, TimePoint deadline) {
  if (connection && wait) connection = wait_for(context, text_of(*connection, "name"), Goal::ready, deadline);
  if (!connection) return context.failed(connection.error());
  if (text_of(*connection, "state") == "failed" || wait)
    if (const auto problem = start_failure(*connection)) return context.failed(*problem);
  return show(context, *connection);
}

}  // namespace

int start(const Context& context, const StartCommand& command) {
  const TimePoint deadline = context.clock.now() + command.timeout;
  if (const Answer<void> running = ensure_daemon(context); !running) return context.failed(running.error());
  Answer<StartPlan> planned = plan(context, command);
  while (planned && planned->step == StartPlan::Step::settle) {
    const Answer<json::object> settled = wait_for(context, planned->name, Goal::settled, deadline);
    if (!settled && settled.error().code != "connection_not_found") return context.failed(settled.error());
    planned = plan(context, command);
  }
  if (!planned) return context.failed(planned.error());
  const Answer<json::object> connection = carry_out(context, *planned);
  if (connection && planned->step == StartPlan::Step::nothing && text_of(*connection, "state") == "ready" &&
      !context.json) {
    context.console.out(fmt::format("{} is already ready.\n", printable(planned->name)));
    return exit_done;
  }
  return conclude_start(context, connection, command.wait, deadline);
}

int restart(const Context& context, const RestartCommand& command) {
  const TimePoint deadline = context.clock.now() + command.timeout;
  if (const Answer<void> running = ensure_daemon(context); !running) return context.failed(running.error());
  return conclude_start(context, context.client.restart(command.name), command.wait, deadline);
}

int stop(const Context& context, const StopCommand& command) {
  const TimePoint deadline = context.clock.now() + command.timeout;
  Answer<json::object> connection = context.client.stop(command.name);
  if (!connection && connection.error().code == "wrong_state") {  // nothing to stop is what was asked for
    const Answer<json::object> now = context.client.connection(command.name);
    if (now && (text_of(*now, "state") == "stopped" || text_of(*now, "state") == "failed")) connection = *now;
  }
  if (connection && command.wait) connection = wait_for(context, command.name, Goal::settled, deadline);
  if (!connection) return context.failed(connection.error());
  if (command.wait && text_of(*connection, "state") == "ready")
    return context.failed({.code = "wrong_state",
                           .message = fmt::format("{} was stopped, and somebody started it again.", command.name)});
  return show(context, *connection);
}

int remove(const Context& context, const RemoveCommand& command) {
  const Answer<json::object> removed = context.client.remove(command.name);
  if (!removed) return context.failed(removed.error());
  if (context.json) return context.done({{"removed", command.name}});
  context.console.out(fmt::format("{} is removed.\n", command.name));
  return exit_done;
}

}  // namespace firesteel::cli
