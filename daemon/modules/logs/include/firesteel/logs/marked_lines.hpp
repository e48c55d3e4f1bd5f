// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "firesteel/core/error.hpp"

namespace firesteel {

/// Whose words a line of a log is (`LogLine.source` of api/openapi.yaml).
enum class LogSource { server, launch, pre_script };

/// Appends the lines of `text` to a log, each marked as this source's. The log is made (0600) if it isn't there.
Result<void> append_marked_lines(const std::filesystem::path& log, LogSource source, std::string_view text);

}  // namespace firesteel
