// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "problem.hpp"

namespace firesteel::cli {

/// The name of the connection that is meant when none is named, of the reply of listConnections: the default one if its
/// server lives or there is no other, else the only one whose server lives, else the only one. As in the daemon.
Answer<std::string> default_connection(const boost::json::object& connections);

}  // namespace firesteel::cli
