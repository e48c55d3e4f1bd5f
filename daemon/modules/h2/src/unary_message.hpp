// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace firesteel::h2 {

/// The length prefix of gRPC's messages: one byte that says whether it is compressed, four of length, big-endian.
inline constexpr std::size_t grpc_prefix_size = 5;

/// The message with its prefix.
std::string frame_message(std::string_view message);

/// Puts together the one message of a unary reply.
class UnaryMessage {
 public:
  explicit UnaryMessage(std::size_t limit) : limit_(limit) {}

  /// Takes more bytes. What is wrong with them, if anything; after that it takes no more.
  std::optional<std::string> append(std::string_view bytes);

  /// The message, once all of it is there.
  std::optional<std::string> take();

 private:
  std::size_t length() const;  ///< from the prefix

  std::size_t limit_;
  std::string framed_;
};

}  // namespace firesteel::h2
