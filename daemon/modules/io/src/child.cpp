// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "firesteel/io/proc.hpp"
#include "firesteel/io/waits.hpp"

namespace firesteel::io {

namespace asio = boost::asio;

namespace {

constexpr int extra_descriptor = STDERR_FILENO + 1;
constexpr int pidfd_wait_type = 3;  // P_PIDFD of <linux/wait.h>, which clashes with <sys/wait.h>

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

struct FileActions {
  FileActions() { ::posix_spawn_file_actions_init(&raw); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&raw); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t raw{};
};

struct Attributes {
  Attributes() {
    ::posix_spawnattr_init(&raw);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&raw, &none);
    ::posix_spawnattr_setsigdefault(&raw, &all);
    ::posix_spawnattr_setflags(&raw, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&raw); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t raw{};
};

UniqueFd open_pidfd(int pid) { return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

asio::awaitable<std::string> read_bounded(asio::posix::stream_descriptor& from, std::size_t limit) {
  std::string output;
  char buffer[4096];
  for (;;) {
    boost::system::error_code error;
    const std::size_t got =
        co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return output;
    output.append(buffer, std::min(got, limit - output.size()));
  }
}

asio::awaitable<ProcessOutput> read_to_end(asio::posix::stream_descriptor& from, const Process& process,
                                           std::size_t limit) {
  ProcessOutput out;
  out.output = co_await read_bounded(from, limit);
  out.status = co_await wait_for_exit(process);
  co_return out;
}

}  // namespace

Result<Process> spawn(const SpawnRequest& request) {
  FileActions actions;
  ::posix_spawn_file_actions_addopen(&actions.raw, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions.raw, request.output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions.raw, request.output, STDERR_FILENO);
  const bool has_extra = request.extra >= 0;
  if (has_extra) ::posix_spawn_file_actions_adddup2(&actions.raw, request.extra, extra_descriptor);
  // Asio's sockets are not close-on-exec: without this a server would hold our listeners open.
  ::posix_spawn_file_actions_addclosefrom_np(&actions.raw, has_extra ? extra_descriptor + 1 : extra_descriptor);
  if (!request.cwd.empty()) ::posix_spawn_file_actions_addchdir_np(&actions.raw, request.cwd.c_str());

  const Attributes attributes;
  Process process{.pid = -1, .pidfd = {}, .is_child = true};
  const int error = ::posix_spawnp(&process.pid, request.argv.front().c_str(), &actions.raw, &attributes.raw,
                                   pointers(request.argv).data(), pointers(request.env).data());
  if (error != 0)
    return Error{.code = Errc::internal,
                 .message = fmt::format("Can't start {}: {}.", request.argv.front(), std::strerror(error))};
  process.pidfd = open_pidfd(process.pid);
  if (!process.pidfd) {
    const int reason = errno;
    ::kill(process.pid, SIGKILL);
    ::waitpid(process.pid, nullptr, 0);
    return Error{.code = Errc::internal, .message = fmt::format("Can't watch a process: {}.", std::strerror(reason))};
  }
  return process;
}

Result<Process> open_process(int pid, std::uint64_t ticks) {
  Process process{.pid = pid, .pidfd = open_pidfd(pid), .is_child = false};
  // The descriptor comes first: a pid that is reused between the two looks is then told by its start time.
  if (!process.pidfd || start_ticks(pid) != ticks)
    return Error{.code = Errc::not_found, .message = fmt::format("Process {} has ended.", pid)};
  return process;
}

asio::awaitable<ExitStatus> wait_for_exit(const Process& process) {
  asio::posix::stream_descriptor descriptor(co_await asio::this_coro::executor, ::dup(process.pidfd.get()));
  co_await descriptor.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
  if (!process.is_child) co_return ExitStatus::unknown();
  siginfo_t info{};
  if (::waitid(static_cast<idtype_t>(pidfd_wait_type), static_cast<id_t>(process.pidfd.get()), &info, WEXITED) != 0)
    co_return ExitStatus::unknown();
  co_return ExitStatus::from_siginfo(info.si_code, info.si_status);
}

bool has_ended(const Process& process) {
  pollfd entry{.fd = process.pidfd.get(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, 0) > 0;
}

void signal_process(const Process& process, int signal) {
  ::syscall(SYS_pidfd_send_signal, process.pidfd.get(), signal, nullptr, 0);
}

void kill_group(const Process& process) {
  // While the leader is there, even as a zombie, the group's id can't be anybody else's.
  if (::syscall(SYS_pidfd_send_signal, process.pidfd.get(), SIGKILL, nullptr, 0) == 0) ::kill(-process.pid, SIGKILL);
}

std::size_t signal_marked(std::string_view assignment, int signal) {
  const auto pids = processes_with(assignment);
  for (const int pid : pids) {
    // Between the look and the signal the pid may have passed to another process: hold it, then look again.
    const auto ticks = start_ticks(pid);
    if (!ticks) continue;
    const auto process = open_process(pid, *ticks);
    if (process && carries(pid, assignment)) signal_process(*process, signal);
  }
  return pids.size();
}

asio::awaitable<Result<ProcessOutput>> run(SpawnRequest request, TimePoint deadline, std::size_t limit) {
  using namespace asio::experimental::awaitable_operators;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    co_return Error{.code = Errc::internal, .message = fmt::format("Can't make a pipe: {}.", std::strerror(errno))};
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  request.output = writer.get();
  auto process = spawn(request);
  if (!process) co_return process.error();
  writer = UniqueFd();

  asio::posix::stream_descriptor from(co_await asio::this_coro::executor, reader.release());
  auto outcome = co_await (read_to_end(from, *process, limit) || sleep_until(deadline));
  if (outcome.index() == 0) co_return std::get<0>(std::move(outcome));
  signal_process(*process, SIGKILL);
  co_await wait_for_exit(*process);
  co_return Error{.code = Errc::timed_out,
                  .message = fmt::format("{} did not end in time and was stopped.", request.argv.front())};
}

}  // namespace firesteel::io
