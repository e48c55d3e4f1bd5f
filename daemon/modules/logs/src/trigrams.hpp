// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace firesteel {

/// Finds where one of a few sequences of three letters stands, upper or lower case, at the speed of memory: a filter,
/// as other bytes that differ only in bit 5 pass, too.
template <std::size_t Count>
class Trigrams {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit Trigrams(const std::array<std::string_view, Count>& all) {
    for (std::size_t i = 0; i < Count; ++i)
      for (std::size_t k = 0; k < 3; ++k) bytes_[i][k] = folded(all[i][k]);
  }

  /// The first place at or after `from`.
  std::size_t find(std::string_view text, std::size_t from) const {
    std::size_t at = from;
    // A loop without branches over a fixed size is what compilers turn into vector instructions.
    for (; at + chunk + 2 <= text.size(); at += chunk)
      if (any(text.data() + at)) {
        const std::size_t found = find_in(text, at, at + chunk);
        if (found != none) return found;
      }
    return text.size() < 3 ? none : find_in(text, at, text.size() - 2);
  }

 private:
  static constexpr std::size_t chunk = 64;

  static std::uint8_t folded(char c) { return static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) | 0x20U); }

  bool any(const char* text) const {
    const auto bytes = bytes_;
    std::uint8_t seen = 0;
    for (std::size_t i = 0; i < chunk; ++i) {
      const std::uint8_t a = folded(text[i]), b = folded(text[i + 1]), c = folded(text[i + 2]);
      for (std::size_t k = 0; k < Count; ++k) {
        const std::uint8_t differs =
            static_cast<std::uint8_t>((a ^ bytes[k][0]) | (b ^ bytes[k][1]) | (c ^ bytes[k][2]));
        seen = static_cast<std::uint8_t>(seen | (differs == 0 ? 1 : 0));
      }
    }
    return seen != 0;
  }

  std::size_t find_in(std::string_view text, std::size_t from, std::size_t to) const {
    for (std::size_t at = from; at < to; ++at)
      for (const auto& each : bytes_)
        if (folded(text[at]) == each[0] && folded(text[at + 1]) == each[1] && folded(text[at + 2]) == each[2])
          return at;
    return none;
  }

  std::array<std::array<std::uint8_t, 3>, Count> bytes_;
};

}  // namespace firesteel
