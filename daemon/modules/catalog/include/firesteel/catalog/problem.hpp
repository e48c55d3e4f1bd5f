// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace firesteel::catalogue {

enum class Severity {
  error,    ///< what stands there is not used, or not as it was meant
  warning,  ///< it is used; look whether it was meant so
};

std::string_view to_string(Severity severity);

/// One thing that is wrong with a catalogue, and where. All texts are UTF-8 and may hold what the file holds: make them
/// printable before they go to a terminal.
struct Problem {
  Severity severity = Severity::error;
  std::string file{};     ///< as the caller named it; one that it refers to: relative to where the caller stands
  std::string path{};     ///< e.g. `SparkConnectorApp.clusters.k8s.opts.spark.ui.port`; empty: the file as a whole
  int line = 0;           ///< the first line is 1; 0: the file as a whole
  std::string message{};  ///< what is wrong, one sentence
  std::string advice{};   ///< how to put it right

  friend bool operator==(const Problem&, const Problem&) = default;
};

}  // namespace firesteel::catalogue
