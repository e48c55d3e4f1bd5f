// SPDX-License-Identifier: Apache-2.0
#include "gateway_program.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>

#include "firesteel/gateway/gateway.hpp"
#include "firesteel/io/eager_loop.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/tls/context.hpp"
#include "memory.hpp"

namespace firesteel {

namespace asio = boost::asio;

namespace {

constexpr std::size_t largest_token_file = 4096;
constexpr std::size_t token_bytes = 32;

/// The one server that everything goes to.
class OneDestination final : public gateway::Destinations {
 public:
  OneDestination(const cli::GatewayOptions::Upstream& upstream, tls::ContextPtr tls)
      : destination_{.server = ServerId("upstream"),
                     .connection = ConnectionId("upstream"),
                     .name = fmt::format("{}:{}", upstream.host, upstream.port),
                     .host = upstream.host,
                     .port = upstream.port,
                     .secret = upstream.token,
                     .tls = std::move(tls)} {}

  asio::awaitable<Result<gateway::Destination>> find(std::string, TimePoint) const override { co_return destination_; }
  std::optional<Result<gateway::Destination>> find_now(std::string_view) const override { return destination_; }
  std::optional<std::string> fate(const ServerId&) const override { return std::nullopt; }

 private:
  const gateway::Destination destination_;
};

Result<std::string> token_from(const std::filesystem::path& file) {
  auto text = io::read_file(file, largest_token_file);
  if (!text && text.error().code == Errc::not_found) {
    const std::string token = random_token(token_bytes);
    if (auto written = io::write_atomically(file, token + "\n", 0600); !written) return written.error();
    return token;
  }
  if (!text) return text.error();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  const bool usable = text->size() >= 16 &&
                      text->find_first_not_of(
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=") == std::string::npos;
  if (!usable)
    return Error{
        .code = Errc::bad_request,
        .message = fmt::format("{} holds no token of at least 16 letters, digits and -_.~+/=.", file.string())};
  return text;
}

asio::awaitable<void> live(asio::io_context& loop, gateway::Gateway& gateway) {
  io::Scope scope(loop.get_executor());
  scope.spawn("gateway", gateway.run());
  asio::signal_set signals(loop, SIGTERM, SIGINT);
  co_await signals.async_wait(asio::use_awaitable);
  scope.cancel();
  co_await scope.join();
}

int give_up(const Error& error) {
  fmt::print(stderr, "firesteel: {}{}{}\n", error.message, error.advice.empty() ? "" : " ", error.advice);
  return 1;
}

}  // namespace

int run_gateway_program(const cli::GatewayOptions& options) {
  ::umask(0077);
  keep_memory_small();
  // Standard output is for the addresses alone.
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("firesteel", std::make_shared<spdlog::sinks::stderr_sink_st>()));
  gateway::Gateway::Settings settings{.socket = options.socket,
                                      .host = options.listen_host,
                                      .port = options.listen_port,
                                      .ports_to_try = 1,
                                      .needs_token = options.needs_token,
                                      .certificate = options.certificate,
                                      .key = options.key};
  if (!options.token_file.empty()) {
    auto token = token_from(options.token_file);
    if (!token) return give_up(token.error());
    settings.token = std::move(*token);
  }
  tls::ContextPtr trust;
  if (options.upstream.tls) {
    auto made = tls::Context::for_client(options.upstream.authorities);
    if (!made) return give_up(made.error());
    trust = std::move(*made);
  }
  asio::io_context loop{1};
  const SystemClock clock;
  Activity activity;
  const OneDestination destination(options.upstream, std::move(trust));
  gateway::Gateway gateway(loop.get_executor(), destination, activity, clock, std::move(settings));
  if (auto open = gateway.open(); !open) return give_up(open.error());
  const auto endpoint = gateway.endpoint();
  if (endpoint.port == 0 && endpoint.socket.empty()) return give_up({.message = endpoint.problem});
  if (endpoint.port != 0)
    fmt::print("{}\n", gateway.url({}));
  else
    fmt::print(stderr, "firesteel: {}\n", endpoint.problem);
  if (!endpoint.socket.empty()) fmt::print("unix:{}\n", endpoint.socket.string());
  std::fflush(stdout);
  asio::co_spawn(loop, live(loop, gateway), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
  io::run_eagerly(loop, {.stays_awake = [&] { return gateway.is_small_talk(); },
                         .lets_others_go_first = [&] { return gateway.is_crowd(); }});
  return 0;
}

}  // namespace firesteel
