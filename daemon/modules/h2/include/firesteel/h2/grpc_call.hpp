// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace firesteel::h2 {

/// How a gRPC call ended: https://grpc.io/docs/guides/status-codes/
struct GrpcStatus {
  static constexpr int ok = 0, cancelled = 1, unknown = 2, deadline_exceeded = 4, not_found = 5, permission_denied = 7,
                       resource_exhausted = 8, failed_precondition = 9, unimplemented = 12, internal = 13,
                       unavailable = 14, unauthenticated = 16;

  int code = ok;          ///< 0 to 16
  std::string message{};  ///< UTF-8 without control characters, at most `max_status_message` bytes; may be empty

  bool is_ok() const { return code == ok; }
  friend bool operator==(const GrpcStatus&, const GrpcStatus&) = default;
};

/// The longest `GrpcStatus::message`, in bytes; more is cut off.
inline constexpr std::size_t max_status_message = 4096;

/// The longest serialized message of a unary call, in bytes, in either direction.
inline constexpr std::size_t max_grpc_message = std::size_t{1} << 20;

/// The most metadata a call may have, in bytes of names and values; servers end the connection above some 10,000.
inline constexpr std::size_t max_metadata = 8192;

/// "UNAUTHENTICATED" for 16; "UNKNOWN" for a number that has no name.
std::string_view status_name(int code);

/// "UNAUTHENTICATED: No token" or just the name, when there is no message.
std::string to_string(const GrpcStatus& status);

/// Header names (lower case) and values (printable ASCII), in the order in which they are sent.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// A unary call.
struct GrpcCall {
  std::string path;  ///< "/spark.connect.SparkConnectService/Config"
  Metadata metadata;
  std::string message;  ///< the serialized request
};

struct GrpcReply {
  GrpcStatus status;
  std::string message;  ///< the serialized reply; empty unless the status is OK
};

}  // namespace firesteel::h2
