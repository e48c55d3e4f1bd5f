// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <vector>

#include "daemon.hpp"
#include "daemon_client.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/io/child.hpp"
#include "firesteel/io/files.hpp"
#include "gateway_program.hpp"

namespace firesteel {

using namespace std::chrono_literals;

namespace {

constexpr auto answer_patience = 5s;  // for a daemon that listens but is busy
constexpr auto start_again_pause = 50ms;

std::vector<std::string> own_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) out.emplace_back(*entry);
  return out;
}

/// Whether `left` is an older version than `right`: numbers between dots, one by one.
bool is_older(std::string_view left, std::string_view right) {
  const auto number = [](std::string_view& text) {
    long value = 0;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) value = value * 10 + (text[at] - '0');
    text.remove_prefix(std::min(at + 1, text.size()));
    return value;
  };
  while (!left.empty() || !right.empty()) {
    const long a = number(left);
    const long b = number(right);
    if (a != b) return a < b;
  }
  return false;
}

/// What a daemon that could not start has said last.
std::string last_words(const std::filesystem::path& file) {
  auto text = io::read_file(file, 64 * 1024);
  if (!text) return {};
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return text->substr(text->rfind('\n') + 1);
}

}  // namespace

ProgramHost::ProgramHost() : directories_(io::find_directories(io::get_env)) {}

Result<cli::Paths> ProgramHost::paths() {
  return cli::Paths{directories_.runtime, directories_.state, directories_.api_socket(), directories_.kernel_socket()};
}

int ProgramHost::run_daemon(const cli::DaemonOptions& options) {
  return firesteel::run_daemon(directories_, options.idle_timeout);
}

int ProgramHost::run_gateway(const cli::GatewayOptions& options) { return run_gateway_program(options); }

Result<void> ProgramHost::ensure_daemon(const cli::DaemonOptions& options, TimePoint deadline) {
  // Before anything is said to whoever listens there: in a shared directory somebody else may have been first.
  if (auto made = io::ensure_private_directory(directories_.runtime); !made) return made;
  if (auto daemon = DaemonClient::connect(directories_.api_socket())) {
    const auto found = daemon->version(std::min(deadline, Steady::now() + answer_patience));
    if (!found)
      return Error{
          .code = Errc::timed_out,
          .message = fmt::format("A daemon listens on {} but does not answer.", directories_.api_socket().string()),
          .advice = "Wait a moment; if it goes on, end the process `firesteel daemon` and try again."};
    if (!is_older(*found, version())) return {};
    // Its servers run on, and the newer daemon adopts them.
    daemon->shut_down(deadline);
    daemon->wait_for_close(deadline);
  }
  return start_daemon(options, deadline);
}

Result<void> ProgramHost::start_daemon(const cli::DaemonOptions& options, TimePoint deadline) {
  const auto words = directories_.runtime / "daemon.err";
  const io::UniqueFd output(::open(words.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!output) return Error{.message = fmt::format("Can't write {}.", words.string())};

  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return Error{.message = fmt::format("Can't find this program: {}.", error.message())};
  std::vector<std::string> argv{self.string(), "daemon"};
  if (options.idle_timeout) argv.push_back(fmt::format("--idle-timeout={}", options.idle_timeout->count()));
  const io::SpawnRequest request{.argv = argv, .env = own_environment(), .cwd = "/", .output = output.get()};
  auto daemon = io::spawn(request);
  if (!daemon) return daemon.error();
  for (; Steady::now() < deadline; std::this_thread::sleep_for(2ms)) {
    // Ours, or one that somebody else has started at the same moment.
    if (DaemonClient::connect(directories_.api_socket())) return {};
    if (!io::has_ended(*daemon)) continue;
    if (!last_words(words).starts_with(already_serves))
      return Error{.message = fmt::format("The daemon did not start: {}", last_words(words)),
                   .advice = "`firesteel doctor` looks for what is missing."};
    // The other one is about to listen, or about to end: its sockets go before its lock does.
    std::this_thread::sleep_for(start_again_pause);
    daemon = io::spawn(request);
    if (!daemon) return daemon.error();
  }
  return Error{.code = Errc::timed_out, .message = "The daemon did not answer in time."};
}

int ProgramHost::attach(const cli::DaemonOptions& options) {
  // When the Jupyter server goes, however it goes, its keeper goes.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // The daemons started here are our children, and nobody asks how they ended.
  std::signal(SIGCHLD, SIG_IGN);
  for (auto pause = 100ms;;) {
    const auto daemon = ensure_daemon(options, Steady::now() + 20s);
    auto connection = daemon ? DaemonClient::connect(directories_.api_socket()) : std::nullopt;
    if (connection && connection->version(Steady::now() + answer_patience)) {
      pause = 100ms;
      connection->wait_for_close(TimePoint::max());
      continue;
    }
    if (!daemon) fmt::print(stderr, "firesteel: {} {}\n", daemon.error().message, daemon.error().advice);
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::milliseconds>(pause * 2, 5s);
  }
}

}  // namespace firesteel
