// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/activity.hpp"

#include <algorithm>

#include "firesteel/core/names.hpp"
#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

constexpr NameTable<OperationKind, 4> kinds{{
    {OperationKind::query, "query"},
    {OperationKind::command, "command"},
    {OperationKind::analyze, "analyze"},
    {OperationKind::upload, "upload"},
}};

constexpr NameTable<OperationState, 5> states{{
    {OperationState::running, "running"},
    {OperationState::finished, "finished"},
    {OperationState::failed, "failed"},
    {OperationState::interrupted, "interrupted"},
    {OperationState::lost, "lost"},
}};

template <class Kind>
bool is_listable(const Id<Kind>& id) {
  return id.str().size() <= Activity::longest_id;
}

bool is_listable(const SessionKey& key) { return is_listable(key.id) && key.user.size() <= Activity::longest_id; }

/// What a client says, fit to be kept and shown.
std::string tidy(std::string text) {
  if (!is_valid_utf8(text)) text = to_valid_utf8(text);
  if (text.size() > Activity::longest_text) text.resize(cut_utf8(text, Activity::longest_text).size());
  return text;
}

void tidy(Operation& operation) {
  for (std::string* text : {&operation.detail, &operation.notebook, &operation.cell, &operation.error})
    *text = tidy(std::move(*text));
}

/// Takes over what is told and new; whether there was any.
bool learn(std::string& known, const std::string& told) {
  if (told.empty() || told == known) return false;
  std::string text = tidy(told);
  const bool is_new = text != known;
  known = std::move(text);
  return is_new;
}

}  // namespace

std::string_view to_string(OperationKind kind) { return name_of(kinds, kind); }
std::string_view to_string(OperationState state) { return name_of(states, state); }

void Activity::saw(const Session& session) {
  const auto at = sessions_.find(session.key);
  if (at == sessions_.end()) {
    if (sessions_.size() >= max_sessions || !is_listable(session.key) || over_.contains(session.key)) return;
    Session& added =
        (*sessions_.insert(std::make_unique<KeptSession>(KeptSession{session, next_order_})).first)->session;
    added.client_type = tidy(std::move(added.client_type));
    added.notebook = tidy(std::move(added.notebook));
    added.spark_id = tidy(std::move(added.spark_id));
    added.running = 0;
    connections_[added.connection].sessions.emplace(next_order_++, &added);
    return watchers_.tell(added.connection);
  }
  Session& known = (*at)->session;
  const bool moved = session.last_active > known.last_active;
  if (moved) known.last_active = session.last_active;
  const bool other_notebook = learn(known.notebook, session.notebook);
  const bool other_client = learn(known.client_type, session.client_type);
  learn(known.spark_id, session.spark_id);
  if (moved || other_notebook || other_client) watchers_.tell(known.connection);
}

void Activity::ended(const SessionKey& session, TimePoint now) {
  const SessionKey key = session;  // may be the session's own
  remember_end(key);
  const auto at = sessions_.find(key);
  if (at == sessions_.end()) return;
  const ConnectionId connection = (*at)->session.connection;
  end_running(
      operations_.lower_bound(OperationRef(key, OperationId())), [&](const SessionKey& each) { return each == key; },
      OperationState::interrupted, now);
  erase(at);
  watchers_.tell(connection);
}

void Activity::server_ended(const ServerId& server, TimePoint now, std::string_view why) {
  const SessionKey first{server, {}, {}};
  end_running(
      operations_.lower_bound(OperationRef(first, OperationId())),
      [&](const SessionKey& each) { return each.server == first.server; }, OperationState::lost, now, why);
  std::set<ConnectionId> touched;
  for (auto at = sessions_.lower_bound(first); at != sessions_.end() && (*at)->session.key.server == first.server;) {
    touched.insert((*at)->session.connection);
    at = erase(at);
  }
  over_.erase(over_.lower_bound(first),
              std::find_if(over_.lower_bound(first), over_.end(),
                           [&](const SessionKey& each) { return each.server != first.server; }));
  std::erase_if(over_in_order_, [&](const SessionKey& each) { return each.server == first.server; });
  for (const auto& connection : touched) watchers_.tell(connection);
}

void Activity::remember_end(const SessionKey& session) {
  if (!is_listable(session) || !over_.insert(session).second) return;
  over_in_order_.push_back(session);
  if (over_in_order_.size() <= remembered_ends) return;
  over_.erase(over_in_order_.front());
  over_in_order_.pop_front();
}

