// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/error_reply.hpp"

#include <boost/json/array.hpp>

namespace firesteel::http {

namespace json = boost::json;

int status_of(Errc code) {
  switch (code) {
    case Errc::bad_request:
    case Errc::unknown_field:
    case Errc::invalid_name:
    case Errc::invalid_option:
    case Errc::unknown_cluster:
      return 400;
    case Errc::missing_client_header:
    case Errc::foreign_origin:
      return 403;
    case Errc::connection_not_found:
    case Errc::preset_not_found:
    case Errc::session_not_found:
    case Errc::operation_not_found:
    case Errc::not_found:
      return 404;
    case Errc::method_not_allowed:
      return 405;
    case Errc::connection_exists:
    case Errc::wrong_state:
    case Errc::not_ready:
    case Errc::no_default:
      return 409;
    case Errc::payload_too_large:
      return 413;
    case Errc::wrong_content_type:
      return 415;
    case Errc::upgrade_required:
      return 426;
    case Errc::timed_out:
    case Errc::shutting_down:
      return 503;
    case Errc::internal:
      return 500;
  }
  return 500;
}

json::object failure_body(const Failure& failure) {
  json::object out{{"reason", to_string(failure.reason)}, {"message", failure.message}};
  if (!failure.advice.empty()) out["advice"] = failure.advice;
  if (failure.exit_code) out["exit_code"] = *failure.exit_code;
  if (!failure.signal.empty()) out["signal"] = failure.signal;
  if (!failure.log_tail.empty()) out["log_tail"] = json::array(failure.log_tail.begin(), failure.log_tail.end());
  return out;
}

json::object error_body(const Error& error) {
  json::object out{{"code", to_string(error.code)}, {"message", error.message}};
  if (!error.advice.empty()) out["advice"] = error.advice;
  if (!error.field.empty()) out["field"] = error.field;
  if (!error.connections.empty()) out["connections"] = json::array(error.connections.begin(), error.connections.end());
  if (error.failure) out["failure"] = failure_body(*error.failure);
  return {{"error", std::move(out)}};
}

}  // namespace firesteel::http
