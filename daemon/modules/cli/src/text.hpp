// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/time.hpp"

namespace firesteel::cli {

/// Columns that UTF-8 text takes on a terminal: 0 for combining marks, 2 for wide letters and emoji.
std::size_t display_width(std::string_view text);

/// At most `columns` wide; what was cut ends with "…".
std::string cut(std::string_view text, std::size_t columns);

/// Without anything that could move the cursor or change colours: control characters become "\xNN" (tabs stay), what
/// isn't UTF-8 becomes U+FFFD.
std::string printable(std::string_view bytes);

/// Milliseconds in words: "3 s", "4 min", "2 h", "3 days".
std::string duration_words(std::int64_t ms);
/// Milliseconds as a stop-watch shows them: "2.1 s", "1 min 5 s".
std::string stopwatch_words(std::int64_t ms);
/// Bytes in words: "12 B", "3 KiB", "512 MiB", "1.5 GiB".
std::string size_words(std::uint64_t bytes);

/// How long ago a time as the API writes it was, in words; empty for what is no such time.
std::string age_words(std::string_view rfc3339, WallTime now);
/// "1 row", "2 rows".
std::string count_words(std::int64_t count, std::string_view one);

enum class Colour { plain, green, amber, red, grey, bold };

std::string paint(Colour colour, std::string_view text, bool colours);

struct Cell {
  std::string text{};
  Colour colour = Colour::plain;
};

/// Rows with columns as wide as their widest cell, two blanks between them; the first row is the heading.
std::string table(const std::vector<std::vector<Cell>>& rows, bool colours);

}  // namespace firesteel::cli
