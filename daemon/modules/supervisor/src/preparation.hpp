// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/local_launch.hpp"

namespace firesteel {

/// What a start is asked for, before anything is looked up.
struct PreparationRequest {
  std::string name;
  ServerId server;
  Cluster cluster;
  Definition definition;
  std::string caller_python;
  Variables base;
  std::string directory;
  std::string working_directory;
  std::string events_directory;
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

/// Finds Python, Spark and Java, chooses ports and secrets, and makes the plan.
boost::asio::awaitable<Outcome<Preparation>> prepare(PreparationRequest request);

}  // namespace firesteel
