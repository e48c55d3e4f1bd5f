// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/explain.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <utility>

#include "causes.hpp"
#include "firesteel/core/utf8.hpp"
#include "firesteel/logs/marked_lines.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {
namespace {

struct CompiledCause {
  const Cause* cause;
  std::unique_ptr<RE2> pattern;
};

const std::vector<CompiledCause>& compiled() {
  static const std::vector<CompiledCause> all = [] {
    std::vector<CompiledCause> out;
    for (const Cause& cause : causes()) out.push_back({&cause, std::make_unique<RE2>(cause.pattern, RE2::Quiet)});
    return out;
  }();
  return all;
}

bool is_stack_frame(std::string_view line) {
  return line.starts_with("\tat ") || line.starts_with("    at ") || line.starts_with("\t... ");
}

/// An exception that Spark survived: it logs it as a warning and goes on.
bool is_survived(std::string_view line) {
  static const RE2 warning(
      R"re(^\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?:WARN|INFO|DEBUG|TRACE) |"level":"(?:WARN|INFO|DEBUG|TRACE)")re");
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), warning);
}

/// A ready server logs the errors of its users' queries, too: only its very last lines tell of its end.
constexpr std::size_t last_lines_when_ready = 60;

/// The lines that may tell why it ended: without stack frames, warnings and the exceptions that hang on a warning.
std::vector<std::string> telling_lines(const std::vector<std::string>& lines, std::size_t count) {
  static const RE2 hangs_on(R"(^(?:Caused by: |Suppressed: |(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)\b))");
  std::vector<std::string> out;
  bool after_warning = false;
  const std::size_t from = lines.size() > count ? lines.size() - count : 0;
  for (std::size_t i = from; i < lines.size(); ++i) {
    if (is_stack_frame(lines[i]) || source_of(lines[i]) == LogSource::launch) continue;
    std::string line = to_valid_utf8(cut_utf8(lines[i], max_tail_line));
    after_warning = is_survived(line) || (after_warning && RE2::PartialMatch(line, hangs_on));
    if (!after_warning) out.push_back(std::move(line));
  }
  return out;
}

std::optional<Failure> known_cause(const std::vector<std::string>& lines) {
  for (const auto& [cause, pattern] : compiled()) {
    for (const auto& line : lines) {
      std::string detail;
      const bool matched = pattern->NumberOfCapturingGroups() > 0 ? RE2::PartialMatch(line, *pattern, &detail)
                                                                  : RE2::PartialMatch(line, *pattern);
      if (!matched) continue;
      Failure out{.reason = cause->reason, .message = fill_in(cause->message, detail), .advice = cause->advice};
      out.passes = cause->passes;
      return out;
    }
  }
  return std::nullopt;
}

/// What the first exception says, e.g. "FileNotFoundException: File file:/nope does not exist"; empty without one.
std::string first_exception(const std::vector<std::string>& lines) {
  static const RE2 exception(R"((?:[a-z][\w$]*\.)+([A-Z][\w$]*(?:Exception|Error|Failure)(?:: .*)?)$)");
  for (const auto& line : lines)
    if (std::string said; RE2::PartialMatch(line, exception, &said)) return phrase(said);
  return {};
}

