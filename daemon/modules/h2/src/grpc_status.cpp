// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/grpc_status.hpp"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace firesteel::h2 {
namespace {

constexpr std::array<std::string_view, 17> names{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::optional<unsigned char> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned char>(c - 'A' + 10);
  return std::nullopt;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high << 4 | *low);
        i += 2;
        continue;
      }
    }
    out += text[i];  // a stray % stands for itself
  }
  return out;
}

/// The length of the UTF-8 sequence at the front of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  if (length < 3) return length;
  const unsigned second = at(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool too_large = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

std::string_view status_name(int code) {
  return code >= 0 && static_cast<std::size_t>(code) < names.size() ? names[static_cast<std::size_t>(code)] : "UNKNOWN";
}

std::string to_string(const GrpcStatus& status) {
  std::string out(status_name(status.code));
  if (!status.message.empty()) out += ": " + status.message;
  return out;
}

int parse_status_code(std::string_view text) {
  int code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && code >= 0 && static_cast<std::size_t>(code) < names.size() ? code : GrpcStatus::unknown;
}

std::string to_plain_text(std::string_view bytes) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (std::all_of(bytes.begin(), bytes.end(), is_plain)) return std::string(bytes.substr(0, max_status_message));
  std::string out;
  for (std::string_view rest = bytes; !rest.empty();) {
    std::size_t length = utf8_length(rest);
    std::string_view shown = rest.substr(0, length);
    if (length == 0) {
      length = 1;
      shown = "\xef\xbf\xbd";  // U+FFFD
    } else if (length == 1 && (static_cast<unsigned char>(rest[0]) < 0x20 || rest[0] == 0x7f)) {
      shown = " ";
    }
    if (out.size() + shown.size() > max_status_message) break;
    out += shown;
    rest.remove_prefix(length);
  }
  return out;
}

std::string decode_status_message(std::string_view text) { return to_plain_text(percent_decode(text)); }

std::string encode_status_message(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, max_status_message)) {
    if (c >= ' ' && c <= '~' && c != '%')
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

GrpcStatus status_from_http(int http_status) {
  const auto status = [http_status](int code) {
    return GrpcStatus{code, fmt::format("HTTP status {} instead of a gRPC reply", http_status)};
  };
  switch (http_status) {
    case 0:
      return {GrpcStatus::unknown, "the reply has no headers"};
    case 200:
      return {GrpcStatus::unknown, "the reply has no grpc-status"};
    case 400:
      return status(GrpcStatus::internal);
    case 401:
      return status(GrpcStatus::unauthenticated);
    case 403:
      return status(GrpcStatus::permission_denied);
    case 404:
      return status(GrpcStatus::unimplemented);
    case 429:
    case 502:
    case 503:
    case 504:
      return status(GrpcStatus::unavailable);
    default:
      return status(GrpcStatus::unknown);
  }
}

GrpcStatus status_from_reset(std::uint32_t error_code) {
  const auto status = [error_code](int code) {
    return GrpcStatus{code, fmt::format("the stream was reset ({})", nghttp2_http2_strerror(error_code))};
  };
  switch (error_code) {
    case NGHTTP2_REFUSED_STREAM:
      return status(GrpcStatus::unavailable);
    case NGHTTP2_CANCEL:
      return status(GrpcStatus::cancelled);
    case NGHTTP2_ENHANCE_YOUR_CALM:
      return status(GrpcStatus::resource_exhausted);
    case NGHTTP2_INADEQUATE_SECURITY:
      return status(GrpcStatus::permission_denied);
    default:
      return status(GrpcStatus::internal);
  }
}

}  // namespace firesteel::h2
