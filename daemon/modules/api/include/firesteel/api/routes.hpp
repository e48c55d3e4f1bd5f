// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "firesteel/api/event_hub.hpp"
#include "firesteel/catalog/holder.hpp"
#include "firesteel/gateway/gateway.hpp"
#include "firesteel/http/router.hpp"
#include "firesteel/io/directories.hpp"
#include "firesteel/logs/log_keeper.hpp"
#include "firesteel/model/activity.hpp"
#include "firesteel/model/connections.hpp"
#include "firesteel/supervisor/history_readers.hpp"
#include "firesteel/supervisor/supervisor.hpp"

namespace firesteel::api {

class Presets;
class SecretOptions;

/// What the routes speak for; all of it outlives the routers.
struct Services {
  const Connections& connections;
  const catalogue::Holder& catalog;
  const Clock& clock;
  const Activity& activity;
  Supervisor& supervisor;
  HistoryReaders& history;
  LogKeeper& logs;
  gateway::Gateway& gateway;
  EventHub& events;
  Presets& presets;
  const SecretOptions& secrets;
  const io::Directories& directories;
  TimePoint started;
  WallTime started_at;
  std::function<void()> shut_down;       ///< asks the daemon to end, soon
  std::function<void()> somebody_asked;  ///< a request came: the daemon is in use
};

/// The routes of api.sock.
void add_api_routes(http::Router& router, const Services& services);
/// The routes of kernel.sock.
void add_kernel_routes(http::Router& router, const Services& services);

}  // namespace firesteel::api
