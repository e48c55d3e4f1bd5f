// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/core/id.hpp"
#include "firesteel/engine/installation.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The variable that marks a server and every process it starts; its value is the ServerId.
inline constexpr std::string_view server_id_variable = "FIRESTEEL_SERVER_ID";

/// All that decides how a server of a local cluster is started.
struct LaunchRequest {
  std::string name;  ///< the connection's
  ServerId server;
  catalogue::Cluster cluster;
  Options options;  ///< already merged and validated
  Installation installation;
  Variables base;                 ///< the environment it starts from; scrubbed here
  std::string directory;          ///< of this server alone, mode 0700, absolute: its files go there
  std::string working_directory;  ///< what relative paths in a notebook's queries mean; absolute
  std::uint16_t grpc_port = 0;    ///< on 127.0.0.1, free
  std::uint16_t ui_port = 0;      ///< on 127.0.0.1, free
  std::string secret;             ///< of Spark Connect; only ever in the environment
  std::string ui_key;             ///< of the Spark UI's JWSFilter, base64url of 32 bytes; only ever in a 0600 file
};

/// A file to write before the start. It must not exist before; it goes when the server has gone.
struct LaunchFile {
  std::string path;
  std::string content;
  mode_t mode = 0600;
};

/// What to execute: no shell reads any of it, and no secret is in argv.
struct LaunchPlan {
  std::vector<std::string> argv;         ///< argv[0] is the absolute path of `java`
  std::vector<std::string> environment;  ///< "K=V", sorted by K; this and nothing else
  std::string working_directory;
  std::vector<LaunchFile> files;
  bool has_ui = true;  ///< whether the server will have a Spark UI
};

LaunchPlan local_launch(const LaunchRequest& request);

/// The variables of `base` that a process started for a connection may see: without Jupyter's tokens and without what
/// would turn the server into a client or change the JVM behind our back.
Variables scrubbed(const Variables& base);
/// Whether scrubbed() leaves a variable of this name out.
bool is_scrubbed(std::string_view name);

}  // namespace firesteel
