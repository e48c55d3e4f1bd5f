// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/activity.hpp"

#include <algorithm>
#include <tuple>

namespace firesteel {

std::string_view to_string(OperationKind kind) {
  switch (kind) {
    case OperationKind::query: return "query";
    case OperationKind::command: return "command";
    case OperationKind::analyze: return "analyze";
    case OperationKind::upload: return "upload";
  }
  return "query";
}

std::string_view to_string(OperationState state) {
  switch (state) {
    case OperationState::running: return "running";
    case OperationState::finished: return "finished";
    case OperationState::failed: return "failed";
    case OperationState::interrupted: return "interrupted";
    case OperationState::lost: return "lost";
  }
  return "running";
}

void Activity::tell(const ConnectionId& connection) {
  for (const auto& watcher : watchers_) watcher(connection);
}

void Activity::saw(const Session& session) {
  const auto it = sessions_.find(session.key);
  if (it == sessions_.end()) {
    if (sessions_.size() >= max_sessions) return;
    sessions_.emplace(session.key, session).first->second.running = 0;
    return tell(session.connection);
  }
  Session& known = it->second;
  known.last_active = std::max(known.last_active, session.last_active);
  const bool tells_more = (!session.notebook.empty() && session.notebook != known.notebook) ||
                          (!session.client_type.empty() && session.client_type != known.client_type);
  if (!tells_more) return;
  if (!session.notebook.empty()) known.notebook = session.notebook;
  if (!session.client_type.empty()) known.client_type = session.client_type;
  tell(known.connection);
}

void Activity::ended(const SessionKey& session, TimePoint now) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  const ConnectionId connection = it->second.connection;
  for (auto& [key, kept] : operations_) {
    if (key.first != session || kept.operation.state != OperationState::running) continue;
    kept.operation.state = OperationState::interrupted;
    kept.operation.ended = now;
    close(kept);
  }
  sessions_.erase(session);
  trim(connection);
  tell(connection);
}

void Activity::server_ended(const ServerId& server, TimePoint now) {
  std::vector<ConnectionId> touched;
  for (auto& [key, kept] : operations_) {
    if (key.first.server != server || kept.operation.state != OperationState::running) continue;
    kept.operation.state = OperationState::lost;
    kept.operation.ended = now;
    close(kept);
    touched.push_back(kept.operation.connection);
  }
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    if (it->first.server != server) {
      ++it;
      continue;
    }
    touched.push_back(it->second.connection);
    it = sessions_.erase(it);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const auto& connection : touched) {
    trim(connection);
    tell(connection);
  }
}

void Activity::forget(const ConnectionId& connection) {
  std::erase_if(operations_, [&](const auto& entry) { return entry.second.operation.connection == connection; });
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.connection == connection; });
  ended_.erase(connection);
}

void Activity::began(Operation operation) {
  OperationKey key{operation.session, operation.id};
  const auto it = operations_.find(key);
  const ConnectionId connection = operation.connection;
  if (it != operations_.end()) {
    it->second.operation.attended = it->second.operation.state == OperationState::running;
    return tell(connection);
  }
  operation.state = OperationState::running;
  if (const auto session = sessions_.find(operation.session); session != sessions_.end()) ++session->second.running;
  operations_.emplace(std::move(key), Kept{std::move(operation), next_order_++});
  tell(connection);
}

void Activity::update(const SessionKey& session, const OperationId& id, const std::function<void(Operation&)>& change) {
  const auto it = operations_.find({session, id});
  if (it == operations_.end()) return;
  Operation& operation = it->second.operation;
  const bool ran = operation.state == OperationState::running;
  const auto [state, end, error] = std::tuple(operation.state, operation.ended, operation.error);
  change(operation);
  if (!ran) {
    operation.state = state;
    operation.ended = end;
    operation.error = error;
  }
  const ConnectionId connection = operation.connection;
  if (ran && operation.state != OperationState::running) {
    close(it->second);
    trim(connection);
  }
  tell(connection);
}

/// Files a running operation among those that ended.
void Activity::close(Kept& kept) {
  Operation& operation = kept.operation;
  operation.attended = false;
  if (const auto session = sessions_.find(operation.session); session != sessions_.end()) {
    --session->second.running;
    if (operation.ended) session->second.last_active = std::max(session->second.last_active, *operation.ended);
  }
  ended_[operation.connection].push_back({operation.session, operation.id});
}

void Activity::trim(const ConnectionId& connection) {
  auto& ended = ended_[connection];
  for (; ended.size() > kept_operations; ended.pop_front()) operations_.erase(ended.front());
}

std::vector<const Session*> Activity::sessions(const ConnectionId& connection) const {
  std::vector<const Session*> out;
  for (const auto& [key, session] : sessions_)
    if (session.connection == connection) out.push_back(&session);
  std::stable_sort(out.begin(), out.end(),
                   [](const Session* a, const Session* b) { return a->started_at < b->started_at; });
  return out;
}

std::vector<const Operation*> Activity::operations(const ConnectionId& connection) const {
  std::vector<const Kept*> found;
  for (const auto& [key, kept] : operations_)
    if (kept.operation.connection == connection) found.push_back(&kept);
  std::sort(found.begin(), found.end(), [](const Kept* a, const Kept* b) { return a->order > b->order; });
  std::vector<const Operation*> out;
  for (const Kept* kept : found) out.push_back(&kept->operation);
  return out;
}

const Session* Activity::find(const SessionKey& key) const {
  const auto it = sessions_.find(key);
  return it == sessions_.end() ? nullptr : &it->second;
}

const Operation* Activity::find(const SessionKey& session, const OperationId& id) const {
  const auto it = operations_.find({session, id});
  return it == operations_.end() ? nullptr : &it->second.operation;
}

}  // namespace firesteel
