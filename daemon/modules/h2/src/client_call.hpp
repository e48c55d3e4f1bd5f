// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/h2/grpc_call.hpp"
#include "unary_message.hpp"

namespace firesteel::h2 {

/// One call on its stream: what of the request is still to be sent, and what of the reply came so far.
class ClientCall {
 public:
  explicit ClientCall(std::string_view request) : request_(frame_message(request)) {}

  /// Copies the next part of the request; the number of bytes.
  std::size_t read_request(std::uint8_t* out, std::size_t size);
  bool request_sent() const { return sent_ == request_.size(); }

  void take_header(std::string_view name, std::string_view value);
  /// What is wrong with the reply, if anything.
  std::optional<std::string> take_data(std::string_view bytes) { return message_.append(bytes); }

  /// The reply, once its stream has ended.
  GrpcReply finish();

  bool refused = false;  ///< the request never left

 private:
  std::string request_;
  std::size_t sent_ = 0;
  int http_status_ = 0;
  std::optional<int> grpc_status_;
  std::string grpc_message_;
  UnaryMessage message_{max_grpc_message};
};

/// The header block of a call as nghttp2 wants it; it points into the call and the authority.
Result<std::vector<nghttp2_nv>> request_headers(const GrpcCall& call, const std::string& authority);

}  // namespace firesteel::h2