/// Ends the operations that run, from there on for as long as their session is wanted.
void Activity::end_running(Operations::iterator from, const std::function<bool(const SessionKey&)>& wanted,
                           OperationState state, TimePoint now, std::string_view why) {
  for (auto at = from; at != operations_.end() && wanted(at->first.first); ++at) {
    Operation& operation = at->second.operation;
    if (operation.state != OperationState::running) continue;
    operation.state = state;
    operation.ended = now;
    operation.error = why;
    close(operation);
  }
}

void Activity::forget(const ConnectionId& connection) {
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return;
  for (const auto& [order, session] : at->second.sessions) sessions_.erase(sessions_.find(session->key));
  for (const auto& [order, operation] : at->second.operations)
    operations_.erase(operations_.find(OperationRef(operation->session, operation->id)));
  connections_.erase(at);
}

void Activity::began(Operation operation) {
  const auto known = operations_.find(OperationRef(operation.session, operation.id));
  if (known != operations_.end()) {
    Operation& same = known->second.operation;
    same.attended = same.state == OperationState::running;
    return watchers_.tell(same.connection);
  }
  const auto session = sessions_.find(operation.session);
  if (session == sessions_.end() || operations_.size() >= max_operations || !is_listable(operation.id)) return;
  ++(*session)->session.running;
  operation.connection = (*session)->session.connection;
  operation.state = OperationState::running;
  tidy(operation);
  OperationKey key{operation.session, operation.id};
  const auto added = operations_.emplace(std::move(key), KeptOperation{std::move(operation), next_order_}).first;
  const Operation& kept = added->second.operation;
  connections_[kept.connection].operations.emplace(next_order_++, &kept);
  watchers_.tell(kept.connection);
}

void Activity::update(const SessionKey& session, const OperationId& id, const std::function<void(Operation&)>& change) {
  const auto at = operations_.find(OperationRef(session, id));
  if (at == operations_.end()) return;
  Operation& operation = at->second.operation;
  if (operation.state == OperationState::running) {
    change(operation);
    if (operation.state != OperationState::running) close(operation);
  } else {
    Operation changed = operation;
    change(changed);
    operation.rows = changed.rows;
    operation.bytes = changed.bytes;
    operation.tasks = changed.tasks;
    operation.completed_tasks = changed.completed_tasks;
  }
  tidy(operation);
  watchers_.tell(operation.connection);
}

void Activity::drop(const SessionKey& session, const OperationId& id) {
  const auto at = operations_.find(OperationRef(session, id));
  if (at == operations_.end()) return;
  const Operation& operation = at->second.operation;
  const ConnectionId connection = operation.connection;
  if (operation.state == OperationState::running)
    --(*sessions_.find(operation.session))->session.running;
  else
    std::erase(connections_[connection].ended, at->first);
  erase(at);
  watchers_.tell(connection);
}

/// Files an operation that has just ended among those that ended, and drops the oldest of them when they are too many.
void Activity::close(Operation& operation) {
  operation.attended = false;
  Session& session = (*sessions_.find(operation.session))->session;
  --session.running;
  if (operation.ended) session.last_active = std::max(session.last_active, *operation.ended);
  ends_.tell(operation);
  auto& ended = connections_[operation.connection].ended;
  ended.emplace_back(operation.session, operation.id);
  for (; ended.size() > kept_operations; ended.pop_front()) erase(operations_.find(ended.front()));
}

void Activity::erase(Operations::iterator operation) {
  connections_[operation->second.operation.connection].operations.erase(operation->second.order);
  operations_.erase(operation);
}

Activity::Sessions::iterator Activity::erase(Sessions::iterator session) {
  connections_[(*session)->session.connection].sessions.erase((*session)->order);
  return sessions_.erase(session);
}

std::vector<const Session*> Activity::sessions(const ConnectionId& connection) const {
  std::vector<const Session*> out;
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return out;
  out.reserve(at->second.sessions.size());
  for (const auto& [order, session] : at->second.sessions) out.push_back(session);
  std::stable_sort(out.begin(), out.end(),
                   [](const Session* a, const Session* b) { return a->started_at < b->started_at; });
  return out;
}

std::vector<const Operation*> Activity::operations(const ConnectionId& connection) const {
  std::vector<const Operation*> out;
  const auto at = connections_.find(connection);
  if (at == connections_.end()) return out;
  const auto& mine = at->second.operations;
  out.reserve(mine.size());
  for (auto each = mine.rbegin(); each != mine.rend(); ++each) out.push_back(each->second);
  return out;
}

const Session* Activity::find(const SessionKey& key) const {
  const auto at = sessions_.find(key);
  return at == sessions_.end() ? nullptr : &(*at)->session;
}

const Operation* Activity::find(const SessionKey& session, const OperationId& id) const {
  const auto at = operations_.find(OperationRef(session, id));
  return at == operations_.end() ? nullptr : &at->second.operation;
}

}  // namespace firesteel
