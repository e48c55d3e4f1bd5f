// SPDX-License-Identifier: Apache-2.0
// sessions, operations, interrupt and release.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "activity_views.hpp"
#include "commands.hpp"
#include "default_connection.hpp"
#include "text.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

Answer<std::string> named_or_default(const Context& context, const std::string& name) {
  if (!name.empty()) return Answer<std::string>(boost::system::in_place_value, name);
  const Answer<json::object> connections = context.client.connections();
  if (!connections) return connections.error();
  return default_connection(*connections);
}

/// The member of a reply with the connection's name before it.
json::object document(const std::string& connection, const json::object& reply, const char* member) {
  const json::value* found = reply.if_contains(member);
  return {{"connection", connection}, {member, found ? *found : json::value(json::array())}};
}

void keep_running(json::object& reply) {
  json::array running;
  for (const json::object* operation : objects_of(reply, "operations"))
    if (text_of(*operation, "state") == "running") running.push_back(*operation);
  reply["operations"] = std::move(running);
}

}  // namespace

int sessions(const Context& context, const SessionsCommand& command) {
  const Answer<std::string> name = named_or_default(context, command.name);
  if (!name) return context.failed(name.error());
  const Answer<json::object> reply = context.client.sessions(*name);
  if (!reply) return context.failed(reply.error());
  if (context.json) return context.done(document(*name, *reply, "sessions"));
  context.console.out(sessions_text(*reply, *name, context.clock.wall(), context.console.out_has_colours()));
  return exit_done;
}

int operations(const Context& context, const OperationsCommand& command) {
  const Answer<std::string> name = named_or_default(context, command.name);
  if (!name) return context.failed(name.error());
  Answer<json::object> reply = context.client.operations(*name);
  if (!reply) return context.failed(reply.error());
  if (!command.all) keep_running(*reply);
  if (context.json) return context.done(document(*name, *reply, "operations"));
  context.console.out(operations_text(*reply, *name, command.all, context.console.out_has_colours()));
  return exit_done;
}

int interrupt(const Context& context, const InterruptCommand& command) {
  json::object what;
  if (!command.session.empty()) what["session_id"] = command.session;
  if (!command.operation.empty()) what["operation_id"] = command.operation;
  const Answer<json::object> reply = context.client.interrupt(command.name, what);
  if (!reply) return context.failed(reply.error());
  if (context.json) return context.done(document(command.name, *reply, "operation_ids"));
  const auto count = static_cast<std::int64_t>(texts_of(*reply, "operation_ids").size());
  context.console.out(count == 0
                          ? fmt::format("Nothing ran that could be interrupted on {}.\n", command.name)
                          : fmt::format("{} interrupted on {}.\n", count_words(count, "operation"), command.name));
  return exit_done;
}

int release(const Context& context, const ReleaseCommand& command) {
  const Answer<json::object> reply = context.client.release(command.name, command.session);
  if (!reply) return context.failed(reply.error());
  if (context.json) return context.done({{"connection", command.name}, {"released", command.session}});
  context.console.out(fmt::format("The session {} has ended.\n", printable(command.session)));
  return exit_done;
}

}  // namespace firesteel::cli
