// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/time.hpp"
#include "firesteel/model/activity.hpp"
#include "message_scanner.hpp"

namespace firesteel::gateway {

/// Where a call comes from and where it goes.
struct CallOrigin {
  ConnectionId connection;
  ServerId server;
  bool local = false;    ///< came over the unix socket
  std::string notebook;  ///< may be empty, as all text of clients: plain and bounded
  std::string cell;
  std::string_view agent{};  ///< user-agent, for clients that don't say what they are; must outlive the call's request
};

/// Watches one call of the Spark Connect service as it goes by, and notes in `Activity` what it tells of sessions and
/// operations. Changes nothing and holds nothing up.
class SparkCall {
 public:
  /// Null for a call of another service.
  static std::unique_ptr<SparkCall> watch(std::string_view path, CallOrigin origin, Activity& activity,
                                          const Clock& clock);
  ~SparkCall();

  void request_data(std::span<const std::uint8_t> bytes);
  void response_data(std::span<const std::uint8_t> bytes);
  /// The response is complete, with this gRPC status.
  void ended(int status, std::string_view message);
  /// The client or the way to the server has gone before the response was complete.
  void abandoned();

  /// The operation that the call is or watches; empty when it is none.
  const OperationId& operation() const { return operation_; }

 private:
  enum class Rpc { execute, reattach, release_execute, analyze, upload, interrupt, release_session, other };
  class RequestReader;
  class ResponseReader;

  SparkCall(Rpc rpc, CallOrigin origin, Activity& activity, const Clock& clock);

  static Rpc rpc_of(std::string_view method);
  void on_request_field(const MessageScanner::Field& field);
  void on_request_message();
  void on_response_field(const MessageScanner::Field& field);
  void on_response_message(std::uint64_t size);
  std::string client_words() const;
  void begin_operation();
  void read_plan(std::string_view start);
  void read_progress(std::string_view message);
  void tell_counts();
  void end_operation(OperationState state, std::string error);
  SessionKey session() const { return {origin_.server, user_, SessionId(session_)}; }
  bool has_operation() const { return !operation_.empty(); }

  const Rpc rpc_;
  const CallOrigin origin_;
  Activity& activity_;
  const Clock& clock_;
  std::unique_ptr<RequestReader> request_;
  std::unique_ptr<ResponseReader> response_;

  std::string session_, user_, client_type_;
  std::string spark_session_;  ///< Spark's own id of the session
  OperationId operation_;
  OperationKind kind_ = OperationKind::query;
  std::string detail_;
  bool request_read_ = false;  ///< the first message was
  bool reattachable_ = false;
  bool release_all_ = false;
  bool complete_ = false;                                                 ///< Spark said that the result is
  std::uint64_t rows_ = 0, bytes_ = 0, tasks_ = 0, completed_tasks_ = 0;  ///< since they were told
  TimePoint told_{};
  TimePoint began_{};
  std::vector<std::string> interrupted_;
};

}  // namespace firesteel::gateway
