// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// Whether an option or variable of this name holds a secret: Spark's own pattern
/// (`(?i)secret|password|token|access[.]?key`).
bool names_secret(std::string_view key);

/// Puts `*****` in place of secrets: those that are known, the values of keys that name one (Spark's own idea of them:
/// `secret`, `password`, `token`, `access.key` in the key, then = or : and the value), and what follows `Bearer`.
/// Lines without such words cost next to nothing.
class Masker {
 public:
  /// Empty secrets are ignored.
  explicit Masker(std::vector<std::string> known = {});

  /// `line` (one line, raw) as it may leave.
  std::string apply(std::string_view line) const;

  /// Whether `line` may hold something to mask.
  bool suspects(std::string_view text) const { return next_suspect(text, 0) != std::string_view::npos; }

  /// The first place at or after `from` that may belong to something to mask; npos without one. Call it with the
  /// beginning of the next line to go on: it says nothing of the line's other places.
  std::size_t next_suspect(std::string_view text, std::size_t from) const;

  /// The longest known secret: what is masked must be read this much further than it is shown.
  std::size_t longest() const { return longest_; }

 private:
  std::vector<std::string> known_;
  std::size_t longest_ = 0;
};

}  // namespace firesteel
