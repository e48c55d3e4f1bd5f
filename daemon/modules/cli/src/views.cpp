// SPDX-License-Identifier: Apache-2.0
#include "views.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "client.hpp"
#include "firesteel/core/version.hpp"
#include "text.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

struct StateLook {
  std::string_view state;
  std::string_view mark;
  Colour colour;
};

constexpr std::array<StateLook, 5> looks{{{"starting", "◌", Colour::amber},
                                          {"ready", "●", Colour::green},
                                          {"stopping", "◌", Colour::amber},
                                          {"stopped", "○", Colour::grey},
                                          {"failed", "✕", Colour::red}}};

StateLook look_of(std::string_view state) {
  for (const StateLook& look : looks)
    if (look.state == state) return look;
  return {state, "?", Colour::plain};
}

struct PhaseWords {
  std::string_view phase;
  std::string_view going_on;
  std::string_view done;
};

constexpr std::array<PhaseWords, 4> phase_table{{{"preparing", "preparing", "prepared"},
                                                 {"starting_jvm", "starting JVM", "JVM up"},
                                                 {"creating_driver", "creating driver", "driver up"},
                                                 {"adopting", "checking a server that still runs", "adopted"}}};

std::string state_counts(const json::object& counts) {
  std::string out;
  for (const StateLook& look : looks)
    if (const std::int64_t n = number_of(counts, look.state); n > 0)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, look.state);
  return out.empty() ? "none" : out;
}

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += fmt::format("{}{}\n", by, printable(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

}  // namespace

std::string shown(const json::object& object, std::string_view key) { return printable(text_of(object, key)); }

std::string dash_if_empty(std::string text) { return text.empty() ? "-" : std::move(text); }

std::string status_text(const json::object& status, bool colours) {
  const json::value* counts = status.if_contains("connections");
  const std::string daemon_version = text_of(status, "version");
  std::string out =
      fmt::format("{} Firesteel {} runs since {} (pid {})\n", paint(Colour::green, "●", colours),
                  printable(daemon_version), duration_words(number_of(status, "uptime_ms")), number_of(status, "pid"));
  out += fmt::format("  connections  {}\n",
                     counts && counts->is_object() ? state_counts(counts->get_object()) : std::string("unknown"));
  out += fmt::format("  viewers      {}\n", number_of(status, "viewers"));
  out += fmt::format("  socket       {}\n", shown(status, "api_socket"));
  out += fmt::format("  state        {}\n", shown(status, "state_dir"));
  if (daemon_version != version())
    out += fmt::format("  This command is version {}: `firesteel daemon --background` replaces an older daemon.\n",
                       version());
  return out;
}

std::string connections_text(const json::object& reply, bool colours) {
  std::vector<std::vector<Cell>> rows{{{"NAME", Colour::grey},
                                       {"STATE", Colour::grey},
                                       {"CLUSTER", Colour::grey},
                                       {"SPARK", Colour::grey},
                                       {"APPLICATION", Colour::grey},
                                       {"AGE", Colour::grey}}};
  bool any_default = false;
  const auto connections = objects_of(reply, "connections");
  if (connections.empty()) return "No connection yet: `firesteel start` creates one.\n";
  for (const json::object* connection : connections) {
    const std::string state = shown(*connection, "state");
    const StateLook look = look_of(state);
    const bool is_default = flag_of(*connection, "is_default");
    any_default = any_default || is_default;
    rows.push_back({{shown(*connection, "name") + (is_default ? " *" : ""), Colour::bold},
                    {fmt::format("{} {}", look.mark, state), look.colour},
                    {shown(*connection, "cluster_display_name")},
                    {dash_if_empty(shown(*connection, "spark_version"))},
                    {dash_if_empty(shown(*connection, "application_id"))},
                    {duration_words(number_of(*connection, "state_age_ms"))}});
  }
  std::string out = table(rows, colours);
  if (any_default) out += paint(Colour::grey, "* the default: what a notebook gets that names none", colours) + "\n";
  for (const json::object* connection : connections) {
    const json::value* failure = connection->if_contains("failure");
    if (text_of(*connection, "state") == "failed" && failure && failure->is_object())
      out += fmt::format("{} {}: {}\n", paint(Colour::red, "✕", colours), shown(*connection, "name"),
                         shown(failure->get_object(), "message"));
  }
  return out;
}

std::string connection_line(const json::object& connection, bool colours) {
  const std::string state = shown(connection, "state");
  const StateLook look = look_of(state);
  std::string out =
      fmt::format("{} {} is {}", paint(look.colour, look.mark, colours), shown(connection, "name"), state);
  if (state == "ready")
    out += fmt::format(": Spark {}, {}, {}", shown(connection, "spark_version"), shown(connection, "application_id"),
                       shown(connection, "endpoint"));
  return out + "\n";
}

std::string phase_words(const std::string& phase, bool done) {
  for (const PhaseWords& words : phase_table)
    if (words.phase == phase) return std::string(done ? words.done : words.going_on);
  return printable(phase);
}

std::string phases_line(const json::object& connection) {
  std::string out = shown(connection, "name") + ":";
  const auto phases = objects_of(connection, "phases");
  if (phases.empty()) out += " " + shown(connection, "state");
  for (const json::object* phase : phases) {
    const bool done = flag_of(*phase, "done");
    out += fmt::format(" {} {}{} {} ", done ? "✓" : "◌", phase_words(text_of(*phase, "phase"), done), done ? "" : "…",
                       stopwatch_words(number_of(*phase, "elapsed_ms")));
  }
  return out;
}

std::string problem_text(const Problem& problem, bool colours) {
  std::string out = fmt::format("{} {}\n", paint(Colour::red, "firesteel:", colours), printable(problem.message));
  out += indented(problem.advice, "  ");
  if (!problem.connections.empty())
    out += fmt::format("  There are: {}\n", printable(fmt::format("{}", fmt::join(problem.connections, ", "))));
  if (problem.failure) {
    const auto tail = texts_of(*problem.failure, "log_tail");
    if (!tail.empty()) out += "  The log's last lines:\n";
    for (const std::string& line : tail)
      out += fmt::format("  {} {}\n", paint(Colour::grey, "│", colours), printable(line));
  }
  return out;
}

}  // namespace firesteel::cli
