// SPDX-License-Identifier: Apache-2.0
#include "problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <string_view>

#include "client.hpp"
#include "firesteel/cli/cli.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

/// What the caller has to write differently.
constexpr std::array<std::string_view, 6> usage_codes{"usage",           "invalid_name",  "invalid_option",
                                                      "unknown_cluster", "unknown_field", "no_default"};

Problem not_an_error_reply(unsigned status) {
  return {.code = "bad_reply",
          .message = fmt::format("The daemon answered with HTTP status {} and no reason.", status),
          .advice = "Is it a Firesteel daemon of another version? `firesteel doctor` tells."};
}

}  // namespace

void throw_exception_from_error(const Problem& problem, const boost::source_location& where) {
  throw std::runtime_error(fmt::format("{} ({}:{})", problem.message, where.file_name(), where.line()));
}

int exit_code_of(const Problem& problem) {
  if (problem.code == "no_daemon") return exit_no_daemon;
  if (problem.code == "connection_not_found") return exit_no_such_connection;
  if (std::find(usage_codes.begin(), usage_codes.end(), problem.code) != usage_codes.end()) return exit_usage;
  return exit_failed;
}

Problem problem_from(const Error& error) {
  return {.code = std::string(to_string(error.code)),
          .message = error.message,
          .advice = error.advice,
          .field = error.field,
          .connections = error.connections};
}

Problem problem_from_reply(unsigned status, const std::string& body) {
  boost::system::error_code bad;
  const json::value value = json::parse(body, bad);
  const json::object* reply = bad ? nullptr : value.if_object();
  const json::value* member = reply ? reply->if_contains("error") : nullptr;
  const json::object* error = member ? member->if_object() : nullptr;
  if (!error) return not_an_error_reply(status);
  Problem problem{.code = text_of(*error, "code"),
                  .message = text_of(*error, "message"),
                  .advice = text_of(*error, "advice"),
                  .field = text_of(*error, "field"),
                  .connections = texts_of(*error, "connections")};
  if (problem.code.empty() || problem.message.empty()) return not_an_error_reply(status);
  if (const json::value* failure = error->if_contains("failure"); failure && failure->is_object())
    problem.failure = failure->get_object();
  return problem;
}

json::object to_json(const Problem& problem) {
  json::object error{{"code", problem.code}, {"message", problem.message}, {"advice", problem.advice}};
  if (!problem.field.empty()) error["field"] = problem.field;
  if (!problem.connections.empty()) error["connections"] = json::value_from(problem.connections);
  if (problem.failure) error["failure"] = *problem.failure;
  return {{"error", std::move(error)}};
}

}  // namespace firesteel::cli
