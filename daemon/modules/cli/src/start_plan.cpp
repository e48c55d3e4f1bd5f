// SPDX-License-Identifier: Apache-2.0
#include "start_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "client.hpp"
#include "firesteel/core/names.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

const json::object* find(const json::object& connections, std::string_view name) {
  for (const json::object* connection : objects_of(connections, "connections"))
    if (text_of(*connection, "name") == name) return connection;
  return nullptr;
}

bool is_live(const json::object& connection) {
  const std::string state = text_of(connection, "state");
  return state == "starting" || state == "ready" || state == "stopping";
}

bool names_environment(const StartCommand& command) {
  return !command.python.empty() || !command.java_home.empty() || !command.spark_home.empty();
}

json::object environment_of(const StartCommand& command, const std::string& python) {
  json::object environment;
  const auto set = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) environment[key] = value;
  };
  set("python", command.python.empty() ? python : command.python);
  set("java_home", command.java_home);
  set("spark_home", command.spark_home);
  return environment;
}

/// Whether the connection already has all that the command names; what it does not name does not matter.
bool satisfies(const json::object& connection, const StartCommand& command, const json::object& shown_options) {
  if (!command.cluster.empty() && text_of(connection, "cluster") != command.cluster) return false;
  const json::value* options = connection.if_contains("options");
  if (!command.options.empty() && (!options || *options != json::value(shown_options))) return false;
  if (!names_environment(command)) return true;
  const json::value* value = connection.if_contains("environment");
  const json::object environment = value && value->is_object() ? value->get_object() : json::object();
  const auto same = [&](std::string_view key, const std::string& wanted) {
    return wanted.empty() || text_of(environment, key) == wanted;
  };
  return same("python", command.python) && same("java_home", command.java_home) &&
         same("spark_home", command.spark_home);
}

/// The connection's name when the command has none.
std::string pick_name(const StartCommand& command, const KnownToDaemon& known, const std::string& cluster) {
  const std::string base = is_connection_name(cluster) ? cluster : "spark";
  for (int n = 1;; ++n) {
    std::string name = n == 1 ? base : fmt::format("{}-{}", base, n);
    const json::object* taken = find(known.connections, name);
    if (!taken) return name;
    if (text_of(*taken, "cluster") != cluster) continue;
    if (!is_live(*taken) || satisfies(*taken, command, known.options)) return name;
  }
}

json::object body_for_new(const StartCommand& command, const std::string& name, const std::string& python) {
  json::object body{{"name", name}};
  if (!command.cluster.empty()) body["cluster"] = command.cluster;
  if (!command.options.empty()) body["options"] = options_of(command);
  if (json::object environment = environment_of(command, python); !environment.empty())
    body["environment"] = std::move(environment);
  return body;
}

/// Only what was given replaces what the connection was created with.
json::object body_for_old(const StartCommand& command, const std::string& python) {
  json::object body;
  if (!command.cluster.empty()) body["cluster"] = command.cluster;
  if (!command.options.empty()) body["options"] = options_of(command);
  if (names_environment(command)) body["environment"] = environment_of(command, python);
  return body;
}

}  // namespace

bool has_live(const json::object& connections) {
  const auto all = objects_of(connections, "connections");
  return std::any_of(all.begin(), all.end(), [](const json::object* each) { return is_live(*each); });
}

json::object options_of(const StartCommand& command) {
  json::object options;
  for (const auto& [key, value] : command.options) options[key] = value;
  return options;
}

Answer<StartPlan> plan_start(const StartCommand& command, const KnownToDaemon& known, const std::string& python) {
  StartPlan plan;
  plan.name = command.name;
  if (plan.name.empty()) {
    std::string cluster = command.cluster;
    if (cluster.empty()) {
      const auto all = objects_of(known.clusters, "clusters");
      if (all.empty())
        return Problem{.code = "bad_reply",
                       .message = "The daemon knows no cluster.",
                       .advice = "Name one: `firesteel start CLUSTER`."};
      cluster = text_of(*all.front(), "name");
    }
    plan.name = pick_name(command, known, cluster);
  }
  const json::object* existing = find(known.connections, plan.name);
  if (!existing) {
    plan.body = body_for_new(command, plan.name, python);
    return plan;
  }
  const std::string state = text_of(*existing, "state");
  if (state == "stopping") {
    plan.step = StartPlan::Step::settle;
  } else if (!is_live(*existing)) {
    plan.step = StartPlan::Step::start_again;
    plan.body = body_for_old(command, python);
  } else if (satisfies(*existing, command, known.options)) {
    plan.step = StartPlan::Step::nothing;
  } else {
    return Problem{
        .code = "connection_exists",
        .message = fmt::format("{} is already {}, with another definition.", plan.name, state),
        .advice = fmt::format("Stop it first (`firesteel stop {0} --wait`), or take another --name.", plan.name)};
  }
  return plan;
}

}  // namespace firesteel::cli
