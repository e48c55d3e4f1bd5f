// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "firesteel/core/utf8.hpp"
#include "firesteel/logs/marked_lines.hpp"

namespace firesteel {
namespace {

constexpr std::size_t looked_at = 1024;

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
bool two_digits(const char* at) { return is_digit(at[0]) && is_digit(at[1]); }
int number(const char* at) { return (at[0] - '0') * 10 + (at[1] - '0'); }

/// `hh:mm:ss`
bool is_clock(const char* at) {
  return at[2] == ':' && at[5] == ':' && two_digits(at) && two_digits(at + 3) && two_digits(at + 6);
}

bool is_console_stamp(std::string_view text) {
  const char* at = text.data();
  return text.size() >= 17 && at[2] == '/' && at[5] == '/' && at[8] == ' ' && two_digits(at) && two_digits(at + 3) &&
         two_digits(at + 6) && is_clock(at + 9);
}

bool is_iso_stamp(std::string_view text) {
  const char* at = text.data();
  return text.size() >= 19 && at[4] == '-' && at[7] == '-' && (at[10] == 'T' || at[10] == ' ') && two_digits(at) &&
         two_digits(at + 2) && two_digits(at + 5) && two_digits(at + 8) && is_clock(at + 11);
}

/// Length of the time stamp at the beginning, with its fraction and zone; 0 without one.
std::size_t stamp_size(std::string_view text) {
  if (text.empty() || !is_digit(text[0])) return 0;
  std::size_t at = is_console_stamp(text) ? 17 : is_iso_stamp(text) ? 19 : 0;
  if (at == 0) return 0;
  const auto is_at = [&](std::size_t place, std::string_view any) {
    return place < text.size() && any.find(text[place]) != any.npos;
  };
  if (is_at(at, ".,"))
    for (++at; at < text.size() && is_digit(text[at]);) ++at;
  if (is_at(at, "Z")) return at + 1;
  if (is_at(at, "+-"))
    for (++at; at < text.size() && (is_digit(text[at]) || text[at] == ':');) ++at;
  return at;
}

struct Word {
  LogLevel level = LogLevel::none;
  std::size_t size = 0;
};

/// The level's name at the beginning of `text`, if it ends there, too.
Word level_word(std::string_view text) {
  const auto word = [&](std::string_view name, LogLevel level) {
    if (!text.starts_with(name)) return Word{};
    if (text.size() == name.size()) return Word{level, name.size()};
    const char next = text[name.size()];
    return next == ' ' || next == ':' || next == ']' || next == '\t' || next == '"' ? Word{level, name.size()} : Word{};
  };
  if (text.empty()) return {};
  switch (text[0]) {
    case 'I':
      return word("INFO", LogLevel::info);
    case 'W':
      if (const Word found = word("WARN", LogLevel::warn); found.size > 0) return found;
      return word("WARNING", LogLevel::warn);
    case 'E':
      return word("ERROR", LogLevel::error);
    case 'D':
      return word("DEBUG", LogLevel::debug);
    case 'T':
      return word("TRACE", LogLevel::trace);
    case 'F':
      return word("FATAL", LogLevel::fatal);
    case 'S':
      return word("SEVERE", LogLevel::error);
    default:
      return {};
  }
}

/// The value of a string member of a JSON line, up to wherever; empty without it.
std::string_view json_member(std::string_view line, std::string_view quoted_name) {
  for (std::size_t at = line.find(quoted_name); at != line.npos; at = line.find(quoted_name, at + 1)) {
    std::string_view rest = line.substr(at + quoted_name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.starts_with('"')) return rest.substr(1);
  }
  return {};
}

/// Level behind a time stamp: at once, or after a thread in brackets or another word.
Word level_behind_stamp(std::string_view text, std::size_t& at) {
  for (int words = 0; words < 3; ++words) {
    at = text.find_first_not_of(" \t", at);
    if (at == text.npos) return {};
    const bool bracket = text[at] == '[';
    if (const Word found = level_word(text.substr(at + bracket)); found.size > 0) {
      at += found.size + bracket;
      return found;
    }
    at = text.find_first_of(bracket ? "]" : " \t", at);
    if (at == text.npos) return {};
    if (bracket) ++at;
  }
  return {};
}

std::int64_t milliseconds(int year, int month, int day, const char* clock) {
  using namespace std::chrono;
  const auto date = sys_days(std::chrono::year(year) / month / day);
  const auto time = hours(number(clock)) + minutes(number(clock + 3)) + seconds(number(clock + 6));
  return duration_cast<std::chrono::milliseconds>(date.time_since_epoch() + time).count();
}

std::optional<std::int64_t> stamp_time(std::string_view text) {
  const char* at = text.data();
  const bool console = is_console_stamp(text);
  if (!console && !is_iso_stamp(text)) return std::nullopt;
  const int month = number(at + (console ? 3 : 5)), day = number(at + (console ? 6 : 8));
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  std::int64_t time = console ? milliseconds(2000 + number(at), month, day, at + 9)
                              : milliseconds(number(at) * 100 + number(at + 2), month, day, at + 11);
  std::size_t place = console ? 17 : 19;
  if (place < text.size() && (text[place] == '.' || text[place] == ',')) {
    int weight = 100;
    for (++place; place < text.size() && is_digit(text[place]) && weight > 0; ++place, weight /= 10)
      time += (text[place] - '0') * weight;
  }
  return time;
}

}  // namespace

std::string_view to_string(LogLevel level) {
  constexpr std::array<std::string_view, log_levels> names{"none", "trace", "debug", "info", "warn", "error", "fatal"};
  return names[static_cast<std::size_t>(level)];
}

LogLevel line_level(std::string_view line) {
  line = line.substr(0, looked_at);
  if (line.empty()) return LogLevel::none;
  if (is_digit(line[0])) {
    std::size_t at = stamp_size(line);
    return at == 0 ? LogLevel::none : level_behind_stamp(line, at).level;
  }
  if (line[0] == '{') return level_word(json_member(line, "\"level\"")).level;
  if (line[0] == '[') {
    const std::string_view said = without_mark(line);
    return said.size() < line.size() ? line_level(said) : level_word(line.substr(1)).level;
  }
  if (line.starts_with("Exception in thread ")) return LogLevel::error;
  return level_word(line).level;
}

std::optional<std::int64_t> line_time(std::string_view line) {
  line = line.substr(0, looked_at);
  if (line.empty()) return std::nullopt;
  if (is_digit(line[0])) return stamp_time(line);
  if (line[0] != '{') return std::nullopt;
  const std::string_view ts = json_member(line, "\"ts\"");
  return stamp_time(ts.empty() ? json_member(line, "\"@timestamp\"") : ts);
}

std::size_t message_start(std::string_view line) {
  line = line.substr(0, looked_at);
  std::size_t at = stamp_size(line);
  if (at == 0 || level_behind_stamp(line, at).size == 0) return 0;
  // The logger's name is one word.
  const std::size_t name = line.find_first_not_of(' ', at);
  const std::size_t end = name == line.npos ? name : line.find(' ', name);
  return end != line.npos && line[end - 1] == ':' ? end + 1 : 0;
}

ShownLine show_line(std::string_view raw, std::size_t max_bytes) {
  while (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
  if (const std::size_t cr = raw.rfind('\r'); cr != raw.npos) raw.remove_prefix(cr + 1);
  const std::string_view shown = cut_utf8(raw, max_bytes);
  return {.text = to_valid_utf8(shown), .cut = raw.size() - shown.size()};
}

}  // namespace firesteel
