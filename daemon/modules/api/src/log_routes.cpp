// SPDX-License-Identifier: Apache-2.0
// The log of each connection: its lines, search, and all of it as a text.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "codec.hpp"
#include "firesteel/io/yield.hpp"
#include "firesteel/logs/log_file.hpp"
#include "firesteel/logs/log_keeper.hpp"
#include "firesteel/logs/log_search.hpp"
#include "log_codec.hpp"
#include "log_text.hpp"
#include "queries.hpp"
#include "route_tools.hpp"

namespace firesteel::api {

namespace json = boost::json;
using http::Access;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t most_lines = 5000;
constexpr std::uint64_t usual_chunk_lines = 200;
constexpr std::uint64_t usual_window_lines = 500;
constexpr std::uint64_t longest_wait_ms = 60'000;
constexpr std::uint64_t most_hits = 1000;
constexpr std::uint64_t usual_hits = 200;
constexpr std::size_t longest_cursor = 256;
constexpr std::uint64_t largest_number = (1ULL << 53) - 1;  // what every JSON reader can hold
constexpr auto look_patience = 200ms;                       // for a log that isn't indexed yet
constexpr auto search_time = 90ms;                          // of one request

Result<std::shared_ptr<KeptLog>> log_of(const Services& services, const Call& call) {
  const auto connection = services.connections.get(name_of(call));
  if (!connection) return connection.error();
  return services.logs.of((*connection)->id);
}

Answer read_chunk(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"after", "limit"}); !known) co_return known.error();
  const auto after = number_query(call, "after", 0, largest_number);
  if (!after) co_return after.error();
  const auto limit = number_query(call, "limit", 1, most_lines);
  if (!limit) co_return limit.error();
  const auto connection = services.connections.get(name_of(call));
  if (!connection) co_return connection.error();
  const auto file = services.supervisor.log_file((*connection)->id);
  const auto log = services.logs.of((*connection)->id);
  const std::size_t count = limit->value_or(usual_chunk_lines);
  // What was given back to the disk has no lines any more.
  const std::uint64_t dropped = log->index().dropped().bytes;
  auto chunk = *after ? read_lines_after(file, std::max(**after, dropped), count) : read_last_lines(file, count);
  if (!chunk) co_return chunk.error();
  const auto masker = log->masker();
  for (std::string& line : chunk->lines) line = masker->apply(line);
  co_return Reply{200, to_json(*chunk)};
}

/// Which line a window of the last `count` begins with: no further back than what fits into a reply.
std::uint64_t first_of_last(const LogIndex& index, std::uint64_t count) {
  const std::uint64_t unfinished = index.size() > index.end_offset() ? 1 : 0;
  const std::uint64_t lines = count - std::min(count, unfinished);
  const std::uint64_t first = index.end_line() - std::min(index.end_line(), lines);
  const std::uint64_t room = WindowLimits{}.bytes;
  const auto far = index.line_at(index.end_offset() - std::min(index.end_offset(), room));
  // The line that reaches over the edge is too much.
  return std::max(
      {first, index.first_line(), far && far->line < index.end_line() && far->offset > 0 ? far->line + 1 : 0});
}

Result<LogWindow> window_of(const LogIndex& index, const std::optional<std::uint64_t>& first, std::uint64_t count,
                            const Masker& masker) {
  if (first && *first > index.end_line()) return LogWindow{.lines = {}, .next = {*first, index.end_offset()}};
  WindowLimits limits;
  limits.lines = count;
  if (first) return index.read(*first, limits, masker);
  for (std::uint64_t from = first_of_last(index, count);; from += (index.end_line() - from + 1) / 2) {
    auto window = index.read(from, limits, masker);
    // Bytes that aren't UTF-8 take more room than they did.
    if (!window || window->next.line >= index.end_line() || from >= index.end_line()) return window;
  }
}

Answer read_lines(const Services& services, Call call) {
  if (auto known = only_known_queries(call, {"first", "limit", "seen", "wait_ms"}); !known) co_return known.error();
  const auto first = number_query(call, "first", 0, largest_number);
  if (!first) co_return first.error();
  const auto limit = number_query(call, "limit", 1, most_lines);
  if (!limit) co_return limit.error();
  const auto seen = number_query(call, "seen", 0, largest_number);
  if (!seen) co_return seen.error();
  const auto patience = number_query(call, "wait_ms", 0, longest_wait_ms);
  if (!patience) co_return patience.error();
  if (*patience && !*seen)
    co_return Error{.code = Errc::bad_request, .message = "'wait_ms' needs 'seen'.", .advice = {}, .field = "seen"};
  const auto log = log_of(services, call);
  if (!log) co_return log.error();
  const TimePoint deadline = Steady::now() + std::chrono::milliseconds(patience->value_or(0));
  auto looked = co_await (*log)->look(Steady::now() + look_patience);
  if (!looked) co_return looked.error();
  if (*patience && **seen == (*log)->index().size()) {
    co_await (*log)->wait_for_change(**seen, deadline);
    looked = co_await (*log)->look(Steady::now() + look_patience);
    if (!looked) co_return looked.error();
  }
  const auto masker = (*log)->masker();
  const LogIndex& index = (*log)->index();
  const auto window = window_of(index, *first, limit->value_or(usual_window_lines), *masker);
  if (!window) co_return window.error();
  co_return Reply{200, window_json(index, (*log)->generation(), *window)};
}

