// SPDX-License-Identifier: Apache-2.0
#include "unary_message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firesteel::h2 {

std::string frame_message(std::string_view message) {
  std::string out(grpc_prefix_size, '\0');
  for (std::size_t i = 1; i < grpc_prefix_size; ++i)
    out[i] = static_cast<char>(message.size() >> (8 * (grpc_prefix_size - 1 - i)) & 0xff);
  return out.append(message);
}

std::size_t UnaryMessage::length() const {
  std::size_t length = 0;
  for (std::size_t i = 1; i < grpc_prefix_size; ++i) length = length << 8 | static_cast<unsigned char>(framed_[i]);
  return length;
}

std::optional<std::string> UnaryMessage::append(std::string_view bytes) {
  if (framed_.size() < grpc_prefix_size) {
    const std::size_t part = std::min(grpc_prefix_size - framed_.size(), bytes.size());
    framed_ += bytes.substr(0, part);
    bytes.remove_prefix(part);
    if (framed_.size() < grpc_prefix_size) return std::nullopt;
    if (framed_[0] != 0) return "the reply is compressed, which was not asked for";
    if (length() > limit_) return fmt::format("the reply has {} bytes, more than the {} allowed", length(), limit_);
  }
  if (framed_.size() + bytes.size() > grpc_prefix_size + length()) return "more than one message in a unary reply";
  framed_ += bytes;
  return std::nullopt;
}

std::optional<std::string> UnaryMessage::take() {
  if (framed_.size() < grpc_prefix_size || framed_.size() < grpc_prefix_size + length()) return std::nullopt;
  return framed_.substr(grpc_prefix_size);
}

}  // namespace firesteel::h2
