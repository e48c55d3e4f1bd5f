// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <grpcpp/support/slice.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

namespace bench {
namespace {

constexpr std::size_t kMaxData = std::size_t{16} << 20;
constexpr std::size_t kOffsets = 64;
constexpr std::size_t kOffsetStep = 4099;

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes += static_cast<char>(value);
}

std::string header(int field, std::size_t length) {
  return varint(static_cast<unsigned>(field) << 3 | 2) + varint(length);
}

std::string field(int number, std::string_view content) { return header(number, content.size()).append(content); }

/// Random bytes; each message takes its data from another offset, so that data of the wrong message don't pass.
char* data_of(std::uint64_t number) {
  static std::vector<char> pattern = [] {
    std::vector<char> bytes(kMaxData + kOffsets * kOffsetStep);
    std::mt19937_64 random(4);  // NOLINT: the same in server and load
    for (std::size_t at = 0; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
      const std::uint64_t value = random();
      std::memcpy(&bytes[at], &value, sizeof value);
    }
    return bytes;
  }();
  return &pattern[number % kOffsets * kOffsetStep];
}

grpc::ByteBuffer buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string user_context() { return field(2, field(1, "bench")); }

}  // namespace

std::string uuid(std::uint64_t high, std::uint64_t low) {
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xffff), static_cast<unsigned>(high & 0xfff),
                static_cast<unsigned>(low >> 48 & 0xfff), static_cast<unsigned long long>(low & 0xffffffffffff));
  return text;
}

grpc::ByteBuffer execute_request(const Query& query) {
  const std::string sql = field(10, field(1, "select * from bench"));
  return buffer(field(1, query.session) + user_context() + field(3, field(1, sql)) + field(4, "bench") +
                field(6, query.operation));
}

grpc::ByteBuffer config_request(const std::string& session, std::uint64_t number) {
  return buffer(field(1, session) + user_context() + field(3, field(2, field(1, "key." + std::to_string(number)))));
}

grpc::ByteBuffer response(const Query& query, std::uint64_t number) {
  std::string head = field(1, query.session);
  const std::string tail = field(12, query.operation) + field(13, uuid(0, number)) + field(15, query.session);
  if (number == query.messages) return buffer(head + tail + field(14, ""));

  const std::string rows = varint(1 << 3) + varint(query.bytes / 8);
  const std::string data_header = header(2, query.bytes);
  head += header(2, rows.size() + data_header.size() + query.bytes) + rows + data_header;
  const grpc::Slice slices[] = {grpc::Slice(head), grpc::Slice(data_of(number), query.bytes, grpc::Slice::STATIC_SLICE),
                                grpc::Slice(tail)};
  return {slices, std::size(slices)};
}

bool same(const grpc::ByteBuffer& left, const grpc::ByteBuffer& right) {
  if (left.Length() != right.Length()) return false;
  std::vector<grpc::Slice> of_left;
  std::vector<grpc::Slice> of_right;
  if (!left.Dump(&of_left).ok() || !right.Dump(&of_right).ok()) return false;
  auto other = of_right.begin();
  std::size_t other_at = 0;
  for (const auto& slice : of_left) {
    for (std::size_t at = 0; at < slice.size();) {
      while (other_at == other->size()) ++other, other_at = 0;
      const std::size_t length = std::min(slice.size() - at, other->size() - other_at);
      if (std::memcmp(slice.begin() + at, other->begin() + other_at, length) != 0) return false;
      at += length, other_at += length;
    }
  }
  return true;
}

}  // namespace bench
