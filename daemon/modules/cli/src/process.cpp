// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "firesteel/core/time.hpp"

namespace firesteel::cli {
namespace {

constexpr std::size_t errors_limit = 16 * 1024;

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { close(); }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read_end;
  Fd write_end;

  int open() {
    std::array<int, 2> fds{};
    if (pipe2(fds.data(), O_CLOEXEC) != 0) return errno;
    read_end = Fd(fds[0]);
    write_end = Fd(fds[1]);
    return 0;
  }
};

struct SpawnSettings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  SpawnSettings() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

int spawn(pid_t& pid, const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment,
          const Pipe& out, const Pipe& err) {
  SpawnSettings settings;
  posix_spawn_file_actions_addopen(&settings.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&settings.files, out.write_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.files, err.write_end.get(), STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&settings.files, "/");
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> arguments;
  std::vector<char*> pointers;
  for (const std::string& text : argv) arguments.push_back(const_cast<char*>(text.c_str()));
  for (const std::string& text : variables) pointers.push_back(const_cast<char*>(text.c_str()));
  arguments.push_back(nullptr);
  pointers.push_back(nullptr);
  return posix_spawn(&pid, argv.front().c_str(), &settings.files, &settings.attributes, arguments.data(),
                     pointers.data());
}

/// Reads what is there; what goes past the limit is dropped. False at the end.
bool drain(int fd, std::string& into, std::size_t limit) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = read(fd, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - std::min(limit, into.size())));
  return got > 0;
}

/// Until both ends are closed; false past the deadline.
bool read_both(Pipe& out, Pipe& err, Finished& finished, std::size_t limit, TimePoint deadline) {
  std::array<pollfd, 2> polled{{{out.read_end.get(), POLLIN, 0}, {err.read_end.get(), POLLIN, 0}}};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) return false;
    const int ready = poll(polled.data(), polled.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    if (polled[0].revents && !drain(polled[0].fd, finished.output, limit)) polled[0].fd = -1;
    if (polled[1].revents && !drain(polled[1].fd, finished.errors, errors_limit)) polled[1].fd = -1;
  }
  return true;
}

/// The process has closed its output and is about to end; kills it at the deadline. Its wait status.
int reap(pid_t pid, bool& timed_out, TimePoint deadline) {
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(pid, &status, timed_out ? 0 : WNOHANG);
    if (ended == pid || (ended < 0 && errno != EINTR)) return status;
    if (timed_out) continue;
    if (Steady::now() >= deadline) {
      timed_out = true;
      kill(-pid, SIGKILL);
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
}

}  // namespace

std::string Finished::words() const {
  switch (how) {
    case How::exited:
      return fmt::format("exit code {}", code);
    case How::signalled:
      return fmt::format("signal {}", code);
    case How::not_started:
      return std::strerror(code);
    case How::timed_out:
      break;
  }
  return "no answer in time";
}

Finished run_and_read(const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment,
                      std::chrono::milliseconds timeout, std::size_t limit) {
  Finished finished;
  const TimePoint deadline = Steady::now() + timeout;
  Pipe out;
  Pipe err;
  pid_t pid = -1;
  if ((finished.code = out.open()) != 0 || (finished.code = err.open()) != 0 ||
      (finished.code = spawn(pid, argv, environment, out, err)) != 0)
    return finished;
  out.write_end.close();
  err.write_end.close();
  bool timed_out = !read_both(out, err, finished, limit, deadline);
  if (timed_out) kill(-pid, SIGKILL);
  const int status = reap(pid, timed_out, deadline);
  finished.how = timed_out             ? Finished::How::timed_out
                 : WIFSIGNALED(status) ? Finished::How::signalled
                                       : Finished::How::exited;
  finished.code = timed_out ? 0 : WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return finished;
}

}  // namespace firesteel::cli
