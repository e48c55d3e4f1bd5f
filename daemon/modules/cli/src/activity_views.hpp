// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "firesteel/core/time.hpp"

namespace firesteel::cli {

/// What a client says of itself, in words: "Python 3.11.2, Spark 4.3.0".
std::string client_words(const std::string& client_type);

/// The reply of listSessions as a table.
std::string sessions_text(const boost::json::object& reply, const std::string& connection, WallTime now, bool colours);

/// The reply of listOperations as a table, and what went wrong below it; `all`: not only what runs was asked for.
std::string operations_text(const boost::json::object& reply, const std::string& connection, bool all, bool colours);

/// `Endpoint` in a few lines; no token.
std::string endpoint_text(const boost::json::object& endpoint, bool colours);

}  // namespace firesteel::cli
