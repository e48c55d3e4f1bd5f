// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "firesteel/api/secret_options.hpp"
#include "firesteel/catalog/holder.hpp"
#include "firesteel/gateway/gateway.hpp"
#include "firesteel/http/message.hpp"
#include "firesteel/model/activity.hpp"
#include "firesteel/model/connections.hpp"

namespace firesteel::api {

class Pace;

/// Tells each change of the connections, and what goes on there, to everybody who watches: `Event` of
/// api/openapi.yaml. Of the activity of one connection at most four events a second; the viewers' waits drive it, so
/// without a viewer there is nothing to do.
///
/// A viewer's queue holds at most `queue_limit` events. One who reads too slowly loses them all, is told how many,
/// and gets a new snapshot: memory stays bounded and what they see comes true again. Of a connection's activity only
/// the latest event waits there.
class EventHub {
 public:
  static constexpr std::size_t queue_limit = 256;

  /// All of these outlive the hub; `endpoint` tells where the gateway listens.
  EventHub(Connections& connections, Activity& activity, catalogue::Holder& catalog, const SecretOptions& secrets,
           const Clock& clock, std::function<gateway::Endpoint()> endpoint);
  ~EventHub();

  /// Serves one viewer until it leaves. Sends a `tick` when a second passes without anything else.
  boost::asio::awaitable<void> watch(http::Viewer& viewer);

  std::size_t viewers() const { return viewers_.size(); }

 private:
  struct Queue;
  struct Place;
  void tell(std::string_view name, const Connection* connection);
  void tell_catalog();
  void note_activity(const ConnectionId& connection);
  void tell_activity(const ConnectionId& connection);
  void tell_due_activity();
  std::string snapshot() const;
  boost::asio::awaitable<void> send_waiting(http::Viewer& viewer, Queue& queue);

  const Connections& connections_;
  const Activity& activity_;
  const catalogue::Holder& catalog_;
  const SecretOptions& secrets_;
  const Clock& clock_;
  const std::function<gateway::Endpoint()> endpoint_;
  std::list<Queue*> viewers_;
  const std::unique_ptr<Pace> pace_;
  Connections::Subscription connections_watch_;
  Activity::Subscription activity_watch_;
  catalogue::Holder::Subscription catalog_watch_;
};

}  // namespace firesteel::api
