// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace firesteel::cli {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // somebody made the terminal non-blocking
      pollfd ready{fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool has_colours(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(fd) == 1 && (!no_colour || !*no_colour) && !(term && std::string_view(term) == "dumb");
}

}  // namespace

bool StandardConsole::out(std::string_view text) { return write_all(STDOUT_FILENO, text); }
void StandardConsole::err(std::string_view text) { write_all(STDERR_FILENO, text); }
bool StandardConsole::out_is_terminal() const { return isatty(STDOUT_FILENO) == 1; }
bool StandardConsole::err_is_terminal() const { return isatty(STDERR_FILENO) == 1; }
bool StandardConsole::out_has_colours() const { return has_colours(STDOUT_FILENO); }
bool StandardConsole::err_has_colours() const { return has_colours(STDERR_FILENO); }

std::size_t StandardConsole::err_width() const {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace firesteel::cli
