// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <list>
#include <memory>
#include <string>

#include "firesteel/catalog/catalog.hpp"
#include "firesteel/http/message.hpp"
#include "firesteel/model/connections.hpp"

namespace firesteel::api {

/// Tells each change of the connections to everybody who watches: `Event` of api/openapi.yaml.
///
/// A viewer's queue holds at most `queue_limit` events. One who reads too slowly loses them all, is told how many,
/// and gets a new snapshot: memory stays bounded and what they see comes true again.
class EventHub {
 public:
  static constexpr std::size_t queue_limit = 256;

  EventHub(Connections& connections, const Catalog& catalog, const Clock& clock);

  /// Serves one viewer until it leaves. Sends a `tick` when a second passes without anything else.
  boost::asio::awaitable<void> watch(http::Viewer& viewer);

  std::size_t viewers() const { return viewers_.size(); }

 private:
  struct Queue;
  struct Place;
  void tell(std::string_view name, const Connection* connection);
  std::string snapshot() const;
  boost::asio::awaitable<void> send_waiting(http::Viewer& viewer, Queue& queue);

  const Connections& connections_;
  const Catalog& catalog_;
  const Clock& clock_;
  std::list<Queue*> viewers_;
  Connections::Subscription subscription_;
};

}  // namespace firesteel::api
