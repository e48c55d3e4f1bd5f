// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "metrics.hpp"

namespace firesteel::gateway {

/// Tells small talk (few calls that carry little, so that their time is waiting) from work, for which the processor is
/// of more use to those who do it.
///
/// Many calls at once have moments when few of them are here: when their client or their server is what all wait for.
/// But then several come together now and then.
class SmallTalk {
 public:
  static constexpr std::uint64_t most_streams = 4;        ///< at once, and begun since the last question
  static constexpr std::uint64_t most_bytes = 16 * 1024;  ///< since the last question
  static constexpr int least_calm = 32;                   ///< questions in a row that found it so

  /// To be asked before each wait.
  bool goes_on(const Metrics& metrics) {
    const std::uint64_t carried = metrics.received_bytes + metrics.sent_bytes;
    const std::uint64_t bytes = carried - std::exchange(bytes_, carried);
    const std::uint64_t begun = metrics.streams_total - std::exchange(streams_, metrics.streams_total);
    const bool calm =
        metrics.clients > 0 && metrics.streams <= most_streams && begun <= most_streams && bytes <= most_bytes;
    calm_ = calm ? std::min(calm_ + 1, least_calm) : 0;
    return calm_ == least_calm;
  }

 private:
  std::uint64_t bytes_ = 0;
  std::uint64_t streams_ = 0;
  int calm_ = 0;
};

}  // namespace firesteel::gateway
