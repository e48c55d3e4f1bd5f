// SPDX-License-Identifier: Apache-2.0
#include "message_scanner.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "framed.hpp"

namespace firesteel::gateway {
namespace {

using h2::ProtoWriter;
using testing::ElementsAre;

/// Writes down what it is told.
class Notes final : public MessageScanner::Listener {
 public:
  void on_field(const MessageScanner::Field& field) override {
    if (field.type == h2::WireType::bytes)
      lines.push_back(fmt::format("{}: {} bytes {}", field.number, field.value, field.start));
    else
      lines.push_back(fmt::format("{}: {}", field.number, field.value));
  }
  void on_message(std::uint64_t size) override { lines.push_back(fmt::format("message of {}", size)); }

  std::vector<std::string> lines;
};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::vector<std::string> scan(std::string_view bytes, std::size_t piece) {
  Notes notes;
  MessageScanner scanner(notes);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    scanner.scan(bytes_of(bytes.substr(0, piece)));
  return notes.lines;
}

constexpr h2::ProtoField one{"M", "one", 1}, two{"M", "two", 2}, far{"M", "far", 999};

TEST(MessageScanner, TellsTheFieldsOfEachMessage) {
  const std::string first = ProtoWriter().bytes(one, "abc").varint(two, 300).bytes(far, "").take();
  const std::string second = ProtoWriter().varint(one, 7).take();
  EXPECT_THAT(scan(framed(first) + framed(second), 1000),
              ElementsAre("1: 3 bytes abc", "2: 300", "999: 0 bytes ", "message of 11", "1: 7", "message of 2"));
}

TEST(MessageScanner, AnyCutIntoPiecesTellsTheSame) {
  std::string text = framed(ProtoWriter().bytes(one, std::string(5000, 'x')).varint(two, 1ULL << 63).take());
  text += framed("") + framed(ProtoWriter().bytes(far, "end").take());
  const auto whole = scan(text, text.size());
  for (std::size_t piece = 1; piece < 1100; piece = piece < 20 ? piece + 1 : piece * 2)
    EXPECT_EQ(scan(text, piece), whole);
}

TEST(MessageScanner, OfALongFieldTheStartIsTold) {
  const auto lines = scan(framed(ProtoWriter().bytes(one, std::string(1 << 20, 'x')).varint(two, 1).take()), 4096);
  EXPECT_THAT(lines, ElementsAre("1: 1048576 bytes " + std::string(MessageScanner::start_size, 'x'), "2: 1",
                                 "message of 1048582"));
}

TEST(MessageScanner, PassesOverWhatItDoesNotUnderstand) {
  std::string compressed = framed(ProtoWriter().varint(one, 1).take());
  compressed[0] = 1;
  const std::string good = framed(ProtoWriter().varint(two, 2).take());
  const std::string cut_field("\x0a\x05xy", 4);             // claims five bytes of which two are there
  const std::string endless_number("\x08\xff\xff\xff", 4);  // the message ends within a number
  const std::string group("\x0b\x08\x01\x0c", 4);
  for (const auto& bad : {compressed, framed(cut_field), framed(endless_number), framed(group), framed("\x08")}) {
    const auto lines = scan(bad + good, 3);
    ASSERT_EQ(lines.size(), 3U) << bad;
    EXPECT_THAT(lines, ElementsAre(testing::StartsWith("message of"), "2: 2", "message of 2"));
  }
}

TEST(MessageScanner, SurvivesNoise) {
  std::mt19937 random(42);
  for (int round = 0; round < 2000; ++round) {
    std::string noise(random() % 300, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_EQ(scan(noise, 1), scan(noise, noise.size() + 1));
  }
}

}  // namespace
}  // namespace firesteel::gateway