Failure by_status(const ExitStatus& status, const ExitContext& context) {
  const std::string_view when = context.was_ready ? "The server" : "The server, before it was ready,";
  Failure out;
  switch (status.kind) {
    case ExitStatus::Kind::signal:
      out.reason = FailureReason::killed;
      out.message = fmt::format("{} was ended by {}.", when, signal_name(status.value));
      if (status.value == SIGKILL)
        out.advice =
            "Somebody killed it, or the system did because memory ran short: compare the option spark.driver.memory "
            "with "
            "the memory that this machine or container has.";
      else if (status.value == SIGSEGV || status.value == SIGBUS || status.value == SIGABRT || status.value == SIGILL)
        out.advice = "Java itself crashed; it leaves a file hs_err_pid….log in its working directory.";
      else
        out.advice = "Somebody or something asked it to end. Start it again.";
      return out;
    case ExitStatus::Kind::code:
      // Java turns the signals that ask it to end into these.
      if (status.value == 128 + SIGTERM || status.value == 128 + SIGINT || status.value == 128 + SIGHUP) {
        out.reason = FailureReason::killed;
        out.message = fmt::format("{} was asked to end by {}.", when, signal_name(status.value - 128));
        out.advice = "Not by Firesteel: look for a script, a session manager or a shutdown. Start it again.";
        return out;
      }
      out.reason = FailureReason::exited;
      out.message = fmt::format("{} ended with exit code {}.", when, status.value);
      out.advice = "Look into its log.";
      return out;
    case ExitStatus::Kind::unknown:
      break;
  }
  out.reason = FailureReason::lost;
  out.message = "The server has ended. How is not known, because Firesteel was restarted while it ran.";
  out.advice = "Look into its log, and start it again.";
  return out;
}

}  // namespace

Failure explain(const std::vector<std::string>& last_lines, const ExitStatus& status, const ExitContext& context) {
  const std::vector<std::string> lines =
      telling_lines(last_lines, context.was_ready ? last_lines_when_ready : max_explained_lines);
  Failure out = by_status(status, context);
  // A server that was killed from outside logs errors on its way out: they are no cause.
  if (out.reason != FailureReason::killed) {
    if (auto known = known_cause(lines))
      out = std::move(*known);
    else if (const std::string said = first_exception(lines); !said.empty() && out.reason == FailureReason::exited)
      out.message =
          fmt::format("{} ended: {}.", context.was_ready ? "The server" : "The server, before it was ready,", said);
  }
  out.message = Masker(context.secrets).apply(out.message);
  if (status.kind == ExitStatus::Kind::code) out.exit_code = status.value;
  if (status.kind == ExitStatus::Kind::signal) out.signal = signal_name(status.value);
  out.log_tail = log_tail(last_lines, context.secrets);
  return out;
}

Failure explain_refusal(const std::vector<std::string>& last_lines, std::string_view answer,
                        const ExitContext& context) {
  const std::vector<std::string> lines = telling_lines(last_lines, last_lines_when_ready);
  Failure out{.reason = FailureReason::exited,
              .message = fmt::format("The server runs, but answers with an error: {}.", phrase(to_valid_utf8(answer))),
              .advice = "Look into its log.",
              .exit_code = {},
              .signal = {},
              .log_tail = {}};
  if (auto known = known_cause(lines))
    out = std::move(*known);
  else if (const std::string said = first_exception(lines); !said.empty())
    out.message = fmt::format("The server runs, but can't make a session: {}.", said);
  out.message = Masker(context.secrets).apply(out.message);
  out.log_tail = log_tail(last_lines, context.secrets);
  return out;
}

bool is_first_word(std::string_view line) {
  static const RE2 of_the_jvm(
      R"(^\s*$|^\[(?:firesteel|pre_script)\] |^WARNING: |warning: |^\[\d+[.,]\d+s\]|^(?:NOTE: )?Picked up |^Listening for transport |^Java HotSpot|^OpenJDK )");
  return !RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), of_the_jvm);
}

std::string mask(std::string_view line, const std::vector<std::string>& secrets) {
  std::string out(line);
  for (const auto& secret : secrets) {
    if (secret.empty()) continue;
    for (std::size_t at = out.find(secret); at != out.npos; at = out.find(secret, at)) {
      out.replace(at, secret.size(), "*****");
      at += 5;
    }
  }
  return out;
}

std::vector<std::string> log_tail(const std::vector<std::string>& lines, const std::vector<std::string>& secrets) {
  const Masker masker(secrets);
  std::vector<std::string> out;
  const std::size_t from = lines.size() > max_log_tail ? lines.size() - max_log_tail : 0;
  for (std::size_t i = from; i < lines.size(); ++i) {
    // Masked before it is cut: half a secret is a secret.
    const std::string line = to_valid_utf8(masker.apply(lines[i]));
    out.emplace_back(cut_utf8(line, max_tail_line));
  }
  return out;
}

}  // namespace firesteel
