// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/log_search.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel::api {

/// The schemas of api/openapi.yaml: LogLine, LogHit, Suggestion.
boost::json::object to_json(const WindowLine& line);
boost::json::object to_json(const SearchHit& hit);
boost::json::object to_json(const Suggestion& suggestion);
/// LogWindow, of an index that knows what it knows by now.
boost::json::object window_json(const LogIndex& index, std::string generation, const LogWindow& window);

/// A search's place between two requests: which log, and where in it.
struct SearchCursor {
  std::string generation;
  SearchPosition position;
};
std::string to_text(const SearchCursor& cursor);
/// Nothing when it is none of ours.
std::optional<SearchCursor> cursor_from(std::string_view text);

/// Byte offset in valid UTF-8 → offset in UTF-16.
std::size_t utf16_offset(std::string_view text, std::size_t bytes);

}  // namespace firesteel::api
