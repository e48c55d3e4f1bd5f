// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/engine/history_launch.hpp"
#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/launch_plan.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The variable that marks a server and every process it starts; its value is the ServerId.
inline constexpr std::string_view server_id_variable = "FIRESTEEL_SERVER_ID";

/// All that decides how a server on this machine is started, wherever its executors are.
struct LaunchRequest {
  std::string name;  ///< the connection's
  ServerId server;
  catalogue::Cluster cluster;
  Options options;  ///< already merged and validated
  Installation installation;
  Variables base;                 ///< the environment it starts from; scrubbed here
  std::string directory;          ///< of this server alone, mode 0700, absolute: its files go there
  std::string working_directory;  ///< what relative paths in a notebook's queries mean; absolute
  std::string events_directory;   ///< for event logs when no option says another; absolute
  std::string own_address{};      ///< where executors elsewhere find this machine when no option says it
  std::uint16_t grpc_port = 0;    ///< on 127.0.0.1, free
  std::uint16_t ui_port = 0;      ///< on 127.0.0.1, free
  std::string secret;             ///< of Spark Connect; only ever in the environment
  std::string ui_key;             ///< of the Spark UI's JWSFilter, base64url of 32 bytes; only ever in a 0600 file
};

struct LocalPlan : LaunchPlan {
  std::string driver_host{};               ///< where executors on other machines find the driver; empty: there are none
  bool has_ui = true;                      ///< whether the server will have a Spark UI
  bool logs_events_here = false;           ///< in `events_directory`, which must be there
  std::optional<HistorySource> history{};  ///< when it logs its events and they can be shown
};

LocalPlan local_launch(const LaunchRequest& request);

}  // namespace firesteel
