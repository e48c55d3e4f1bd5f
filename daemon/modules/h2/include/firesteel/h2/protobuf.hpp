// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"

/// The protocol buffers wire format, as far as a few small messages need it:
/// https://protobuf.dev/programming-guides/encoding/
namespace firesteel::h2 {

/// A field of a message in the .proto files; `message` and `name` are there for readers and checkers of tables.
struct ProtoField {
  std::string_view message;  ///< full name: "spark.connect.KeyValue"
  std::string_view name;
  std::uint32_t number = 0;
};

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// Builds a serialized message, field by field.
class ProtoWriter {
 public:
  /// A string, bytes, or an embedded message that is serialized already.
  ProtoWriter& bytes(const ProtoField& field, std::string_view value);
  ProtoWriter& varint(const ProtoField& field, std::uint64_t value);

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Walks over the fields of a serialized message, which may be hostile; it never reads past its end and never
/// allocates. Groups, which proto3 doesn't have, are malformed.
class ProtoReader {
 public:
  struct Field {
    std::uint32_t number = 0;
    WireType type = WireType::varint;
    std::uint64_t value = 0;   ///< of varint, fixed32 and fixed64
    std::string_view bytes{};  ///< of bytes; points into the message
  };

  explicit ProtoReader(std::string_view message) : rest_(message) {}

  /// The next field; none at the end. Errors: Errc::internal for a malformed message, after which there is no next.
  Result<std::optional<Field>> next();
  /// What comes after the fields that were read.
  std::string_view rest() const { return rest_; }

 private:
  friend std::optional<Field> read_cut_bytes(std::string_view message);
  std::optional<std::uint64_t> read_varint();
  std::optional<std::uint64_t> read_fixed(std::size_t size);

  std::string_view rest_;
};

/// The field of type bytes that begins here and is cut off by the message's end, with the bytes that are there; none
/// when that isn't what is here.
std::optional<ProtoReader::Field> read_cut_bytes(std::string_view message);

/// The bytes of the field, the last one where it is repeated; none when it is absent. The whole message is checked.
/// Errors: Errc::internal for a malformed message, or for a field of another wire type.
Result<std::optional<std::string_view>> find_bytes(std::string_view message, const ProtoField& field);

}  // namespace firesteel::h2
