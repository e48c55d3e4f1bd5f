// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metrics.hpp"

namespace firesteel::gateway {

/// Tells small talk (few calls at once that carry little, so that their time is waiting) from work, for which the
/// processor is of more use to those who do it.
class SmallTalk {
 public:
  static constexpr std::uint64_t most_streams = 4;
  static constexpr std::uint64_t most_bytes = 16 * 1024;  ///< since the last question

  bool goes_on(const Metrics& metrics) {
    const std::uint64_t before = bytes_;
    bytes_ = metrics.received_bytes + metrics.sent_bytes;
    return metrics.clients > 0 && metrics.streams <= most_streams && bytes_ - before <= most_bytes;
  }

 private:
  std::uint64_t bytes_ = 0;
};

}  // namespace firesteel::gateway
