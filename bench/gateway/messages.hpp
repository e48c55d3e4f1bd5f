// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

inline constexpr const char* kExecutePlan = "/spark.connect.SparkConnectService/ExecutePlan";
inline constexpr const char* kConfig = "/spark.connect.SparkConnectService/Config";

/// What a query asks the server for; goes there as metadata, as the server reads no protobuf.
struct Query {
  std::string session;    ///< a UUID
  std::string operation;  ///< a UUID
  std::uint64_t messages = 0;
  std::size_t bytes = 0;  ///< of Arrow data in each message
};

inline constexpr const char* kSessionKey = "x-bench-session";
inline constexpr const char* kOperationKey = "x-bench-operation";
inline constexpr const char* kMessagesKey = "x-bench-messages";
inline constexpr const char* kBytesKey = "x-bench-bytes";

std::string uuid(std::uint64_t high, std::uint64_t low);

/// An ExecutePlanRequest with a SQL query.
grpc::ByteBuffer execute_request(const Query& query);
/// A ConfigRequest that asks for one key; `number` makes it unlike the others. The server gives it back as it is.
grpc::ByteBuffer config_request(const std::string& session, std::uint64_t number);

/// The `number`th ExecutePlanResponse of the query: Arrow data which differ from message to message; after the last of
/// them (number == query.messages) ResultComplete. The data are not copied: they are slices of one static buffer.
grpc::ByteBuffer response(const Query& query, std::uint64_t number);

/// Whether two messages hold the same bytes, however they are cut.
bool same(const grpc::ByteBuffer& left, const grpc::ByteBuffer& right);

}  // namespace bench
