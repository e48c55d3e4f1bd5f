// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/model/connection.hpp"
#include "firesteel/supervisor/supervisor.hpp"

namespace firesteel::api {

struct NewConnection {
  std::string name;
  Definition definition;
};

/// Bodies of requests. What is missing, unknown or of the wrong type is an error that names the field.
Result<NewConnection> new_connection_from(const boost::json::object& body);
Result<Replacements> replacements_from(const boost::json::object& body);

}  // namespace firesteel::api
