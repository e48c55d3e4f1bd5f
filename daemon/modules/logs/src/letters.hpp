// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace firesteel {

/// Finds where one of up to eight sequences of three letters stands, upper or lower case, at the speed of memory: a
/// filter, as other bytes that differ only in bit 5 pass, too.
class Letters {
 public:
  static constexpr std::size_t none = std::string_view::npos;
  static constexpr std::size_t most = 8;

  /// Of each of `all` (at most `most`) the first three bytes.
  template <class Range>
  explicit Letters(const Range& all) {
    for (const std::string_view each : all) {
      for (std::size_t k = 0; k < 3; ++k) bytes_[count_][k] = folded(each[k]);
      ++count_;
    }
  }

  /// The first place at or after `from`.
  std::size_t find(std::string_view text, std::size_t from) const;

 private:
  static std::uint8_t folded(char c) { return static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) | 0x20U); }

  template <std::size_t Count>
  std::size_t find_any(std::string_view text, std::size_t from) const;

  std::array<std::array<std::uint8_t, 3>, most> bytes_{};
  std::size_t count_ = 0;
};

/// Which three letters of `text` (three bytes at least) are the rarest in a log, roughly: where they stand.
std::size_t rarest_letters(std::string_view text);

}  // namespace firesteel
