// SPDX-License-Identifier: Apache-2.0
#include "pre_script.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>

#include "firesteel/core/utf8.hpp"
#include "firesteel/io/child.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/logs/marked_lines.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr auto patience_after_kill = std::chrono::seconds(5);

/// What bash is told; the script is $0. Descriptor 3 is one end of a socket whose other end the daemon holds: a process
/// beside the script kills all of them when that is closed without a word, and the environment goes there at the end.
/// The script itself doesn't have it. Names of our own begin with FIRESTEEL_, which is scrubbed.
constexpr const char* wrapper = R"bash(
( { builtin read -r -u 3 || builtin kill -KILL 0; } </dev/null >/dev/null 2>&1 & )
. "$0" 3>&-
FIRESTEEL_STATUS=$?
if [[ $FIRESTEEL_STATUS != 0 ]]; then builtin exit "$FIRESTEEL_STATUS"; fi
builtin set +eux
IFS=$' \t\n'
for FIRESTEEL_NAME in $(builtin compgen -e); do
  builtin printf '%s=%s\0' "$FIRESTEEL_NAME" "${!FIRESTEEL_NAME}" >&3
done
builtin printf '\0' >&3
)bash";

/// What bash would read or turn into functions before the script: the daemon's environment is no place for it.
bool is_for_bash(std::string_view name) {
  static constexpr std::array names{"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "POSIXLY_CORRECT", "CDPATH"};
  return name.starts_with("BASH_FUNC_") || std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> environment_of(const PreScript& script) {
  std::vector<std::string> out;
  for (const auto& [name, value] : scrubbed(script.base))
    if (!is_for_bash(name)) out.push_back(name + "=" + value);
  out.push_back(fmt::format("{}={}", server_id_variable, script.server.str()));
  return out;
}

/// What the script says: into the log, line by line, and the last lines for the failure.
class Words {
 public:
  explicit Words(std::filesystem::path log) : log_(std::move(log)) {}

  void hear(std::string_view text) {
    if (heard_ >= max_pre_script_bytes) return;
    const std::string_view kept = text.substr(0, max_pre_script_bytes - heard_);
    heard_ += kept.size();
    open_.append(kept);
    std::size_t end = open_.rfind('\n');
    if (end == std::string::npos && open_.size() > longest_line) end = open_.size() - 1;
    if (end != std::string::npos) write(end + 1);
    if (heard_ >= max_pre_script_bytes) {
      finish();
      open_ = fmt::format("It says more than {} KiB; the rest is not kept.", max_pre_script_bytes / 1024);
      finish();
    }
  }

  void finish() { write(open_.size()); }

  std::vector<std::string> last_lines() const { return {last_.begin(), last_.end()}; }

 private:
  void write(std::size_t count) {
    if (count == 0) return;
    const std::string text = open_.substr(0, count);
    open_.erase(0, count);
    if (auto written = append_marked_lines(log_, LogSource::pre_script, text); !written && !is_told_) {
      spdlog::error("{}", written.error().message);
      is_told_ = true;
    }
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      last_.push_back(
          masker_.apply(to_valid_utf8(std::string_view(text).substr(at, std::min<std::size_t>(end - at, 1000)))));
      if (last_.size() > max_log_tail) last_.pop_front();
      at = end + 1;
    }
  }

  const std::filesystem::path log_;
  const Masker masker_;
  std::string open_;
  std::size_t heard_ = 0;
  std::deque<std::string> last_;
  bool is_told_ = false;
};

/// Reads until cancelled: an end is nothing to end for, the process may still run.
asio::awaitable<void> read_words(stream_descriptor& from, Words& words) {
  std::array<char, 8192> buffer;
  for (boost::system::error_code error; !error;) {
    const std::size_t got =
        co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    words.hear({buffer.data(), got});
  }
  co_await io::sleep_until(TimePoint::max());
}

asio::awaitable<void> read_report(stream_descriptor& from, std::string& report) {
  std::array<char, 8192> buffer;
  for (boost::system::error_code error; !error;) {
    const std::size_t got =
        co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    report.append(buffer.data(), std::min(got, max_pre_script_bytes + 1 - report.size()));
  }
  co_await io::sleep_until(TimePoint::max());
}

/// What is there already, without waiting.
template <class Take>
void drain(stream_descriptor& from, const Take& take) {
  std::array<char, 8192> buffer;
  const int fd = from.native_handle();
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
    take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
}

/// "NAME=value\0…\0\0"; nothing when it doesn't end so.
std::optional<Variables> variables_from(std::string_view report) {
  if (report.empty() || report.back() != '\0') return std::nullopt;
  Variables out;
  while (!report.empty()) {
    const std::size_t end = report.find('\0');
    const std::string_view entry = report.substr(0, end);
    report.remove_prefix(end + 1);
    if (entry.empty()) return report.empty() ? std::optional(std::move(out)) : std::nullopt;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return std::nullopt;
}

Failure failed(const PreScript& script, const Words& words, std::string_view what, std::string advice = {}) {
  return {.reason = FailureReason::pre_script,
          .message = fmt::format("The script of the cluster '{}' {}.", script.cluster, what),
          .advice = advice.empty() ? "It is whoever runs this Jupyter who wrote it (pre_script in the catalogue); the "
                                     "log shows what it said."
                                   : std::move(advice),
          .log_tail = words.last_lines()};
}

Outcome<Variables> outcome(const PreScript& script, const Words& words, const ExitStatus& status,
                           const std::string& report) {
  if (status != ExitStatus::code(0)) {
    Failure out = failed(script, words, fmt::format("failed: {}", to_string(status)));
    if (status.kind == ExitStatus::Kind::code) out.exit_code = status.value;
    if (status.kind == ExitStatus::Kind::signal) out.signal = signal_name(status.value);
    return out;
  }
  if (report.size() > max_pre_script_bytes)
    return failed(script, words, fmt::format("exports more than {} KiB of variables", max_pre_script_bytes / 1024));
  auto variables = variables_from(report);
  if (!variables)
    return failed(script, words, "ended before its environment could be read",
                  "Perhaps it calls `exit` or `exec`: leave that out, or write `return`.");
  for (const char* own : {"_", "SHLVL", "BASH_ENV", "SHELLOPTS", "BASHOPTS"}) variables->erase(own);
  return scrubbed(*variables);
}

struct Ends {
  io::UniqueFd ours;
  io::UniqueFd theirs;
};

Result<Ends> connected(bool both_ways) {
  int ends[2];
  const int failed = both_ways ? ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) : ::pipe2(ends, O_CLOEXEC);
  if (failed != 0) return Error{.message = fmt::format("Can't make a pipe: {}.", std::strerror(errno))};
  return Ends{io::UniqueFd(ends[0]), io::UniqueFd(ends[1])};
}

asio::awaitable<void> end_group(const io::Process& process) {
  using namespace asio::experimental::awaitable_operators;
  io::kill_group(process);
  co_await (io::wait_for_exit(process) || io::sleep_for(patience_after_kill));
}

asio::awaitable<Outcome<Variables>> run(const PreScript& script, const std::string& file) {
  using namespace asio::experimental::awaitable_operators;
  Words words(script.log);
  auto said = connected(false);
  auto told = connected(true);
  if (!said) co_return failed(script, words, "could not be run: " + said.error().message);
  if (!told) co_return failed(script, words, "could not be run: " + told.error().message);
  const io::SpawnRequest request{.argv = {"/bin/bash", "--noprofile", "--norc", "-c", wrapper, file},
                                 .env = environment_of(script),
                                 .cwd = "/",
                                 .output = said->theirs.get(),
                                 .extra = told->theirs.get()};
  auto process = io::spawn(request);
  if (!process) co_return failed(script, words, "could not be run: " + process.error().message);
  said->theirs = io::UniqueFd();
  told->theirs = io::UniqueFd();

  const auto executor = co_await asio::this_coro::executor;
  stream_descriptor output(executor, said->ours.release());
  stream_descriptor socket(executor, told->ours.release());
  std::string report;
  std::optional<ExitStatus> status;
  bool is_cancelled = false;
  try {
    auto first = co_await (io::wait_for_exit(*process) || read_words(output, words) || read_report(socket, report) ||
                           io::sleep_until(Steady::now() + script.patience));
    if (first.index() == 0) status = std::get<0>(first);
  } catch (const boost::system::system_error&) {
    is_cancelled = true;
  }
  if (!status) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await end_group(*process);
  }
  drain(output, [&](std::string_view text) { words.hear(text); });
  words.finish();
  if (is_cancelled) throw boost::system::system_error(asio::error::operation_aborted);
  if (!status)
    co_return failed(
        script, words,
        fmt::format("did not end within {} s and was stopped", std::chrono::duration<double>(script.patience).count()),
        "The log shows what it said. Whoever runs this Jupyter can give it more time: pre_script_timeout in the "
        "catalogue.");
  drain(socket,
        [&](std::string_view text) { report.append(text.substr(0, max_pre_script_bytes + 1 - report.size())); });
  auto out = outcome(script, words, *status, report);
  // A word: the process beside the script ends, and what the script left in the background goes on.
  if (out) {
    const ssize_t written = ::send(socket.native_handle(), "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written != 1) spdlog::warn("the script of the cluster '{}': its background can't be told", script.cluster);
  }
  co_return out;
}

}  // namespace

asio::awaitable<Outcome<Variables>> run_pre_script(PreScript script) {
  const std::string file = script.directory + "/pre_script.sh";
  const auto written = io::write_atomically(file, script.script, 0600);
  if (!written)
    co_return Failure{
        .reason = FailureReason::pre_script, .message = written.error().message, .advice = written.error().advice};
  // The file goes whatever happens, also when this coroutine is cancelled.
  struct Removal {
    std::string file;
    ~Removal() { ::unlink(file.c_str()); }
  };
  const Removal removal{file};
  auto out = co_await run(script, file);
  co_return out;
}

}  // namespace firesteel
