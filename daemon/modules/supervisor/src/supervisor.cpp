// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/supervisor.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "firesteel/core/names.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/logs/masker.hpp"
#include "record.hpp"
#include "server.hpp"

namespace firesteel {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// A shorter value of an option that is a secret by its name isn't looked for: the log would be full of stars.
constexpr std::size_t least_secret = 6;

Error wrong_state(const Connection& connection, std::string_view wanted, std::string_view advice) {
  return {.code = Errc::wrong_state,
          .message = fmt::format("Connection '{}' is {}, so it can't be {}.", connection.name,
                                 to_string(connection.state), wanted),
          .advice = std::string(advice)};
}

Connection connection_from(const ConnectionRecord& record, const Catalog& catalog, TimePoint now) {
  Connection connection;
  connection.id = record.id;
  connection.name = record.name;
  connection.definition = record.definition;
  const auto cluster = catalog.find(record.definition.cluster);
  connection.cluster_display_name = cluster ? (*cluster)->display_name : record.definition.cluster;
  connection.created_at = from_unix_ms(record.created_at_ms);
  connection.state = record.state;
  connection.state_since = now;
  connection.is_default = record.is_default;
  connection.failure = record.failure;
  connection.has_history = record.history && !record.history->application_id.empty();
  return connection;
}

}  // namespace

/// The supervisor's own parts that its header need not know.
struct Supervisor::Parts {
  RecordStore store;
  io::Scope retiring;
};

Supervisor::Supervisor(asio::any_io_executor executor, Connections& connections, const Catalog& catalog,
                       const Clock& clock, Settings settings)
    : executor_(executor),
      connections_(connections),
      catalog_(catalog),
      clock_(clock),
      settings_(std::move(settings)),
      parts_(
          new Parts{RecordStore(settings_.directories.state / "connections", settings_.directories.runtime / "servers"),
                    io::Scope(executor)}),
      subscription_(connections.watch([this](std::string_view, const Connection*) { changed_.announce(); })) {}

Supervisor::~Supervisor() = default;

Server& Supervisor::add(const ConnectionId& id, std::unique_ptr<Server> server) {
  return *servers_.insert_or_assign(id, std::move(server)).first->second;
}

std::unique_ptr<Server> Supervisor::make_server(const ConnectionRecord& record) {
  return std::make_unique<Server>(executor_, Server::Surroundings{clock_, catalog_, settings_, connections_},
                                  parts_->store, record);
}

Result<void> Supervisor::adopt() {
  if (auto made = io::ensure_private_directory(settings_.directories.state / "logs"); !made) return made;
  if (auto made = parts_->store.prepare(); !made) return made;
  for (const ConnectionRecord& record : parts_->store.load()) {
    if (!is_connection_name(record.name) || connections_.find(record.name)) {
      spdlog::error("The record of connection '{}' is ignored: its name is taken or not valid.", record.name);
      continue;
    }
    connections_.add(connection_from(record, catalog_, clock_.now()));
    add(record.id, make_server(record)).adopt();
  }
  return {};
}

Result<Definition> Supervisor::checked(Definition definition) const {
  const auto cluster = catalog_.find(definition.cluster);
  if (!cluster) return cluster.error();
  definition.cluster = (*cluster)->name;
  if (auto valid = validate_options(definition.options, **cluster); !valid) return valid.error();
  return definition;
}

Result<const Connection*> Supervisor::create(std::string name, Definition definition, std::string caller_python) {
  if (!is_connection_name(name))
    return Error{.code = Errc::invalid_name,
                 .message =
                     "A connection's name has 1 to 64 letters, digits, '.', '-' or '_', and begins with a "
                     "letter or a digit.",
                 .advice = {},
                 .field = "name"};
  if (connections_.find(name))
    return Error{.code = Errc::connection_exists,
                 .message = fmt::format("A connection '{}' exists already.", name),
                 .advice = "Choose another name, or start, stop or remove that one.",
                 .field = "name"};
  auto valid = checked(std::move(definition));
  if (!valid) return valid.error();
  ConnectionRecord record{.id = ConnectionId(random_uuid()),
                          .name = std::move(name),
                          .definition = std::move(*valid),
                          .caller_python = std::move(caller_python),
                          .created_at_ms = to_unix_ms(clock_.wall()),
                          .is_default = connections_.all().empty(),
                          .state = ConnectionState::starting};
  const Connection& added = connections_.add(connection_from(record, catalog_, clock_.now()));
  add(record.id, make_server(record)).start();
  return &added;
}

