// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "problem.hpp"

namespace firesteel::cli {

/// A member that came from elsewhere, safe to print.
std::string shown(const boost::json::object& object, std::string_view key);
std::string dash_if_empty(std::string text);

/// `Status` in a few lines.
std::string status_text(const boost::json::object& status, bool colours);

/// The reply of listConnections as a table; the default connection is marked with "*".
std::string connections_text(const boost::json::object& reply, bool colours);

/// One connection in one line: "● analysis is ready: Spark 4.3.0, local-1700000000000".
std::string connection_line(const boost::json::object& connection, bool colours);

/// What a phase is called while it goes on, and when it is done.
std::string phase_words(const std::string& phase, bool done);

/// All phases of a start in one line: "analysis: ✓ prepared 0.1 s  ✓ JVM up 2.1 s  ◌ creating driver… 3.4 s".
std::string phases_line(const boost::json::object& connection);

/// A problem for stderr: what, what to do, which connections there are, and the last log lines of a failure.
std::string problem_text(const Problem& problem, bool colours);

}  // namespace firesteel::cli
