// SPDX-License-Identifier: Apache-2.0
/// However the bytes of a stream are cut into pieces, the scanner tells the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "message_scanner.hpp"

namespace {

using firesteel::gateway::MessageScanner;

class Notes final : public MessageScanner::Listener {
 public:
  void on_field(const MessageScanner::Field& field) override {
    told.push_back(std::to_string(field.number) + ":" + std::to_string(field.value) + ":" + std::string(field.start));
  }
  void on_message(std::uint64_t size) override { told.push_back(std::to_string(size)); }

  std::vector<std::string> told;
};

std::vector<std::string> scan(std::span<const std::uint8_t> bytes, std::size_t piece) {
  Notes notes;
  MessageScanner scanner(notes);
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    scanner.scan(bytes.first(size));
    bytes = bytes.subspan(size);
  }
  return notes.told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  const auto whole = scan(bytes, size + 1);
  for (const std::size_t piece : {1, 2, 7, 100})
    if (scan(bytes, piece) != whole) std::abort();
  return 0;
}
