// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "firesteel/core/utf8.hpp"

namespace firesteel::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 5> no_width{
    {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef}}};
constexpr std::array<Range, 10> two_wide{{{0x1100, 0x115f},
                                          {0x2e80, 0x303e},
                                          {0x3041, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

/// Takes the first character off `text`; a byte that begins none is taken alone.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (size > text.size()) {
    text.remove_prefix(1);
    return 0xfffd;
  }
  char32_t c = size == 1 ? lead : static_cast<char32_t>(lead & (0x7f >> size));
  for (std::size_t i = 1; i < size; ++i) c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3f);
  text.remove_prefix(size);
  return c;
}

std::size_t width_of(char32_t c) { return contains(no_width, c) ? 0 : contains(two_wide, c) ? 2 : 1; }

std::string_view escape_of(Colour colour) {
  switch (colour) {
    case Colour::green:
      return "\033[32m";
    case Colour::amber:
      return "\033[33m";
    case Colour::red:
      return "\033[31m";
    case Colour::grey:
      return "\033[90m";
    case Colour::bold:
      return "\033[1m";
    case Colour::plain:
      break;
  }
  return "";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += width_of(take(text));
  return width;
}

std::string cut(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  const std::string_view whole = text;
  std::size_t width = 0;
  std::size_t kept = 0;
  while (!text.empty()) {
    width += width_of(take(text));
    if (width + 1 > columns) break;
    kept = whole.size() - text.size();
  }
  return columns == 0 ? std::string() : std::string(whole.substr(0, kept)) + "…";
}

std::string printable(std::string_view bytes) {
  const std::string valid = to_valid_utf8(bytes);
  std::string_view text = valid;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take(text);
    if ((c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f))
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      out += before.substr(0, before.size() - text.size());
  }
  return out;
}

std::string duration_words(std::int64_t ms) {
  const std::int64_t seconds = std::max<std::int64_t>(ms, 0) / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 86'400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} day{}", seconds / 86'400, seconds < 2 * 86'400 ? "" : "s");
}

std::string stopwatch_words(std::int64_t ms) {
  ms = std::max<std::int64_t>(ms, 0);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1000);
}

std::string size_words(std::uint64_t bytes) {
  constexpr std::uint64_t mib = 1024 * 1024;
  if (bytes < 1024) return fmt::format("{} B", bytes);
  if (bytes < mib) return fmt::format("{} KiB", bytes / 1024);
  if (bytes < 1024 * mib) return fmt::format("{} MiB", bytes / mib);
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1024.0 * static_cast<double>(mib)));
}

std::string age_words(std::string_view rfc3339, WallTime now) {
  std::tm utc{};
  const std::string text(rfc3339);
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (!end || (*end != '.' && *end != 'Z')) return {};
  const auto then = std::chrono::system_clock::from_time_t(timegm(&utc));
  return duration_words(std::chrono::duration_cast<std::chrono::milliseconds>(now - then).count());
}

std::string count_words(std::int64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string paint(Colour colour, std::string_view text, bool colours) {
  const std::string_view escape = escape_of(colour);
  if (!colours || escape.empty()) return std::string(text);
  return fmt::format("{}{}\033[0m", escape, text);
}

std::string table(const std::vector<std::vector<Cell>>& rows, bool colours) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    std::size_t blanks = 0;  // owed before the next cell, so that no line ends with any
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].text.empty()) {
        line.append(blanks, ' ');
        line += paint(row[i].colour, row[i].text, colours);
        blanks = 0;
      }
      blanks += widths[i] - display_width(row[i].text) + 2;
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace firesteel::cli
