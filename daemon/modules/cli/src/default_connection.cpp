// SPDX-License-Identifier: Apache-2.0
#include "default_connection.hpp"

#include <fmt/format.h>

#include <vector>

#include "client.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

bool is_live(const json::object& connection) {
  const std::string state = text_of(connection, "state");
  return state == "starting" || state == "ready" || state == "stopping";
}

}  // namespace

Answer<std::string> default_connection(const json::object& connections) {
  const auto all = objects_of(connections, "connections");
  const json::object* marked = nullptr;
  std::vector<const json::object*> live;
  std::vector<std::string> names;
  for (const json::object* each : all) {
    if (flag_of(*each, "is_default")) marked = each;
    if (is_live(*each)) live.push_back(each);
    names.push_back(text_of(*each, "name"));
  }
  if (all.empty())
    return Problem{.code = "connection_not_found",
                   .message = "There is no connection yet.",
                   .advice = "`firesteel start` creates one."};
  if (all.size() == 1) return Answer<std::string>(boost::system::in_place_value, names.front());
  if (marked && is_live(*marked)) return Answer<std::string>(boost::system::in_place_value, text_of(*marked, "name"));
  if (live.size() == 1) return Answer<std::string>(boost::system::in_place_value, text_of(*live.front(), "name"));
  return Problem{.code = "no_default",
                 .message = "Several connections exist and none of them is the default one that runs.",
                 .advice = fmt::format("Name one of: {}.", fmt::join(names, ", ")),
                 .connections = names};
}

}  // namespace firesteel::cli
