// SPDX-License-Identifier: Apache-2.0
#include "daemon.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <set>

#include "destinations.hpp"
#include "firesteel/api/presets.hpp"
#include "firesteel/api/routes.hpp"
#include "firesteel/api/secret_options.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/gateway/gateway.hpp"
#include "firesteel/http/listener.hpp"
#include "firesteel/io/eager_loop.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/io/waits.hpp"
#include "firesteel/logs/log_keeper.hpp"
#include "firesteel/sparkui/analysis_stopper.hpp"
#include "firesteel/sparkui/spark_ui.hpp"
#include "firesteel/supervisor/event_logs.hpp"
#include "memory.hpp"

namespace firesteel {

namespace asio = boost::asio;

namespace {

constexpr std::size_t log_bytes = 4 * 1024 * 1024;
constexpr std::size_t log_files = 2;
constexpr std::uint64_t most_log_mib = 1ULL << 40;
constexpr auto idle_look_interval = std::chrono::seconds(1);
constexpr auto history_answer_patience = std::chrono::seconds(10);

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

std::string home_directory() {
  const std::string home = io::get_env("HOME");
  return !home.empty() && ::access(home.c_str(), X_OK) == 0 ? home : "/";
}

asio::awaitable<bool> knows_application(HistoryAccess access, std::string application) {
  const sparkui::SparkUi ui({.port = access.port, .key = std::move(access.key)});
  co_return co_await ui.knows(std::move(application), Steady::now() + history_answer_patience);
}

/// A limit in bytes from a variable that has it in MiB; 0: none.
std::uint64_t limit_from(const char* variable, std::uint64_t usual) {
  const std::string text = io::get_env(variable);
  if (text.empty()) return usual;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value <= most_log_mib) return value << 20;
  spdlog::error("{} must be a whole number (of MiB; 0: no limit); it is taken as {}.", variable, usual >> 20);
  return usual;
}

/// All the parts of a daemon, wired. Members are destroyed in reverse: what uses goes before what is used.
class Daemon {
 public:
  Daemon(const io::Directories& directories, std::chrono::seconds idle_timeout)
      : directories_(directories), idle_timeout_(idle_timeout) {}

  Result<void> prepare();
  void run();

 private:
  asio::awaitable<void> live();
  asio::awaitable<void> wait_for_signal();
  asio::awaitable<void> wait_until_idle();
  Result<std::unique_ptr<http::Listener>> listen(const std::filesystem::path& socket, const http::Router& router);
  void server_ended(const ServerId& server) {
    // First the list: then it isn't the gateway's refusal that ends operations.
    activity_.server_ended(server, clock_.now(), destinations_.fate(server).value_or(""));
    gateway_.server_ended(server);
  }
  std::optional<sparkui::UiAddress> spark_ui_of(const ServerId& server) const;
  void changed(const Connection* connection);
  void finish() {
    finishing_ = true;
    finish_.announce();
  }

