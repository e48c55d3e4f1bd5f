// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json.hpp>

#include "commands.hpp"
#include "text.hpp"

namespace firesteel::cli {
namespace json = boost::json;
using std::chrono::milliseconds;
namespace {

constexpr milliseconds follow_poll{300};
constexpr int follow_lines = 1000;
/// How long a daemon may be away (it is being replaced) before following ends.
constexpr std::chrono::seconds away_limit{30};

/// False when nobody reads any more. What a server prints can't control the terminal, not behind a pipe either; the
/// lines as they are come with --json.
bool print(const Context& context, const json::object& chunk) {
  std::string text;
  for (const std::string& line : texts_of(chunk, "lines")) text += printable(line) + "\n";
  return text.empty() || context.console.out(text);
}

int follow(const Context& context, const std::string& name, std::int64_t cursor) {
  std::optional<TimePoint> away_since;
  for (;;) {
    const Answer<json::object> chunk = context.client.log(name, cursor, follow_lines);
    if (chunk) {
      away_since.reset();
      if (!print(context, *chunk)) return exit_done;
      cursor = number_of(*chunk, "next");
      if (!flag_of(*chunk, "end") && !texts_of(*chunk, "lines").empty()) continue;
    } else {
      const std::string& code = chunk.error().code;
      if (code != "no_daemon" && code != "timed_out" && code != "shutting_down") return context.failed(chunk.error());
      if (!away_since) {
        away_since = context.clock.now();
        context.console.err("firesteel: the daemon is away, waiting for the next one…\n");
      }
      if (context.clock.now() - *away_since >= away_limit) return context.failed(chunk.error());
    }
    context.pause(follow_poll);
  }
}

/// False when nobody reads any more.
bool print_hits(const Context& context, const json::object& step) {
  std::string text;
  for (const json::object* hit : objects_of(step, "hits")) {
    text += fmt::format("{}:{}", number_of(*hit, "number") + 1, printable(text_of(*hit, "text")));
    if (const std::int64_t cut = number_of(*hit, "cut"); cut > 0) text += fmt::format(" […{} more bytes]", cut);
    text += '\n';
  }
  return text.empty() || context.console.out(text);
}

/// Step by step, as the daemon finds them; whoever is interrupted in between leaves nothing behind there.
int search(const Context& context, const std::string& name, const LogSearchQuery& query) {
  json::array hits;
  std::int64_t found = 0;
  std::int64_t shown = 0;
  std::string cursor;
  do {
    Answer<json::object> step = context.client.search_log(name, query, cursor);
    if (!step) {
      Problem problem = step.error();
      // As misuse, so that it isn't taken for "nothing found".
      if (problem.code == "bad_request") problem.code = "usage";
      return context.failed(problem);
    }
    const std::int64_t more = static_cast<std::int64_t>(objects_of(*step, "hits").size());
    found += number_of(*step, "found");
    shown += more;
    if (context.json) {
      if (more > 0)
        for (json::value& hit : step->at("hits").get_array()) hits.push_back(std::move(hit));
    } else if (!print_hits(context, *step)) {
      return exit_done;
    }
    if (flag_of(*step, "begun_anew"))
      return context.failed({.code = "log_begun_anew",
                             .message = "Another log began while this one was searched: the server was started again.",
                             .advice = "Search again."});
    cursor = text_of(*step, "next");
  } while (!cursor.empty());
  if (context.json)
    context.done({{"name", name}, {"found", found}, {"hits", std::move(hits)}});
  else if (found > shown)
    context.console.err(fmt::format("firesteel: {} lines match; the first {} are shown.\n", found, shown));
  return found > 0 ? exit_done : exit_failed;
}

}  // namespace

int logs(const Context& context, const LogsCommand& command) {
  if (command.search) return search(context, command.name, *command.search);
  Answer<json::object> chunk = context.client.log(command.name, std::nullopt, command.lines);
  if (!chunk) return context.failed(chunk.error());
  if (context.json) {
    json::object document{{"name", command.name}};
    for (auto& member : *chunk) document[member.key()] = member.value();
    return context.done(document);
  }
  if (!print(context, *chunk) || !command.follow) return exit_done;
  return follow(context, command.name, number_of(*chunk, "next"));
}

}  // namespace firesteel::cli
