// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace firesteel::http {

/// Puts one text in the place of another in what comes in pieces, also where a piece ends in the middle of it. It keeps
/// less than that text back.
class PrefixReplacer {
 public:
  /// Both may be empty: then nothing is replaced, or it is taken out.
  PrefixReplacer(std::string from, std::string to) : from_(std::move(from)), to_(std::move(to)) {}

  /// What can be passed on of all that came; with the last piece, all of it.
  std::string feed(std::string_view piece, bool is_last);

 private:
  std::string from_, to_;
  std::string kept_{};
};

}  // namespace firesteel::http
