// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <vector>

#include "firesteel/core/error.hpp"

namespace firesteel::cli {

/// Why a command could not do its work. `code` is one of the API's error codes or one of the client's own: `usage`,
/// `no_daemon`, `bad_reply`, `start_failed`, `timed_out`.
struct Problem {
  std::string code{};
  std::string message{};
  std::string advice{};                          ///< may be empty
  std::string field{};                           ///< the request's field; may be empty
  std::vector<std::string> connections{};        ///< the names that exist, when one was not found
  std::optional<boost::json::object> failure{};  ///< `Failure` of the API
};

template <class T>
using Answer = boost::system::result<T, Problem>;

[[noreturn]] void throw_exception_from_error(const Problem& problem, const boost::source_location& where);

/// What the program exits with because of it.
int exit_code_of(const Problem& problem);

Problem problem_from(const Error& error);

/// The problem in the body of a reply with an error status; a body that is no `ErrorReply` gives `bad_reply`.
Problem problem_from_reply(unsigned status, const std::string& body);

/// `{"error": {…}}` as printed with --json.
boost::json::object to_json(const Problem& problem);

}  // namespace firesteel::cli
