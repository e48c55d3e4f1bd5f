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

}  // namespace

int logs(const Context& context, const LogsCommand& command) {
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
