// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/protobuf.hpp"

#include <fmt/format.h>

namespace firesteel::h2 {
namespace {

constexpr std::uint32_t max_field_number = (1U << 29) - 1;

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
}

void append_tag(std::string& out, std::uint32_t number, WireType type) {
  append_varint(out, (std::uint64_t{number} << 3) | static_cast<unsigned>(type));
}

Error malformed(std::string_view what) {
  return {.code = Errc::internal, .message = fmt::format("malformed protocol buffers message: {}", what)};
}

}  // namespace

ProtoWriter& ProtoWriter::bytes(const ProtoField& field, std::string_view value) {
  append_tag(out_, field.number, WireType::bytes);
  append_varint(out_, value.size());
  out_ += value;
  return *this;
}

ProtoWriter& ProtoWriter::varint(const ProtoField& field, std::uint64_t value) {
  append_tag(out_, field.number, WireType::varint);
  append_varint(out_, value);
  return *this;
}

std::optional<std::uint64_t> ProtoReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;  // more than 64 bits
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ProtoReader::read_fixed(std::size_t size) {
  if (rest_.size() < size) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);  // little-endian
  rest_.remove_prefix(size);
  return value;
}

Result<std::optional<ProtoReader::Field>> ProtoReader::next() {
  using Next = std::optional<Field>;
  if (rest_.empty()) return Next{};
  const auto tag = read_varint();
  if (!tag) return malformed("a tag is cut off or too long");
  const std::uint64_t number = *tag >> 3;
  if (number == 0 || number > max_field_number) return malformed(fmt::format("field number {}", number));

  Field field{.number = static_cast<std::uint32_t>(number), .type = static_cast<WireType>(*tag & 7)};
  std::optional<std::uint64_t> value;
  switch (field.type) {
    case WireType::varint:
    case WireType::bytes:
      value = read_varint();
      break;
    case WireType::fixed64:
      value = read_fixed(8);
      break;
    case WireType::fixed32:
      value = read_fixed(4);
      break;
    default:
      return malformed(fmt::format("wire type {} of field {}", *tag & 7, number));
  }
  if (!value) return malformed(fmt::format("the value of field {} is cut off or too long", number));
  if (field.type != WireType::bytes) {
    field.value = *value;
    return Next(field);
  }
  if (*value > rest_.size())
    return malformed(fmt::format("field {} claims {} bytes where {} are left", number, *value, rest_.size()));
  field.bytes = rest_.substr(0, static_cast<std::size_t>(*value));
  rest_.remove_prefix(field.bytes.size());
  return Next(field);
}

std::optional<ProtoReader::Field> read_cut_bytes(std::string_view message) {
  ProtoReader reader(message);
  const auto tag = reader.read_varint();
  if (!tag || static_cast<WireType>(*tag & 7) != WireType::bytes || (*tag >> 3) > max_field_number) return std::nullopt;
  const auto size = reader.read_varint();
  if (!size || *size <= reader.rest().size()) return std::nullopt;
  return ProtoReader::Field{
      .number = static_cast<std::uint32_t>(*tag >> 3), .type = WireType::bytes, .value = *size, .bytes = reader.rest()};
}

Result<std::optional<std::string_view>> find_bytes(std::string_view message, const ProtoField& wanted) {
  std::optional<std::string_view> found;
  ProtoReader reader(message);
  for (;;) {
    const auto field = reader.next();
    if (!field) return field.error();
    if (!*field) return found;
    if ((*field)->number != wanted.number) continue;
    if ((*field)->type != WireType::bytes)
      return malformed(fmt::format("{}.{} is not of wire type bytes", wanted.message, wanted.name));
    found = (*field)->bytes;
  }
}

}  // namespace firesteel::h2
