// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/event_hub.hpp"

#include <boost/json/serialize.hpp>
#include <deque>

#include "codec.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/io/waits.hpp"

namespace firesteel::api {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr auto tick_interval = std::chrono::seconds(1);

std::string gap(std::size_t dropped) { return json::serialize(json::object{{"type", "gap"}, {"dropped", dropped}}); }

}  // namespace

struct EventHub::Queue {
  std::deque<std::shared_ptr<const std::string>> events;
  std::size_t dropped = 0;
  io::Notice filled;

  void push(const std::shared_ptr<const std::string>& event) {
    if (dropped == 0 && events.size() < queue_limit) {
      events.push_back(event);
    } else {
      dropped += events.size() + 1;
      events.clear();
    }
    filled.announce();
  }
};

/// A viewer's place in the list, for as long as it watches.
struct EventHub::Place {
  Place(EventHub& hub, Queue& queue) : hub_(hub), at_(hub.viewers_.insert(hub.viewers_.end(), &queue)) {}
  ~Place() { hub_.viewers_.erase(at_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  EventHub& hub_;
  std::list<Queue*>::iterator at_;
};

EventHub::EventHub(Connections& connections, const Catalog& catalog, const Clock& clock)
    : connections_(connections),
      catalog_(catalog),
      clock_(clock),
      subscription_(
          connections.watch([this](std::string_view name, const Connection* connection) { tell(name, connection); })) {}

void EventHub::tell(std::string_view name, const Connection* connection) {
  if (viewers_.empty()) return;
  json::object event;
  if (connection)
    event = {{"type", "connection"}, {"connection", to_json(*connection, clock_.now())}};
  else
    event = {{"type", "removed"}, {"name", name}};
  const auto text = std::make_shared<const std::string>(json::serialize(event));
  for (Queue* queue : viewers_) queue->push(text);
}

std::string EventHub::snapshot() const {
  return json::serialize(json::object{{"type", "snapshot"},
                                      {"daemon_version", version()},
                                      {"connections", to_json(connections_, clock_.now())},
                                      {"clusters", to_json(catalog_)}});
}

asio::awaitable<void> EventHub::watch(http::Viewer& viewer) {
  Queue queue;
  const Place place(*this, queue);
  co_await viewer.send(snapshot());
  for (;;) {
    bool something = !queue.events.empty() || queue.dropped > 0;
    if (!something) something = co_await queue.filled.wait(Steady::now() + tick_interval);
    if (!something) co_await viewer.send(R"({"type":"tick"})");
    co_await send_waiting(viewer, queue);
  }
}

asio::awaitable<void> EventHub::send_waiting(http::Viewer& viewer, Queue& queue) {
  while (!queue.events.empty() && queue.dropped == 0) {
    const auto event = queue.events.front();
    queue.events.pop_front();
    co_await viewer.send(*event);
  }
  if (queue.dropped == 0) co_return;
  const std::size_t dropped = std::exchange(queue.dropped, 0);
  // The snapshot is taken now: whatever is queued while the two are sent comes after it.
  std::string all = snapshot();
  co_await viewer.send(gap(dropped));
  co_await viewer.send(std::move(all));
}

}  // namespace firesteel::api
