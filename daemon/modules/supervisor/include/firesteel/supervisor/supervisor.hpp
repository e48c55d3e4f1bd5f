// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/holder.hpp"
#include "firesteel/core/error.hpp"
#include "firesteel/io/directories.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/model/connections.hpp"
#include "firesteel/supervisor/history_readers.hpp"
#include "firesteel/supervisor/server_machine.hpp"

namespace firesteel {

class Server;
struct ConnectionRecord;

/// What replaces a connection's definition at a start; what is absent stays as it was.
struct Replacements {
  std::optional<std::string> cluster;
  std::optional<std::vector<std::string>> bundles;
  std::optional<Options> options;
  std::optional<Environment> environment;
};

/// Where and with what a ready server is reached.
struct ServerAccess {
  std::uint16_t grpc_port = 0;  ///< on 127.0.0.1
  std::string secret;
  std::uint16_t ui_port = 0;  ///< of the Spark UI, on 127.0.0.1; 0: it has none
  std::string ui_key;         ///< of the Spark UI's JWSFilter, base64url
};

/// Starts, watches, stops and adopts the servers of all connections, and is the only one to write `Connections`
/// (but for suggestions).
///
/// Every change is on disk before it is told, so that the next daemon finds it. Servers outlive the supervisor.
class Supervisor {
 public:
  struct Settings {
    io::Directories directories;
    std::map<std::string, std::string> environment;  ///< that servers start from
    std::string working_directory;                   ///< what relative paths in queries mean
    ServerDeadlines deadlines{};
  };

  Supervisor(boost::asio::any_io_executor executor, Connections& connections, const catalogue::Holder& catalog,
             const Clock& clock, Settings settings);
  ~Supervisor();

  /// Reads what an earlier daemon left and takes hold of the servers that still run. Called once, first.
  Result<void> adopt();

  /// Creates a connection and starts its server. `caller_python`: see the API's X-Firesteel-Python; may be empty.
  Result<const Connection*> create(std::string name, Definition definition, std::string caller_python);
  /// Starts a stopped or failed one again.
  Result<const Connection*> start(std::string_view name, Replacements replacements, std::string caller_python);
  Result<const Connection*> restart(std::string_view name, std::string caller_python);
  /// Also of one that is stopped already, which stays so.
  Result<const Connection*> stop(std::string_view name);
  /// Forgets one that is stopped or failed, with its log.
  Result<void> remove(std::string_view name);
  Result<const Connection*> set_default(std::string_view name);

  /// Ends when the connection is neither starting nor stopping, or is gone, or at the deadline.
  boost::asio::awaitable<void> settle(ConnectionId id, TimePoint deadline);

  /// Errc::not_ready (with the failure, if there is one) unless the connection is ready.
  Result<ServerAccess> access(const Connection& connection) const;

  /// The latest application of a connection, if it has logged its events and its server doesn't run.
  std::optional<EndedApplication> ended_application(const Connection& connection) const;

  /// The options of the spark-defaults.conf that a start would use, where that is known without a look into a Python:
  /// the definition or the environment names the Spark or its configuration.
  std::optional<Options> spark_defaults(const Definition& definition) const;
  /// The version of Spark that a start would most likely use, by names of files; empty: not known.
  std::string likely_spark(const Definition& definition, std::string_view caller_python) const;

  std::filesystem::path log_file(const ConnectionId& connection) const;
  /// What must not be shown of a connection's log: what its server is guarded by, and values of options that are
  /// secrets by their name.
  std::vector<std::string> secrets(const Connection& connection) const;

  /// Lets go of all servers, which run on.
  boost::asio::awaitable<void> shut_down();

 private:
  struct Parts;

  std::unique_ptr<Server> make_server(const ConnectionRecord& record);
  Server& add(const ConnectionId& id, std::unique_ptr<Server> server);
  /// What a cluster's servers see; nothing where a script may change it.
  std::optional<Variables> variables_of(const std::string& cluster) const;
  Server& server(const Connection& connection);
  static boost::asio::awaitable<void> retire(std::unique_ptr<Server> server);
  Result<Definition> checked(Definition definition) const;
  Result<Definition> replaced(std::string_view name, Replacements replacements) const;

  boost::asio::any_io_executor executor_;
  Connections& connections_;
  const catalogue::Holder& catalog_;
  const Clock& clock_;
  const Settings settings_;
  const std::unique_ptr<Parts> parts_;
  io::Notice changed_;
  std::map<ConnectionId, std::unique_ptr<Server>> servers_;
  Connections::Subscription subscription_;
};

}  // namespace firesteel
