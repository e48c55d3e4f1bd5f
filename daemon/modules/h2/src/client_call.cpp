// SPDX-License-Identifier: Apache-2.0
#include "client_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "firesteel/core/version.hpp"
#include "firesteel/h2/grpc_status.hpp"

namespace firesteel::h2 {
namespace {

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

// nghttp2 only reads through these pointers; its struct has no const for historical reasons.
nghttp2_nv header(std::string_view name, std::string_view value, std::uint8_t flags = NGHTTP2_NV_FLAG_NONE) {
  return {const_cast<std::uint8_t*>(bytes_of(name)), const_cast<std::uint8_t*>(bytes_of(value)), name.size(),
          value.size(), flags};
}

bool is_sendable_name(std::string_view name) {
  return !name.empty() && name.front() != ':' && nghttp2_check_header_name(bytes_of(name), name.size()) != 0;
}

bool is_sendable_value(std::string_view value) {
  if (value.starts_with(' ') || value.ends_with(' ')) return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Error unsendable(std::string what) { return {.code = Errc::bad_request, .message = std::move(what)}; }

}  // namespace

std::size_t ClientCall::read_request(std::uint8_t* out, std::size_t size) {
  const std::size_t part = std::min(size, request_.size() - sent_);
  std::memcpy(out, request_.data() + sent_, part);
  sent_ += part;
  return part;
}

void ClientCall::take_header(std::string_view name, std::string_view value) {
  if (name == "grpc-status") {
    grpc_status_ = parse_status_code(value);
  } else if (name == "grpc-message") {
    grpc_message_ = decode_status_message(value);
  } else if (name == ":status") {
    std::from_chars(value.data(), value.data() + value.size(), http_status_);  // nghttp2 has checked its three digits
  }
}

GrpcReply ClientCall::finish() {
  if (!grpc_status_) return {.status = status_from_http(http_status_), .message = {}};
  GrpcReply reply{.status = {*grpc_status_, std::move(grpc_message_)}, .message = {}};
  if (!reply.status.is_ok()) return reply;
  auto message = message_.take();
  if (!message) return {.status = {GrpcStatus::internal, "the reply has no whole message"}, .message = {}};
  reply.message = *std::move(message);
  return reply;
}

Result<std::vector<nghttp2_nv>> request_headers(const GrpcCall& call, const std::string& authority) {
  static const std::string user_agent = fmt::format("firesteel/{}", version());
  if (!call.path.starts_with('/') || nghttp2_check_path(bytes_of(call.path), call.path.size()) == 0)
    return unsendable("the path of a gRPC call must be /Service/Method");
  if (call.message.size() > max_grpc_message)
    return unsendable(
        fmt::format("the request has {} bytes, more than the {} allowed", call.message.size(), max_grpc_message));

  std::vector<nghttp2_nv> headers{
      header(":method", "POST"),        header(":scheme", "http"), header(":path", call.path),
      header(":authority", authority),  header("te", "trailers"),  header("content-type", "application/grpc"),
      header("user-agent", user_agent),
  };
  std::size_t size = 0;
  for (const auto& [name, value] : call.metadata) {
    size += name.size() + value.size();
    if (size > max_metadata) return unsendable(fmt::format("a call's metadata is longer than {} bytes", max_metadata));
    // Values may be secrets: no error shows one, and no HPACK table keeps one.
    if (!is_sendable_name(name)) return unsendable("a metadata name isn't a lower-case header name");
    if (!is_sendable_value(value)) return unsendable(fmt::format("the value of {} isn't printable ASCII", name));
    headers.push_back(header(name, value, name == "authorization" ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE));
  }
  return headers;
}

}  // namespace firesteel::h2
