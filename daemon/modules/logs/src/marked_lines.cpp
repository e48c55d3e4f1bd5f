// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/marked_lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel {
namespace {

std::string_view mark_of(LogSource source) {
  switch (source) {
    case LogSource::server:
      return "";
    case LogSource::launch:
      return "[launch] ";
    case LogSource::pre_script:
      break;
  }
  return "[pre_script] ";
}

}  // namespace

Result<void> append_marked_lines(const std::filesystem::path& log, LogSource source, std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.append(mark_of(source)).append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const io::UniqueFd fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  std::string_view left = lines;
  while (fd && !left.empty()) {
    const ssize_t written = ::write(fd.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fd && left.empty()) return {};
  return Error{.message = fmt::format("Can't write the log {}: {}.", log.string(), std::strerror(errno))};
}

}  // namespace firesteel
