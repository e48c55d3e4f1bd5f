// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/supervisor.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "firesteel/core/names.hpp"
#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/properties.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/supervisor/resolution.hpp"
#include "record.hpp"
#include "server.hpp"

namespace firesteel {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

Error wrong_state(const Connection& connection, std::string_view wanted, std::string_view advice) {
  return {.code = Errc::wrong_state,
          .message = fmt::format("Connection '{}' is {}, so it can't be {}.", connection.name,
                                 to_string(connection.state), wanted),
          .advice = std::string(advice)};
}

Connection connection_from(const ConnectionRecord& record, const catalogue::Holder& catalog, TimePoint now) {
  Connection connection;
  connection.id = record.id;
  connection.name = record.name;
  connection.definition = record.definition;
  const auto cluster = catalog.find_cluster(record.definition.cluster);
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

Supervisor::Supervisor(asio::any_io_executor executor, Connections& connections, const catalogue::Holder& catalog,
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
  const Resolution resolution = resolve(catalog_, definition, nullptr);
  if (!resolution.problems.empty()) return resolution.problems.front();
  definition.cluster = resolution.cluster->name;
  return definition;
}

Result<Definition> Supervisor::replaced(std::string_view name, Replacements replacements) const {
  const auto found = connections_.get(name);
  if (!found) return found.error();
  Definition definition = servers_.at((*found)->id)->definition();
  if (replacements.cluster) definition.cluster = *replacements.cluster;
  if (replacements.bundles) definition.bundles = std::move(*replacements.bundles);
  if (replacements.options) definition.options = std::move(*replacements.options);
  if (replacements.environment) definition.environment = std::move(*replacements.environment);
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
  auto definition = replaced(name, std::move(replacements));
  if (!definition) return definition.error();
  auto valid = checked(std::move(*definition));
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

std::optional<Variables> Supervisor::variables_of(const std::string& cluster) const {
  const auto found = catalog_.find_cluster(cluster);
  if (!found || !(*found)->pre_script.empty()) return std::nullopt;
  Variables out = settings_.environment;
  for (const auto& [name, value] : (*found)->env)
    if (!is_scrubbed(name)) out.insert_or_assign(name, value);
  return out;
}

std::string Supervisor::likely_spark(const Definition& definition, std::string_view caller_python) const {
  const auto variables = variables_of(definition.cluster);
  // What the user names goes before what a script may say.
  if (!variables && definition.environment.spark_home.empty()) return {};
  return likely_spark_version(definition.environment, caller_python, variables.value_or(Variables()), FileView::real());
}

std::optional<Options> Supervisor::spark_defaults(const Definition& definition) const {
  // A script may set another Spark.
  const auto variables = variables_of(definition.cluster);
  if (!variables) return std::nullopt;
  const auto value_of = [&](const char* name) {
    const auto at = variables->find(name);
    return at == variables->end() ? std::string() : at->second;
  };
  const std::string home =
      definition.environment.spark_home.empty() ? value_of("SPARK_HOME") : definition.environment.spark_home;
  std::string folder = value_of("SPARK_CONF_DIR");
  if (folder.empty() && !home.empty()) folder = home + "/conf";
  if (folder.empty()) return std::nullopt;
  const auto content = io::read_file(folder + "/spark-defaults.conf", max_config_bytes);
  if (!content) return std::nullopt;
  return parse_properties(*content);
}

std::vector<std::string> Supervisor::secrets(const Connection& connection) const {
  std::vector<std::string> out = secret_values(catalog_, connection.definition);
  const auto server = servers_.find(connection.id);
  if (server != servers_.end() && server->second->run())
    out.insert(out.end(), {server->second->run()->secret, server->second->run()->ui_key});
  return out;
}

asio::awaitable<void> Supervisor::shut_down() {
  for (const auto& [id, server] : servers_) co_await server->let_go();
  co_await parts_->retiring.join();
}

Server& Supervisor::server(const Connection& connection) { return *servers_.at(connection.id); }

}  // namespace firesteel
