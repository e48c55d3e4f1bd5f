// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/api/secret_options.hpp"
#include "firesteel/catalog/holder.hpp"
#include "firesteel/core/time.hpp"
#include "firesteel/gateway/gateway.hpp"
#include "firesteel/logs/log_file.hpp"
#include "firesteel/model/activity.hpp"
#include "firesteel/model/connections.hpp"

namespace firesteel::api {

/// The schemas of api/openapi.yaml that go by the same names.
boost::json::object to_json(const Connection& connection, TimePoint now, const SecretOptions& secrets);
boost::json::object to_json(const catalogue::Cluster& cluster);
boost::json::object to_json(const LogChunk& chunk);
boost::json::object to_json(const Session& session, TimePoint now);
boost::json::object to_json(const Operation& operation, TimePoint now);
boost::json::object to_json(const gateway::Endpoint& endpoint);
boost::json::object channel_json(const Connection& connection, const std::filesystem::path& gateway_socket);
boost::json::array to_json(const Connections& connections, TimePoint now, const SecretOptions& secrets);
boost::json::array to_json(const std::vector<catalogue::Cluster>& clusters);
/// `Catalog`.
boost::json::object to_json(const catalogue::Holder& catalog);

/// `Options`, as they are given.
boost::json::object options_json(const Options& options);

/// `Preset` without its name; a `StartRequest`, too. Secret options as they are given.
boost::json::object definition_json(const Definition& definition);

/// A value as it may be shown: masked when the option's name says that it is a secret.
std::string shown_value(std::string_view option, const std::string& value);

/// The connection's sessions, oldest first.
boost::json::array sessions_json(const Activity& activity, const ConnectionId& connection, TimePoint now);
/// At most `limit` operations, newest first; those that run are there before any that ended.
boost::json::array operations_json(const Activity& activity, const ConnectionId& connection, std::size_t limit,
                                   TimePoint now);
/// `ActivityEvent`.
boost::json::object activity_json(const Connection& connection, const Activity& activity, TimePoint now);
/// The `ActivityEvent` of each connection that has sessions or operations.
boost::json::array activities_json(const Connections& connections, const Activity& activity, TimePoint now);

}  // namespace firesteel::api
