// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/protobuf.hpp"

#include <gmock/gmock.h>

#include <array>
#include <limits>

#include "firesteel/h2/spark_fields.hpp"

namespace firesteel::h2 {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr ProtoField key{"test.Pair", "key", 1};
constexpr ProtoField number{"test.Pair", "number", 2};
constexpr ProtoField far{"test.Pair", "far", 536870911};

std::string error_of(std::string_view message) {
  ProtoReader reader(message);
  for (;;) {
    const auto field = reader.next();
    if (!field) return field.error().message;
    if (!*field) return "";
  }
}

}  // namespace

TEST(ProtoWriter, WritesTheWireFormat) {
  EXPECT_EQ(ProtoWriter().bytes(key, "testing").take(), "\x0a\x07testing");
  EXPECT_EQ(ProtoWriter().varint(number, 150).take(), "\x10\x96\x01");
  EXPECT_EQ(ProtoWriter().bytes(far, "").take(), "\xfa\xff\xff\xff\x0f\x00"s);
}

TEST(ProtoReader, ReadsWhatTheWriterWrote) {
  const std::string message = ProtoWriter()
                                  .bytes(key, std::string(300, 'x'))
                                  .varint(number, std::numeric_limits<std::uint64_t>::max())
                                  .varint(far, 0)
                                  .take();
  ProtoReader reader(message);
  const auto first = reader.next();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->number, 1U);
  EXPECT_EQ((*first)->type, WireType::bytes);
  EXPECT_EQ((*first)->bytes, std::string(300, 'x'));
  EXPECT_EQ(reader.next().value()->value, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(reader.next().value()->number, 536870911U);
  EXPECT_FALSE(reader.next().value());
}

TEST(ProtoReader, ReadsFixedNumbersAsLittleEndian) {
  ProtoReader reader("\x0d\x01\x02\x03\x04\x11\x08\x07\x06\x05\x04\x03\x02\x81"sv);
  EXPECT_EQ(reader.next().value()->value, 0x04030201U);
  EXPECT_EQ(reader.next().value()->value, 0x8102030405060708U);
}

TEST(ProtoReader, RefusesMalformedMessages) {
  EXPECT_THAT(error_of("\x80"), HasSubstr("tag"));
  EXPECT_THAT(error_of(std::string(10, '\xff')), HasSubstr("tag"));
  EXPECT_THAT(error_of("\x02\x00"sv), HasSubstr("field number 0"));
  EXPECT_THAT(error_of("\x80\x80\x80\x80\x10\x00"sv), HasSubstr("field number 536870912"));
  EXPECT_THAT(error_of("\x08"), HasSubstr("value of field 1"));
  EXPECT_THAT(error_of("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), HasSubstr("value of field 1"));
  EXPECT_THAT(error_of("\x0d\x01\x02\x03"), HasSubstr("value of field 1"));
  EXPECT_THAT(error_of("\x09\x01\x02\x03\x04\x05\x06\x07"), HasSubstr("value of field 1"));
  EXPECT_THAT(error_of("\x0a\x02x"), HasSubstr("claims 2 bytes where 1 are left"));
  EXPECT_THAT(error_of("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"), HasSubstr("claims 18446744073709551615"));
  EXPECT_THAT(error_of("\x0b\x0c"), HasSubstr("wire type 3"));
  EXPECT_THAT(error_of("\x0f"), HasSubstr("wire type 7"));
}

TEST(ProtoReader, EndsOnEveryPrefixAndOnEveryFlippedBitOfAMessage) {
  const std::string inner = ProtoWriter().bytes(key, "k").varint(number, 1U << 20).take();
  const std::string message = ProtoWriter().bytes(key, inner).varint(number, 7).bytes(far, "tail").take();
  for (std::size_t size = 0; size <= message.size(); ++size) {
    const std::string exact(message, 0, size);  // its own allocation: a read beyond it is caught
    error_of(exact);
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      std::string flipped = exact;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      error_of(flipped);
    }
  }
  EXPECT_EQ(error_of(message), "");
}

TEST(FindBytes, GivesTheLastOfRepeatedFields) {
  const std::string message = ProtoWriter().bytes(key, "old").varint(number, 1).bytes(key, "new").take();
  EXPECT_EQ(find_bytes(message, key).value(), "new");
  EXPECT_EQ(find_bytes(message, far).value(), std::nullopt);
  EXPECT_EQ(find_bytes("", key).value(), std::nullopt);
}

TEST(FindBytes, RefusesOtherWireTypesAndMalformedTails) {
  EXPECT_THAT(find_bytes("\x08\x01", key).error().message, HasSubstr("test.Pair.key"));
  EXPECT_TRUE(find_bytes("\x0a\x01x\x12", key).has_error());
}

TEST(SparkFields, SerializeAsKnownBytes) {
  // ConfigRequest(session_id="s", operation=Operation(get_option=GetOption(keys=["k"]))) as Spark's Python client has
  // it.
  const std::string get = ProtoWriter().bytes(spark::fields::get_option_keys, "k").take();
  const std::string operation = ProtoWriter().bytes(spark::fields::operation_get_option, get).take();
  EXPECT_EQ(ProtoWriter()
                .bytes(spark::fields::config_session_id, "s")
                .bytes(spark::fields::config_operation, operation)
                .take(),
            "\x0a\x01s\x1a\x05\x22\x03\x0a\x01k");
}

}  // namespace firesteel::h2
