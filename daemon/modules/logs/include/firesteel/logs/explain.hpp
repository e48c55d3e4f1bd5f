// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/exit_status.hpp"
#include "firesteel/core/failure.hpp"

namespace firesteel {

/// What is known of a server besides its last lines.
struct ExitContext {
  bool was_ready = false;            ///< whether it had answered before
  std::vector<std::string> secrets;  ///< masked wherever they appear in the failure, as is what Masker finds by itself
};

/// The longest line in `Failure::log_tail`, in bytes.
inline constexpr std::size_t max_tail_line = 2000;

/// How many last lines of a log `explain` looks at: the caller need not read more.
inline constexpr std::size_t max_explained_lines = 400;

/// Why a server ended, from its last lines (oldest first) and its exit status: the known cause that the log tells, else
/// the first exception in it, else the exit status in words. `log_tail` holds the last max_log_tail lines.
Failure explain(const std::vector<std::string>& last_lines, const ExitStatus& status, const ExitContext& context);

/// Why a server that runs answers the readiness probe with an error, e.g. because no session can be made with one of
/// its options; `answer` is the error's text.
Failure explain_refusal(const std::vector<std::string>& last_lines, std::string_view answer,
                        const ExitContext& context);

/// Whether `line` shows that Spark itself runs, not only the JVM's own warnings: the end of the phase starting_jvm.
bool is_first_word(std::string_view line);

/// `line` with `*****` in place of each secret that it holds. Empty secrets are ignored.
std::string mask(std::string_view line, const std::vector<std::string>& secrets);

/// The last `max_log_tail` of `lines`, masked, each of valid UTF-8 and at most `max_tail_line` bytes.
std::vector<std::string> log_tail(const std::vector<std::string>& lines, const std::vector<std::string>& secrets);

}  // namespace firesteel
