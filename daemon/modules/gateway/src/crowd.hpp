// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "metrics.hpp"

namespace firesteel::gateway {

/// Tells when many small calls come and go together.
///
/// Then more of them are about to come from those who wait for a processor, and to take them all at once costs
/// everybody less than to be woken for a few of them each time.
class Crowd {
 public:
  static constexpr std::uint64_t least_turns = 4;  ///< calls that began or ended since the last question

  /// To be asked before each wait.
  bool is_here(const Metrics& metrics) { return metrics.turns - std::exchange(turns_, metrics.turns) >= least_turns; }

 private:
  std::uint64_t turns_ = 0;
};

}  // namespace firesteel::gateway
