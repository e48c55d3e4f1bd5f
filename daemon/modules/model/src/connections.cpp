// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/connections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firesteel {
namespace {

constexpr const char* how_to_create = "Create one in the Firesteel panel or with `firesteel start`.";

template <class Range, class Predicate>
const Connection* only(const Range& range, Predicate wanted) {
  const Connection* found = nullptr;
  for (const auto& each : range) {
    if (!wanted(*each)) continue;
    if (found) return nullptr;
    found = each.get();
  }
  return found;
}

}  // namespace

const Connection* Connections::find(std::string_view name) const {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& each) { return each->name == name; });
  return at == all_.end() ? nullptr : at->get();
}

const Connection* Connections::find(const ConnectionId& id) const {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& each) { return each->id == id; });
  return at == all_.end() ? nullptr : at->get();
}

Result<const Connection*> Connections::get(std::string_view name) const {
  if (const Connection* found = find(name)) return found;
  Error error{.code = Errc::connection_not_found,
              .message = fmt::format("There is no connection '{}'.", name),
              .connections = names()};
  error.advice =
      error.connections.empty() ? how_to_create : fmt::format("These exist: {}.", fmt::join(error.connections, ", "));
  return error;
}

Result<const Connection*> Connections::get_default() const {
  const Connection* marked = only(all_, [](const Connection& each) { return each.is_default; });
  if (marked && (is_live(marked->state) || all_.size() == 1)) return marked;
  if (const Connection* live = only(all_, [](const Connection& each) { return is_live(each.state); })) return live;
  if (all_.size() == 1) return all_.front().get();
  if (all_.empty())
    return Error{.code = Errc::connection_not_found, .message = "There is no connection yet.", .advice = how_to_create};
  return Error{.code = Errc::no_default,
               .message = "Several connections exist and none of them is the default one that runs.",
               .advice = fmt::format("Name one of: {}.", fmt::join(names(), ", ")),
               .field = "name",
               .connections = names()};
}

const Connection& Connections::add(Connection connection) {
  connection.is_default = all_.empty() || connection.is_default;
  all_.push_back(std::make_unique<Connection>(std::move(connection)));
  const Connection& added = *all_.back();
  watchers_.tell(added.name, &added);
  return added;
}

void Connections::update(const ConnectionId& id, const std::function<void(Connection&)>& change) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& each) { return each->id == id; });
  if (at == all_.end()) return;
  change(**at);
  watchers_.tell((*at)->name, at->get());
}

void Connections::remove(const ConnectionId& id) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const auto& each) { return each->id == id; });
  if (at == all_.end()) return;
  const auto removed = std::move(*at);
  all_.erase(at);
  watchers_.tell(removed->name, nullptr);
}

void Connections::set_default(const ConnectionId& id) {
  std::vector<ConnectionId> changed;
  for (const auto& each : all_)
    if (each->is_default != (each->id == id)) changed.push_back(each->id);
  for (const auto& each : changed) update(each, [&](Connection& connection) { connection.is_default = each == id; });
}

std::vector<std::string> Connections::names() const {
  std::vector<std::string> out;
  out.reserve(all_.size());
  for (const auto& each : all_) out.push_back(each->name);
  return out;
}

}  // namespace firesteel
