// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "firesteel/catalog/catalog.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/logs/log_file.hpp"
#include "firesteel/model/connections.hpp"
#include "firesteel/supervisor/supervisor.hpp"

namespace firesteel::api {

/// The schemas of api/openapi.yaml that go by the same names.
boost::json::object to_json(const Connection& connection, TimePoint now);
boost::json::object to_json(const Cluster& cluster);
boost::json::object to_json(const LogChunk& chunk);
boost::json::object channel_json(const Connection& connection, const ServerAccess& access);
boost::json::array to_json(const Connections& connections, TimePoint now);
boost::json::array to_json(const Catalog& catalog);

}  // namespace firesteel::api
