// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/local_launch.hpp"

namespace firesteel {

/// What a start is asked for, before anything is looked up.
struct PreparationRequest {
  std::string name;
  ServerId server;
  catalogue::Cluster cluster;
  std::vector<catalogue::Bundle> bundles;  ///< those that the definition names
  Definition definition;
  std::string caller_python;
  Variables base;
  std::string directory;
  std::string working_directory;
  std::string events_directory;
  std::filesystem::path log;  ///< for what the cluster's script says
};

/// Everything needed to spawn, and what must be remembered of it.
struct Preparation {
  LocalPlan plan;
  std::uint16_t grpc_port = 0;
  std::uint16_t ui_port = 0;  ///< 0: it has no Spark UI
  std::string secret;
  std::string ui_key;
  std::string words;  ///< lines for the log: what is started, without secrets
};

/// Runs the cluster's script, finds Python, Spark and Java, merges the options, chooses ports and secrets, and makes
/// the plan. `directory` must be there if the cluster has a script.
boost::asio::awaitable<Outcome<Preparation>> prepare(PreparationRequest request);

}  // namespace firesteel
