// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "firesteel/h2/grpc_call.hpp"

/// How the ends of an HTTP/2 stream become a status: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
namespace firesteel::h2 {

/// The code of a grpc-status header; UNKNOWN for what isn't one.
int parse_status_code(std::string_view text);

/// Text of a peer as people may see it: cut to max_status_message bytes, control characters and bytes that aren't
/// UTF-8 replaced.
std::string to_plain_text(std::string_view bytes);

/// The text of a grpc-message header: percent-decoded and made plain.
std::string decode_status_message(std::string_view text);

/// The value of a grpc-message header for UTF-8 text.
std::string encode_status_message(std::string_view text);

/// For a reply without grpc-status whose :status was `http_status`, 0 for none.
GrpcStatus status_from_http(int http_status);

/// For a stream that was reset with this HTTP/2 error code before its end.
GrpcStatus status_from_reset(std::uint32_t error_code);

}  // namespace firesteel::h2
