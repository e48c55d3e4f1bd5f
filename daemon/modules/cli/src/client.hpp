// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "command_line.hpp"
#include "transport.hpp"

namespace firesteel::cli {

/// The calls of api/openapi.yaml that the terminal client makes. Replies stay JSON, so that --json shows all of them,
/// keys of newer daemons included.
class Client {
 public:
  /// `python` names the caller's Python to the daemon (X-Firesteel-Python); may be empty.
  Client(Transport& transport, std::string python) : transport_(transport), python_(std::move(python)) {}

  Answer<boost::json::object> status();
  Answer<boost::json::object> clusters();
  Answer<boost::json::object> connections();
  /// `settle`: wait at most so long for a state other than starting and stopping.
  Answer<boost::json::object> connection(std::string_view name, std::chrono::milliseconds settle = {});
  Answer<boost::json::object> create(const boost::json::object& new_connection);
  /// An empty body starts the connection as it was.
  Answer<boost::json::object> start(std::string_view name, const boost::json::object& body);
  /// What would be made of a StartRequest.
  Answer<boost::json::object> preview(const boost::json::object& wanted);
  Answer<boost::json::object> stop(std::string_view name);
  Answer<boost::json::object> restart(std::string_view name);
  Answer<boost::json::object> remove(std::string_view name);
  /// Without `after` the last `limit` lines.
  Answer<boost::json::object> log(std::string_view name, std::optional<std::int64_t> after, int limit);
  /// One step of a search; `cursor` is empty, or the `next` of the step before.
  Answer<boost::json::object> search_log(std::string_view name, const LogSearchQuery& query, std::string_view cursor);
  Answer<boost::json::object> sessions(std::string_view name);
  Answer<boost::json::object> operations(std::string_view name);
  /// `what` is InterruptRequest.
  Answer<boost::json::object> interrupt(std::string_view name, const boost::json::object& what);
  Answer<boost::json::object> release(std::string_view name, std::string_view session);
  Answer<boost::json::object> endpoint();
  /// An empty connection: the URL that means the default one.
  Answer<boost::json::object> endpoint_url(const std::string& connection);
  Answer<boost::json::object> rotate_token();

 private:
  Answer<boost::json::object> call(ApiRequest request);
  Answer<boost::json::object> act(std::string_view name, std::string_view verb, const boost::json::object& body);

  Transport& transport_;
  std::string python_;
};

/// `text` percent-encoded so that it is one segment of a path.
std::string percent_encode(std::string_view text);

/// Members that may be absent or of another type: then empty, zero, false.
std::string text_of(const boost::json::object& object, std::string_view key);
std::int64_t number_of(const boost::json::object& object, std::string_view key);
bool flag_of(const boost::json::object& object, std::string_view key);
/// An array's objects (others are skipped); empty when there is no such array.
std::vector<const boost::json::object*> objects_of(const boost::json::object& object, std::string_view key);
std::vector<std::string> texts_of(const boost::json::object& object, std::string_view key);

}  // namespace firesteel::cli