Result<std::bitset<log_levels>> levels_query(const Call& call) {
  std::bitset<log_levels> out;
  const auto given = call.query.find("levels");
  if (given == call.query.end()) return out;
  for (std::string_view rest = given->second;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::size_t level = 1;
    while (level < log_levels && to_string(static_cast<LogLevel>(level)) != rest.substr(0, comma)) ++level;
    if (level == log_levels)
      return Error{.code = Errc::bad_request,
                   .message = "'levels' must be some of trace, debug, info, warn, error, fatal, with commas between.",
                   .advice = {},
                   .field = "levels"};
    out.set(level);
    if (comma == rest.size()) return out;
    rest.remove_prefix(comma + 1);
  }
}

struct SearchRequest {
  SearchQuery query;
  std::optional<SearchCursor> cursor;
  std::size_t limit = usual_hits;
};

Result<SearchRequest> search_request_from(const Call& call) {
  if (auto known = only_known_queries(call, {"q", "regex", "ignore_case", "levels", "backwards", "cursor", "limit"});
      !known)
    return known.error();
  SearchRequest out;
  const auto regex = flag_query(call, "regex");
  if (!regex) return regex.error();
  const auto ignore_case = flag_query(call, "ignore_case");
  if (!ignore_case) return ignore_case.error();
  const auto backwards = flag_query(call, "backwards");
  if (!backwards) return backwards.error();
  const auto levels = levels_query(call);
  if (!levels) return levels.error();
  const auto limit = number_query(call, "limit", 1, most_hits);
  if (!limit) return limit.error();
  out.limit = limit->value_or(usual_hits);
  out.query.regex = *regex;
  out.query.ignore_case = *ignore_case;
  out.query.backwards = *backwards;
  out.query.levels = *levels;
  if (const auto pattern = call.query.find("q"); pattern != call.query.end()) out.query.pattern = pattern->second;
  const auto cursor = call.query.find("cursor");
  if (cursor == call.query.end()) return out;
  if (cursor->second.size() <= longest_cursor) out.cursor = cursor_from(cursor->second);
  if (out.cursor) return out;
  return Error{.code = Errc::bad_request,
               .message = "'cursor' must be the 'next' of an earlier reply.",
               .advice = {},
               .field = "cursor"};
}

Result<LogSearch> search_for(KeptLog& log, const Masker& masker, SearchRequest& request) {
  auto search = request.cursor
                    ? LogSearch::resume(log.index(), masker, std::move(request.query), request.cursor->position)
                    : LogSearch::begin(log.index(), masker, std::move(request.query));
  if (search) return search;
  Error error = search.error();
  if (error.field == "pattern") error.field = "q";
  return error;
}

Answer search_log(const Services& services, Call call) {
  auto request = search_request_from(call);
  if (!request) co_return request.error();
  const auto found_log = log_of(services, call);
  if (!found_log) co_return found_log.error();
  const std::shared_ptr<KeptLog> log = *found_log;
  const auto masker = log->masker();
  if (const auto seen = log->index().advance(1); !seen) co_return seen.error();
  const std::string generation = log->generation();
  json::object reply{{"generation", generation}, {"hits", json::array()}, {"found", 0}, {"done_bytes", 0}};
  reply["total_bytes"] = 0;
  if (request->cursor && request->cursor->generation != generation) {
    reply["begun_anew"] = true;
    co_return Reply{200, std::move(reply)};
  }
  const std::size_t limit = request->limit;
  auto search = search_for(*log, *masker, *request);
  if (!search) co_return search.error();
  const TimePoint until = Steady::now() + search_time;
  json::array hits;
  for (;;) {
    const auto step = search->step(512 * 1024, limit - hits.size());
    if (!step) co_return step.error();
    for (const SearchHit& hit : step->hits) hits.push_back(to_json(hit));
    reply["found"] = step->lines_found;
    reply["done_bytes"] = step->done;
    reply["total_bytes"] = step->total;
    if (step->begun_anew) reply["begun_anew"] = true;
    if (step->finished) break;
    if (hits.size() >= limit || Steady::now() >= until) {
      reply["next"] = to_text({.generation = generation, .position = search->position()});
      break;
    }
    co_await io::yield();
  }
  reply["hits"] = std::move(hits);
  co_return Reply{200, std::move(reply)};
}

Answer download_log(const Services& services, Call call) {
  if (auto fine = plain(call); !fine) co_return fine.error();
  const auto log = log_of(services, call);
  if (!log) co_return log.error();
  auto looked = co_await (*log)->look(Steady::now() + look_patience);
  if (!looked) co_return looked.error();
  Reply reply;
  reply.text_type = "text/plain; charset=utf-8";
  reply.file_name = name_of(call) + ".log";  // a connection's name has no other letters than a header may have
  reply.pieces = std::make_unique<LogText>(*log);
  co_return std::move(reply);
}

}  // namespace

void add_log_routes(http::Router& router, const Services& s) {
  router.add("GET", "/api/v1/connections/{name}/log", Access::read, with(s, read_chunk));
  router.add("GET", "/api/v1/connections/{name}/log/lines", Access::read, with(s, read_lines));
  router.add("GET", "/api/v1/connections/{name}/log/search", Access::read, with(s, search_log));
  router.add("GET", "/api/v1/connections/{name}/log/text", Access::read, with(s, download_log));
}

}  // namespace firesteel::api
