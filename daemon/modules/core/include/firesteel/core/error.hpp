// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/failure.hpp"

namespace firesteel {

/// Every error that crosses a module's boundary; spelled in the API as here (`ErrorReply` of api/openapi.yaml).
enum class Errc {
  bad_request,
  unknown_field,
  invalid_name,
  invalid_option,
  unknown_cluster,
  connection_not_found,
  connection_exists,
  session_not_found,
  operation_not_found,
  wrong_state,
  not_ready,
  no_default,
  missing_client_header,
  wrong_content_type,
  foreign_origin,
  not_found,
  method_not_allowed,
  upgrade_required,
  payload_too_large,
  timed_out,
  shutting_down,
  internal,
  preset_not_found,
};

std::string_view to_string(Errc code);

/// What was wrong, where, and what to do.
struct Error {
  Errc code = Errc::internal;
  std::string message{};
  std::string advice{};                    ///< may be empty
  std::string field{};                     ///< the request's field, e.g. "options.spark.executor.cores"; may be empty
  std::vector<std::string> connections{};  ///< the names that exist, when one was not found
  std::optional<Failure> failure{};        ///< of the connection that can't be used
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Called by Result::value() when there is none.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace firesteel
