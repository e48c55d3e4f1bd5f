// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/launch_plan.hpp"

namespace firesteel {

/// What Spark's history server needs to show the applications of a connection after they have ended.
struct HistorySource {
  std::string java;           ///< path of the executable
  std::string class_path;     ///< as the server itself had it
  std::string log_directory;  ///< where the event logs are, as a URI

  friend bool operator==(const HistorySource&, const HistorySource&) = default;
};

/// The variable that marks a history server; its value is the daemon's runtime directory.
inline constexpr std::string_view history_variable = "FIRESTEEL_HISTORY_OF";

struct HistoryRequest {
  HistorySource source;
  Variables base;          ///< the environment it starts from; scrubbed here
  std::string directory;   ///< for its properties; mode 0700, absolute
  std::string owner;       ///< the value of history_variable
  std::uint16_t port = 0;  ///< on 127.0.0.1, free
  std::string key;         ///< of its JWSFilter, base64url of 32 bytes; only ever in a 0600 file
};

/// Spark's history server behind Spark's own JWSFilter, on loopback.
LaunchPlan history_launch(const HistoryRequest& request);

/// Where an application that is started with these options logs its events, as a URI for the history server. Nothing
/// unless spark.eventLog.enabled is set.
std::optional<std::string> event_log_directory(const Options& options);

}  // namespace firesteel
