// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// Why a connection failed; spelled in the API as here (`Failure.reason` of api/openapi.yaml).
enum class FailureReason {
  no_python,
  no_pyspark,
  no_java,
  java_too_old,
  invalid_option,
  port_in_use,
  out_of_memory,
  disk_full,
  class_not_found,
  start_timeout,
  spawn_failed,
  killed,
  exited,
  lost,
  pre_script,
};

std::string_view to_string(FailureReason reason);
std::optional<FailureReason> failure_reason_from(std::string_view text);

/// A failure in words: what happened, what to do, and what the server said last.
struct Failure {
  FailureReason reason = FailureReason::exited;
  std::string message{};  ///< one sentence for people
  std::string advice{};   ///< what to do; may be empty
  std::optional<int> exit_code{};
  std::string signal{};                 ///< "SIGKILL"; empty when no signal ended it
  std::vector<std::string> log_tail{};  ///< at most 40 lines
  bool passes = false;                  ///< chance, and nobody's mistake: the next attempt may go well

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// The longest `Failure::log_tail`, in lines.
inline constexpr std::size_t max_log_tail = 40;

}  // namespace firesteel
