// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "firesteel/core/failure.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What a log's line tells of what went wrong, for those who explain an end and for those who give advice meanwhile.
struct Cause {
  const char* pattern;
  FailureReason reason;
  const char* message;  ///< a sentence; {} is what the pattern's first group matched
  const char* advice;
  bool also_survived = false;  ///< worth advice, too, when the line is a warning: Spark goes on, the query doesn't
  bool passes = false;         ///< see Failure::passes
};

/// In the order in which they count when several match: the particular before the general.
std::span<const Cause> causes();

/// What is worth advice but ends no server.
struct Hint {
  const char* pattern;
  Suggestion::Type type;
  const char* message;
};
std::span<const Hint> hints();

/// `message` with `detail` in place of {}; without what leads to it when there is nothing to say.
std::string fill_in(std::string message, std::string_view detail);

/// For a sentence: one line, not endless, without the full stop that the sentence brings itself.
std::string phrase(std::string_view text);

}  // namespace firesteel
