// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace firesteel {

/// In the order of their weight; `none`: the line names no level, it belongs to the line before (a stack trace, a
/// plan).
enum class LogLevel : std::uint8_t { none, trace, debug, info, warn, error, fatal };
inline constexpr std::size_t log_levels = 7;

std::string_view to_string(LogLevel level);

/// The level that a line names itself. Known are Spark's console pattern (`25/01/31 12:00:00 WARN Foo: …`), ISO time
/// stamps with the level behind them, lines that begin with a level, JSON lines with `"level":"WARN"`, and Java's
/// `Exception in thread`, which is an error. Looks at the line's first 1024 bytes at most.
LogLevel line_level(std::string_view line);

/// The time stamp that a line begins with (or a JSON line has as "ts" or "@timestamp"): milliseconds since 1970 by the
/// clock that wrote it, which mostly names no time zone; a zone that is named isn't applied.
std::optional<std::int64_t> line_time(std::string_view line);

/// Where the message begins in a line of Spark's console pattern, behind the logger's name and `: `; 0 in others.
std::size_t message_start(std::string_view line);

/// One line as it is shown.
struct ShownLine {
  std::string text;       ///< valid UTF-8 without line end
  std::uint64_t cut = 0;  ///< how many of the line's bytes are not shown
};

/// Raw bytes of a line → what is shown of it: without its CR, what a lone CR has overwritten left out, bytes that
/// aren't UTF-8 as U+FFFD, at most `max_bytes` long (when bytes of it are replaced, three times that).
ShownLine show_line(std::string_view raw, std::size_t max_bytes);

}  // namespace firesteel
