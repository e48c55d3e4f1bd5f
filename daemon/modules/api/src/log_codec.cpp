// SPDX-License-Identifier: Apache-2.0
#include "log_codec.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <charconv>

#include "firesteel/logs/marked_lines.hpp"

namespace firesteel::api {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_generation = 64;

json::object line_json(std::uint64_t number, LogLevel level, const ShownLine& shown) {
  json::object out{{"number", number},
                   {"level", to_string(level)},
                   {"source", to_string(source_of(shown.text))},
                   {"text", shown.text}};
  if (shown.cut > 0) out["cut"] = shown.cut;
  return out;
}

}  // namespace

json::object to_json(const WindowLine& line) {
  json::object out = line_json(line.number, line.level, line.shown);
  if (!line.finished) out["unfinished"] = true;
  return out;
}

std::size_t utf16_offset(std::string_view text, std::size_t bytes) {
  std::size_t units = 0;
  for (const char c : text.substr(0, bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

json::object to_json(const SearchHit& hit) {
  json::object out = line_json(hit.place.line, line_level(hit.shown.text), hit.shown);
  json::array spans;
  for (const auto& [begin, end] : hit.spans)
    spans.push_back(json::array{utf16_offset(hit.shown.text, begin), utf16_offset(hit.shown.text, end)});
  out["spans"] = std::move(spans);
  return out;
}

json::object to_json(const Suggestion& suggestion) {
  return {{"type", to_string(suggestion.type)},
          {"message", suggestion.message},
          {"line_number", suggestion.line_number},
          {"line", suggestion.line},
          {"count", suggestion.count}};
}

json::object window_json(const LogIndex& index, std::string generation, const LogWindow& window) {
  json::array lines;
  lines.reserve(window.lines.size());
  for (const WindowLine& line : window.lines) lines.push_back(to_json(line));
  json::object dropped{{"bytes", index.dropped().bytes}};
  if (index.dropped().lines) dropped["lines"] = *index.dropped().lines;
  json::object counts;
  const auto by_level = index.counts();
  for (std::size_t level = 0; level < log_levels; ++level)
    counts[to_string(static_cast<LogLevel>(level))] = by_level[level];
  json::object out{
      {"generation", std::move(generation)}, {"lines", std::move(lines)},  {"first_line", index.first_line()},
      {"end_line", index.end_line()},        {"bytes", index.size()},      {"indexed_bytes", index.end_offset()},
      {"dropped", std::move(dropped)},       {"counts", std::move(counts)}};
  if (index.first_error()) out["first_error"] = index.first_error()->line;
  return out;
}

std::string to_text(const SearchCursor& cursor) {
  const SearchPosition& at = cursor.position;
  return fmt::format("{}~{}~{}~{}~{}~{}~{}", cursor.generation, at.end, at.at, at.lines_end.line, at.lines_end.offset,
                     (at.indexed ? 1 : 0) + (at.last_line_done ? 2 : 0), at.shown);
}

std::optional<SearchCursor> cursor_from(std::string_view text) {
  const std::size_t first = text.find('~');
  if (first == text.npos || first == 0 || first > longest_generation) return std::nullopt;
  std::array<std::uint64_t, 6> numbers{};
  const char* at = text.data() + first;
  const char* const end = text.data() + text.size();
  for (std::uint64_t& number : numbers) {
    if (at == end || *at != '~') return std::nullopt;
    const auto [behind, error] = std::from_chars(at + 1, end, number);
    if (error != std::errc()) return std::nullopt;
    at = behind;
  }
  if (at != end || numbers[4] > 3) return std::nullopt;
  return SearchCursor{.generation = std::string(text.substr(0, first)),
                      .position = {.end = numbers[0],
                                   .at = numbers[1],
                                   .lines_end = {numbers[2], numbers[3]},
                                   .indexed = (numbers[4] & 1) != 0,
                                   .last_line_done = (numbers[4] & 2) != 0,
                                   .shown = numbers[5]}};
}

}  // namespace firesteel::api