Result<const Connection*> Supervisor::start(std::string_view name, Replacements replacements,
                                            std::string caller_python) {
  const auto found = connections_.get(name);
  if (!found) return found;
  if (is_live((*found)->state)) return wrong_state(**found, "started", "Stop or restart it instead.");
  Server& its = server(**found);
  Definition definition = its.definition();
  if (replacements.cluster) definition.cluster = *replacements.cluster;
  if (replacements.options) definition.options = std::move(*replacements.options);
  if (replacements.environment) definition.environment = std::move(*replacements.environment);
  auto valid = checked(std::move(definition));
  if (!valid) return valid.error();
  its.define(std::move(*valid));
  its.set_caller_python(std::move(caller_python));
  its.start();
  return found;
}

Result<const Connection*> Supervisor::restart(std::string_view name, std::string caller_python) {
  const auto found = connections_.get(name);
  if (!found) return found;
  Server& its = server(**found);
  its.set_caller_python(std::move(caller_python));
  its.restart();
  return found;
}

Result<const Connection*> Supervisor::stop(std::string_view name) {
  const auto found = connections_.get(name);
  if (found) server(**found).stop();
  return found;
}

Result<void> Supervisor::remove(std::string_view name) {
  const auto found = connections_.get(name);
  if (!found) return found.error();
  if (is_live((*found)->state)) return wrong_state(**found, "removed", "Stop it first.");
  const ConnectionId id = (*found)->id;
  auto node = servers_.extract(id);
  // A clean-up may still be under way: it ends before its server is destroyed.
  parts_->retiring.spawn("retire a server", retire(std::move(node.mapped())));
  connections_.remove(id);
  return {};
}

asio::awaitable<void> Supervisor::retire(std::unique_ptr<Server> server) { co_await server->retire(); }

Result<const Connection*> Supervisor::set_default(std::string_view name) {
  const auto found = connections_.get(name);
  if (!found) return found;
  connections_.set_default((*found)->id);
  for (const auto& connection : connections_.all()) server(*connection).save(connection->is_default);
  return found;
}

asio::awaitable<void> Supervisor::settle(ConnectionId id, TimePoint deadline) {
  const auto unsettled = [&] {
    const Connection* connection = connections_.find(id);
    return connection &&
           (connection->state == ConnectionState::starting || connection->state == ConnectionState::stopping);
  };
  for (bool in_time = true; in_time && unsettled();) in_time = co_await changed_.wait(deadline);
}

Result<ServerAccess> Supervisor::access(const Connection& connection) const {
  const auto& run = servers_.at(connection.id)->run();
  if (connection.state == ConnectionState::ready && run)
    return ServerAccess{run->grpc_port, run->secret, run->ui_port, run->ui_key};
  Error error{.code = Errc::not_ready,
              .message = fmt::format("Connection '{}' is {}.", connection.name, to_string(connection.state))};
  if (connection.failure) {
    error.message = fmt::format("Connection '{}' has failed: {}", connection.name, connection.failure->message);
    error.advice = connection.failure->advice;
    error.failure = connection.failure;
  }
  return error;
}

std::optional<EndedApplication> Supervisor::ended_application(const Connection& connection) const {
  const auto& history = servers_.at(connection.id)->history();
  if (is_live(connection.state) || !history || history->application_id.empty()) return std::nullopt;
  return EndedApplication{.id = history->application_id, .source = history->source};
}

fs::path Supervisor::log_file(const ConnectionId& connection) const {
  return settings_.directories.state / "logs" / (connection.str() + ".log");
}

std::vector<std::string> Supervisor::secrets(const Connection& connection) const {
  std::vector<std::string> out;
  const auto server = servers_.find(connection.id);
  if (server != servers_.end() && server->second->run())
    out = {server->second->run()->secret, server->second->run()->ui_key};
  for (const auto& [name, value] : connection.definition.options)
    if (value.size() >= least_secret && names_secret(name)) out.push_back(value);
  return out;
}

asio::awaitable<void> Supervisor::shut_down() {
  for (const auto& [id, server] : servers_) co_await server->let_go();
  co_await parts_->retiring.join();
}

Server& Supervisor::server(const Connection& connection) { return *servers_.at(connection.id); }

}  // namespace firesteel
