// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "firesteel/core/error.hpp"

namespace firesteel {

/// Who wrote a line of a connection's log: the server itself, the daemon on its start, or the administrator's script
/// before it. All are in one file, in the order in which they were said.
enum class LogSource : std::uint8_t { server, launch, pre_script };

/// As in the API: "server", "launch", "pre_script".
std::string_view to_string(LogSource source);

/// What each line of that source begins with, e.g. "[firesteel] "; empty for the server's own.
std::string_view mark_of(LogSource source);

/// By the line's mark. A server that prints such a mark itself is believed: it is the user's own program.
LogSource source_of(std::string_view line);

/// Whose log line it is, without the mark.
std::string_view without_mark(std::string_view line);

/// Appends each line of `text` with the source's mark to the log, which is made (mode 0600) if it isn't there. What a
/// server writes at the same time stays in lines of its own. An empty text appends nothing; secrets are the caller's
/// business.
Result<void> append_marked_lines(const std::filesystem::path& log, LogSource source, std::string_view text);

}  // namespace firesteel
