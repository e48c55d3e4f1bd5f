// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/model/activity.hpp"
#include "firesteel/model/connection.hpp"
#include "firesteel/supervisor/supervisor.hpp"

namespace firesteel::api {

struct NewConnection {
  std::string name;
  Definition definition;
};

/// What is to be interrupted; with neither everything that runs on the connection.
struct InterruptRequest {
  std::optional<SessionId> session;
  std::optional<OperationId> operation;
};

/// Bodies of requests. What is missing, unknown or of the wrong type is an error that names the field.
Result<NewConnection> new_connection_from(const boost::json::object& body);
/// What they define of nothing.
Definition definition_of(Replacements replacements);
/// The name of a preset, as it stands in a path.
Result<std::string> preset_name_from(const std::string& text);
Result<Options> options_from(const boost::json::value& value);
/// A body with the one key `key` that holds a text of at most `longest` bytes.
Result<std::string> only_text_from(const boost::json::object& body, std::string_view key, std::size_t longest);
Result<Options> only_options_from(const boost::json::object& body);
Result<Replacements> replacements_from(const boost::json::object& body);
Result<InterruptRequest> interrupt_request_from(const boost::json::object& body);
/// The connection that makeEndpointUrl's body names; nothing when it names none.
Result<std::optional<std::string>> url_connection_from(const boost::json::object& body);

}  // namespace firesteel::api
