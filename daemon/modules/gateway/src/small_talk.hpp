// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "metrics.hpp"

namespace firesteel::gateway {

/// Tells small talk (few calls at once that carry little, so that their time is waiting) from work, for which the
/// processor is of more use to those who do it.
class SmallTalk {
 public:
  static constexpr std::uint64_t most_streams = 4;
  static constexpr std::uint64_t most_bytes = 16 * 1024;  ///< since the last question
  /// Questions that follow each other and find it calm: many calls that go together have moments without any.
  static constexpr int least_calm = 4;

  /// To be asked before each wait.
  bool goes_on(const Metrics& metrics) {
    const std::uint64_t before = std::exchange(bytes_, metrics.received_bytes + metrics.sent_bytes);
    const bool calm = metrics.clients > 0 && metrics.streams <= most_streams && bytes_ - before <= most_bytes;
    calm_ = calm ? std::min(calm_ + 1, least_calm) : 0;
    return calm_ == least_calm;
  }

 private:
  std::uint64_t bytes_ = 0;
  int calm_ = 0;
};

}  // namespace firesteel::gateway
