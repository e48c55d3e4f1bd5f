// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/marked_lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel {
namespace {

constexpr std::string_view launch_mark = "[firesteel] ";
constexpr std::string_view pre_script_mark = "[pre_script] ";

Error cannot_write(const std::filesystem::path& log) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return {.message = fmt::format("Can't write the log {}: {}.", log.string(), std::strerror(errno)),
          .advice = full ? "Make room on its disk." : ""};
}

}  // namespace

std::string_view to_string(LogSource source) {
  switch (source) {
    case LogSource::launch:
      return "launch";
    case LogSource::pre_script:
      return "pre_script";
    case LogSource::server:
      break;
  }
  return "server";
}

std::string_view mark_of(LogSource source) {
  switch (source) {
    case LogSource::launch:
      return launch_mark;
    case LogSource::pre_script:
      return pre_script_mark;
    case LogSource::server:
      break;
  }
  return {};
}

LogSource source_of(std::string_view line) {
  if (line.empty() || line.front() != '[') return LogSource::server;
  if (line.starts_with(launch_mark)) return LogSource::launch;
  return line.starts_with(pre_script_mark) ? LogSource::pre_script : LogSource::server;
}

std::string_view without_mark(std::string_view line) { return line.substr(mark_of(source_of(line)).size()); }

Result<void> append_marked_lines(const std::filesystem::path& log, LogSource source, std::string_view text) {
  std::string marked;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    marked.append(mark_of(source)).append(text.substr(0, end)).push_back('\n');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (marked.empty()) return {};
  const io::UniqueFd fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return cannot_write(log);
  // One write for all: with O_APPEND nobody else's bytes come in between.
  for (std::string_view rest = marked; !rest.empty();) {
    const ssize_t wrote = ::write(fd.get(), rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return cannot_write(log);
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

}  // namespace firesteel