  const io::Directories directories_;
  const std::chrono::seconds idle_timeout_;
  const SystemClock clock_;
  asio::io_context loop_{1};
  catalogue::Holder catalog_{
      [at = catalogue::find_locations(io::get_env, directories_.state)] { return catalogue::sources_at(at); },
      {.env = io::get_env, .check_option = refusal_in_catalogue}};
  Connections connections_;
  Supervisor supervisor_{
      loop_.get_executor(),
      connections_,
      catalog_,
      clock_,
      {.directories = directories_, .environment = own_environment(), .working_directory = home_directory()}};
  HistoryReaders history_{loop_.get_executor(),
                          clock_,
                          {.directories = directories_, .environment = own_environment(), .knows = knows_application}};
  LogKeeper logs_{loop_.get_executor(),
                  connections_,
                  clock_,
                  {.file = [this](const ConnectionId& id) { return supervisor_.log_file(id); },
                   .secrets = [this](const Connection& connection) { return supervisor_.secrets(connection); },
                   .limit = limit_from("FIRESTEEL_LOG_LIMIT_MIB", LogKeeper::usual_limit)}};
  EventLogs event_logs_{loop_.get_executor(),
                        connections_,
                        {.directory = directories_.state / "events",
                         .limits = {.bytes = limit_from("FIRESTEEL_EVENTS_LIMIT_MIB", EventLogs::usual_limit),
                                    .applications = EventLogs::most_applications}}};
  catalogue::Holder::Subscription on_catalogue_ =
      catalog_.watch([this] { logs_.set_suggestions(catalog_.error_suggestions()); });
  Activity activity_;
  ServerDestinations destinations_{connections_,
                                   supervisor_,
                                   {.on_end = [this](const ServerId& server) { server_ended(server); },
                                    .on_removed =
                                        [this](const ConnectionId& id) {
                                          activity_.forget(id);
                                          history_.close(id);
                                        }}};
  gateway::Gateway gateway_{loop_.get_executor(),
                            destinations_,
                            activity_,
                            clock_,
                            {.socket = directories_.gateway_socket(), .record = directories_.endpoint_record()}};
  sparkui::AnalysisStopper analyses_{loop_.get_executor(), activity_, clock_,
                                     [this](const ServerId& server) { return spark_ui_of(server); }};
  /// Servers that an earlier daemon had begun, until they answer.
  std::set<ServerId> adopted_;
  Connections::Subscription on_change_ =
      connections_.watch([this](std::string_view, const Connection* connection) { changed(connection); });
  const api::SecretOptions secrets_{api::stand_in_key(directories_.state / "secret-options.key")};
  api::EventHub events_{connections_, activity_, catalog_, secrets_, clock_, [this] { return gateway_.endpoint(); }};
  api::Presets presets_{directories_.state / "presets.json"};
  const api::Services services_{.connections = connections_,
                                .catalog = catalog_,
                                .clock = clock_,
                                .activity = activity_,
                                .supervisor = supervisor_,
                                .history = history_,
                                .logs = logs_,
                                .gateway = gateway_,
                                .events = events_,
                                .presets = presets_,
                                .secrets = secrets_,
                                .directories = directories_,
                                .started = clock_.now(),
                                .started_at = clock_.wall(),
                                .shut_down = [this] { finish(); },
                                .somebody_asked = [this] { last_asked_ = clock_.now(); }};
  http::Router api_router_;
  http::Router kernel_router_;
  std::unique_ptr<http::Listener> api_listener_;
  std::unique_ptr<http::Listener> kernel_listener_;
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  io::Notice finish_;
  bool finishing_ = false;
  TimePoint last_asked_ = clock_.now();
};

Result<std::unique_ptr<http::Listener>> Daemon::listen(const std::filesystem::path& socket,
                                                       const http::Router& router) {
  auto listener = http::Listener::bind(loop_.get_executor(), socket, router);
  if (!listener) return listener.error();
  return std::make_unique<http::Listener>(std::move(*listener));
}

Result<void> Daemon::prepare() {
  api::add_api_routes(api_router_, services_);
  api::add_kernel_routes(kernel_router_, services_);
  logs_.set_suggestions(catalog_.error_suggestions());
  // First the servers, then the doors: whoever asks finds everything in its place.
  if (auto adopted = supervisor_.adopt(); !adopted) return adopted;
  for (const auto& connection : connections_.all()) {
    if (is_live(connection->state)) adopted_.insert(connection->server_id);
    changed(connection.get());
  }
  if (auto open = gateway_.open(); !open) return open;
  auto kernel = listen(directories_.kernel_socket(), kernel_router_);
  if (!kernel) return kernel.error();
  kernel_listener_ = std::move(*kernel);
  auto api = listen(directories_.api_socket(), api_router_);
  if (!api) return api.error();
  api_listener_ = std::move(*api);
  return {};
}

/// What the analyses were doing that an earlier daemon was asked for has nobody any more who waits for it.
void Daemon::changed(const Connection* connection) {
  if (connection && connection->state == ConnectionState::ready && adopted_.erase(connection->server_id) > 0)
    analyses_.look_through(connection->server_id, connection->id);
}

std::optional<sparkui::UiAddress> Daemon::spark_ui_of(const ServerId& server) const {
  for (const auto& connection : connections_.all()) {
    if (connection->server_id != server) continue;
    auto access = supervisor_.access(*connection);
    if (access && access->ui_port != 0) return sparkui::UiAddress{access->ui_port, std::move(access->ui_key)};
  }
  return std::nullopt;
}

void Daemon::run() {
  asio::co_spawn(loop_, live(), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
  io::run_eagerly(loop_, {.stays_awake = [this] { return gateway_.is_small_talk(); },
                          .lets_others_go_first = [this] { return gateway_.is_crowd(); }});
}

asio::awaitable<void> Daemon::live() {
  io::Scope scope(loop_.get_executor());
  scope.spawn("api listener", api_listener_->run());
  scope.spawn("kernel listener", kernel_listener_->run());
  scope.spawn("gateway", gateway_.run());
  scope.spawn("analyses", analyses_.run());
  scope.spawn("event logs", event_logs_.run());
  scope.spawn("history servers", history_.run());
  scope.spawn("catalogue", catalog_.run());
  scope.spawn("signals", wait_for_signal());
  scope.spawn("idle watch", wait_until_idle());
  spdlog::info("firesteel {} serves {} (process {})", version(), directories_.runtime.string(), ::getpid());
  while (!finishing_) co_await finish_.wait(TimePoint::max());

  // Replies that are on their way leave; then the doors close, and the next daemon may open them.
  co_await io::sleep_for(std::chrono::milliseconds(20));
  ::unlink(directories_.api_socket().c_str());
  ::unlink(directories_.kernel_socket().c_str());
  ::unlink(directories_.gateway_socket().c_str());
  scope.cancel();
  co_await scope.join();
  co_await history_.shut_down();
  co_await logs_.shut_down();
  co_await supervisor_.shut_down();
  spdlog::info("firesteel ends; {} connections are left to the next daemon", connections_.all().size());
}

asio::awaitable<void> Daemon::wait_for_signal() {
  const int signal = co_await signals_.async_wait(asio::use_awaitable);
  spdlog::info("asked to end by {}", ::sigabbrev_np(signal));
  finish();
}

asio::awaitable<void> Daemon::wait_until_idle() {
  for (;;) {
    co_await io::sleep_for(idle_look_interval);
    const auto& all = connections_.all();
    const bool used = events_.viewers() > 0 ||
                      std::any_of(all.begin(), all.end(), [](const auto& each) { return is_live(each->state); });
    if (used) last_asked_ = clock_.now();
    if (idle_timeout_.count() == 0 || clock_.now() - last_asked_ < idle_timeout_) continue;
    spdlog::info("nobody needs this daemon since {} s", idle_timeout_.count());
    finish();
    co_return;
  }
}

void log_to(const std::filesystem::path& file) {
  auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(file.string(), log_bytes, log_files);
  auto logger = std::make_shared<spdlog::logger>("firesteel", std::move(sink));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

int give_up(const Error& error) {
  fmt::print(stderr, "{}{}{}\n", error.message, error.advice.empty() ? "" : " ", error.advice);
  spdlog::error("{} {}", error.message, error.advice);
  return 1;
}

}  // namespace

int run_daemon(const io::Directories& directories, std::optional<std::chrono::seconds> idle_timeout) {
  ::umask(0077);
  keep_memory_small();
  if (auto made = io::ensure_private_directory(directories.runtime); !made) return give_up(made.error());
  if (auto made = io::ensure_private_directory(directories.state); !made) return give_up(made.error());
  const auto lock = io::lock_file(directories.lock());
  if (!lock && lock.error().code == Errc::wrong_state) {
    fmt::print(stderr, "{} {}.\n", already_serves, directories.runtime.string());
    return 0;
  }
  if (!lock) return give_up(lock.error());
  log_to(directories.daemon_log());
  try {
    Daemon daemon(directories, idle_timeout.value_or(usual_idle_timeout));
    if (auto ready = daemon.prepare(); !ready) return give_up(ready.error());
    daemon.run();
    return 0;
  } catch (const std::exception& error) {
    return give_up({.message = fmt::format("The daemon failed: {}.", error.what())});
  }
}

}  // namespace firesteel
