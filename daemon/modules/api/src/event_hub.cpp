// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/event_hub.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <deque>

#include "codec.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/io/waits.hpp"
#include "pace.hpp"

namespace firesteel::api {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr auto tick_interval = std::chrono::seconds(1);
constexpr auto activity_interval = std::chrono::milliseconds(250);

std::string gap(std::size_t dropped) { return json::serialize(json::object{{"type", "gap"}, {"dropped", dropped}}); }

}  // namespace

struct EventHub::Queue {
  struct Event {
    std::shared_ptr<const std::string> text;
    ConnectionId activity_of;  ///< empty: another kind of event
  };

  std::deque<Event> events;
  std::size_t dropped = 0;
  io::Notice filled;

  void push(Event event) {
    if (!event.activity_of.empty())
      std::erase_if(events, [&](const Event& each) { return each.activity_of == event.activity_of; });
    if (dropped == 0 && events.size() < queue_limit) {
      events.push_back(std::move(event));
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
  ~Place() {
    hub_.viewers_.erase(at_);
    if (hub_.viewers_.empty()) hub_.pace_->clear();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  EventHub& hub_;
  std::list<Queue*>::iterator at_;
};

EventHub::EventHub(Connections& connections, Activity& activity, catalogue::Holder& catalog,
                   const SecretOptions& secrets, const Clock& clock, std::function<gateway::Endpoint()> endpoint)
    : connections_(connections),
      activity_(activity),
      catalog_(catalog),
      secrets_(secrets),
      clock_(clock),
      endpoint_(std::move(endpoint)),
      pace_(std::make_unique<Pace>(activity_interval)),
      connections_watch_(
          connections.watch([this](std::string_view name, const Connection* connection) { tell(name, connection); })),
      activity_watch_(activity.watch([this](const ConnectionId& connection) { note_activity(connection); })),
      catalog_watch_(catalog.watch([this] { tell_catalog(); })) {}

EventHub::~EventHub() = default;

void EventHub::tell(std::string_view name, const Connection* connection) {
  if (viewers_.empty()) return;
  json::object event;
  if (connection)
    event = {{"type", "connection"}, {"connection", to_json(*connection, clock_.now(), secrets_)}};
  else
    event = {{"type", "removed"}, {"name", name}};
  const auto text = std::make_shared<const std::string>(json::serialize(event));
  for (Queue* queue : viewers_) queue->push({text, {}});
}

void EventHub::tell_catalog() {
  if (viewers_.empty()) return;
  const auto text = std::make_shared<const std::string>(json::serialize(json::object{
      {"type", "catalog"}, {"revision", catalog_.revision()}, {"clusters", to_json(catalog_.catalogue().clusters)}}));
  for (Queue* queue : viewers_) queue->push({text, {}});
}

void EventHub::note_activity(const ConnectionId& connection) {
  if (viewers_.empty()) return;
  switch (pace_->changed(connection, clock_.now())) {
    case Pace::Told::now:
      return tell_activity(connection);
    case Pace::Told::later:
      // Those who wait wait for a shorter time now.
      for (Queue* queue : viewers_) queue->filled.announce();
      return;
    case Pace::Told::with_others:
      return;
  }
}

void EventHub::tell_activity(const ConnectionId& id) {
  const Connection* connection = connections_.find(id);
  if (!connection) return;
  const auto text =
      std::make_shared<const std::string>(json::serialize(activity_json(*connection, activity_, clock_.now())));
  for (Queue* queue : viewers_) queue->push({text, id});
}

void EventHub::tell_due_activity() {
  for (const ConnectionId& connection : pace_->take_due(clock_.now())) tell_activity(connection);
}

std::string EventHub::snapshot() const {
  return json::serialize(json::object{{"type", "snapshot"},
                                      {"daemon_version", version()},
                                      {"connections", to_json(connections_, clock_.now(), secrets_)},
                                      {"clusters", to_json(catalog_.catalogue().clusters)},
                                      {"catalog_revision", catalog_.revision()},
                                      {"activity", activities_json(connections_, activity_, clock_.now())},
                                      {"endpoint", to_json(endpoint_())}});
}

asio::awaitable<void> EventHub::watch(http::Viewer& viewer) {
  Queue queue;
  const Place place(*this, queue);
  co_await viewer.send(snapshot());
  for (TimePoint next_tick = Steady::now() + tick_interval;;) {
    tell_due_activity();
    if (!queue.events.empty() || queue.dropped > 0) {
      co_await send_waiting(viewer, queue);
    } else if (Steady::now() >= next_tick) {
      co_await viewer.send(R"({"type":"tick"})");
    } else {
      const TimePoint until = std::min(next_tick, pace_->next_due());
      co_await queue.filled.wait(until);
      continue;
    }
    next_tick = Steady::now() + tick_interval;
  }
}

asio::awaitable<void> EventHub::send_waiting(http::Viewer& viewer, Queue& queue) {
  while (!queue.events.empty() && queue.dropped == 0) {
    const auto event = queue.events.front().text;
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
