// SPDX-License-Identifier: Apache-2.0
#include "activity_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "client.hpp"
#include "text.hpp"
#include "views.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

constexpr std::size_t widest_text = 40;  // of a cell that somebody else wrote

struct StateLook {
  std::string_view state;
  std::string_view mark;
  std::string_view words;
  Colour colour;
};

constexpr std::array<StateLook, 5> looks{{{"running", "◌", "running", Colour::amber},
                                          {"finished", "✓", "finished", Colour::green},
                                          {"failed", "✕", "failed", Colour::red},
                                          {"interrupted", "○", "interrupted", Colour::grey},
                                          {"lost", "✕", "lost with its server", Colour::red}}};

Cell state_cell(const json::object& operation) {
  const std::string state = text_of(operation, "state");
  const auto* look = std::find_if(looks.begin(), looks.end(), [&](const auto& each) { return each.state == state; });
  if (look == looks.end()) return {"? " + printable(state)};
  const bool is_alone = state == "running" && !flag_of(operation, "attended");
  return {fmt::format("{} {}{}", look->mark, look->words, is_alone ? ", nobody listens" : ""), look->colour};
}

std::string short_cell(const json::object& object, std::string_view key) {
  return dash_if_empty(cut(shown(object, key), widest_text));
}

std::vector<Cell> heading(std::initializer_list<const char*> names) {
  std::vector<Cell> cells;
  for (const char* name : names) cells.push_back({name, Colour::grey});
  return cells;
}

/// "query: aggregate", "command: write operation".
std::string what_words(const json::object& operation) {
  const std::string kind = shown(operation, "kind");
  std::string detail = cut(shown(operation, "detail"), widest_text);
  std::replace(detail.begin(), detail.end(), '_', ' ');
  return fmt::format("{}{}{}", kind == "analyze" ? "analysis" : kind, detail.empty() ? "" : ": ", detail);
}

std::string progress_words(const json::object& operation) {
  const std::int64_t tasks = number_of(operation, "tasks");
  return tasks > 0 ? fmt::format("{} of {}", number_of(operation, "completed_tasks"), count_words(tasks, "task")) : "-";
}

std::string amount_words(const json::object& operation) {
  const std::int64_t rows = number_of(operation, "rows");
  const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(number_of(operation, "bytes"), 0));
  if (rows == 0 && bytes == 0) return "-";
  const std::string size = size_words(bytes);
  return rows == 0 ? size : fmt::format("{}, {}", count_words(rows, "row"), size);
}

/// What follows `name/` among the words of a client's type; empty when nothing does.
std::string version_in(std::string_view client_type, std::string_view name) {
  const std::string wanted = fmt::format(" {}/", name);
  const std::size_t at = client_type.find(wanted);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = client_type.substr(at + wanted.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

}  // namespace

std::string client_words(const std::string& client_type) {
  struct Language {
    std::string_view mark;
    std::string_view words;
    std::string_view version;
  };
  static constexpr std::array<Language, 2> languages{
      {{"_SPARK_CONNECT_PYTHON", "Python", "python"}, {"_SPARK_CONNECT_SCALA", "Scala", "scala"}}};
  const std::string type = printable(client_type);
  for (const Language& language : languages) {
    if (!type.starts_with(language.mark)) continue;
    const std::string own = version_in(type, language.version);
    const std::string spark = version_in(type, "spark");
    return cut(
        fmt::format("{}{}{}{}{}", language.words, own.empty() ? "" : " ", own, spark.empty() ? "" : ", Spark ", spark),
        widest_text);
  }
  return dash_if_empty(cut(type, widest_text));
}

std::string sessions_text(const json::object& reply, const std::string& connection, WallTime now, bool colours) {
  const auto sessions = objects_of(reply, "sessions");
  if (sessions.empty()) return fmt::format("No session is open on {}.\n", printable(connection));
  std::vector<std::vector<Cell>> rows{heading({"CLIENT", "NOTEBOOK", "USER", "COMES BY", "SINCE", "NOW", "SESSION"})};
  for (const json::object* session : sessions) {
    const std::int64_t running = number_of(*session, "running");
    const Cell activity = running > 0
                              ? Cell{count_words(running, "operation"), Colour::amber}
                              : Cell{fmt::format("idle for {}", duration_words(number_of(*session, "idle_ms")))};
    rows.push_back({{client_words(text_of(*session, "client_type"))},
                    {short_cell(*session, "notebook")},
                    {short_cell(*session, "user_id")},
                    {flag_of(*session, "local") ? "socket" : "TCP"},
                    {dash_if_empty(age_words(text_of(*session, "started_at"), now))},
                    activity,
                    {shown(*session, "session_id")}});
  }
  return table(rows, colours);
}

std::string operations_text(const json::object& reply, const std::string& connection, bool all, bool colours) {
  const auto operations = objects_of(reply, "operations");
  if (operations.empty())
    return fmt::format(fmt::runtime(all ? "Nothing has run on {} yet.\n" : "Nothing runs on {}.\n"),
                       printable(connection));
  std::vector<std::vector<Cell>> rows{
      heading({"WHAT", "STATE", "TIME", "PROGRESS", "RESULT", "NOTEBOOK", "OPERATION"})};
  std::string troubles;
  for (const json::object* operation : operations) {
    rows.push_back({{what_words(*operation), Colour::bold},
                    state_cell(*operation),
                    {duration_words(number_of(*operation, "elapsed_ms"))},
                    {progress_words(*operation)},
                    {amount_words(*operation)},
                    {short_cell(*operation, "notebook")},
                    {shown(*operation, "operation_id")}});
    if (const std::string error = shown(*operation, "error"); !error.empty())
      troubles +=
          fmt::format("{} {}: {}\n", paint(Colour::red, "✕", colours), shown(*operation, "operation_id"), error);
  }
  return table(rows, colours) + troubles;
}

std::string endpoint_text(const json::object& endpoint, bool colours) {
  std::string out;
  if (const std::int64_t port = number_of(endpoint, "port"); port > 0)
    out += fmt::format("{} {}:{} takes every Spark Connect client that has the token\n",
                       paint(Colour::green, "●", colours), shown(endpoint, "host"), port);
  else
    out += fmt::format("{} There is no TCP endpoint: {}\n", paint(Colour::red, "✕", colours),
                       dash_if_empty(shown(endpoint, "problem")));
  out += fmt::format("  socket  {} (for your own processes, without a token)\n", shown(endpoint, "socket"));
  out += "  `firesteel endpoint --url` prints a URL with the token: whoever has it can run code as you.\n";
  return out;
}

}  // namespace firesteel::cli
