// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "firesteel/h2/protobuf.hpp"

namespace firesteel::gateway {

/// Looks at gRPC messages as they go by, in pieces of any size: tells the fields of each message's top level, of long
/// ones the first bytes, and keeps nothing else. It never fails: what it doesn't understand (compressed or malformed
/// messages) it passes over.
class MessageScanner {
 public:
  /// How much is told of a field.
  static constexpr std::size_t start_size = 1024;

  struct Field {
    std::uint32_t number = 0;
    h2::WireType type = h2::WireType::varint;
    std::uint64_t value = 0;   ///< of varint, fixed32 and fixed64; of bytes their count
    std::string_view start{};  ///< of bytes: at most `start_size` of the first; valid during the call
  };

  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_field(const Field& field) = 0;
    /// The message is over; it had so many bytes.
    virtual void on_message(std::uint64_t size) = 0;
  };

  explicit MessageScanner(Listener& listener) : listener_(listener) {}

  void scan(std::span<const std::uint8_t> bytes);

 private:
  enum class State { prefix, tag, value, fixed, start, skip };

  void scan_prefix(std::uint8_t byte);
  void scan_tag(std::uint8_t byte);
  void scan_value(std::uint8_t byte);
  void scan_start(std::span<const std::uint8_t>& bytes);
  void scan_skip(std::span<const std::uint8_t>& bytes);
  /// Adds a byte to the number that is being read. True when it is whole; `state_` is skip when it is none.
  bool add_to_varint(std::uint8_t byte);
  void begin_bytes();
  void tell_bytes(std::string_view start);
  void next_field();
  void give_up();

  Listener& listener_;
  State state_ = State::prefix;
  std::array<std::uint8_t, 5> prefix_{};
  unsigned have_ = 0;         ///< bytes of the prefix, or of a fixed value
  std::uint64_t size_ = 0;    ///< of the message
  std::uint64_t left_ = 0;    ///< of the message, after this byte
  std::uint64_t number_ = 0;  ///< that is being read
  unsigned shift_ = 0;
  Field field_;
  std::uint64_t skip_ = 0;  ///< bytes of the field's rest
  std::string start_;       ///< of a field that came in pieces
};

}  // namespace firesteel::gateway
