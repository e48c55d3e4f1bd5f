// SPDX-License-Identifier: Apache-2.0
#include "firesteel/gateway/gateway.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "firesteel/core/host_port.hpp"
#include "firesteel/io/waits.hpp"
#include "gateway_state.hpp"

namespace firesteel::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;

namespace {

constexpr std::size_t most_links = 8192;
/// Any process of the machine can come to the port; it can't take the places of those who come by the socket.
constexpr std::size_t most_links_by_tcp = most_links / 2;
constexpr std::size_t token_bytes = 32;
/// Calls that wait for a connection that is starting.
constexpr std::size_t most_waiting = 4096;
/// Between two words of the log on the same thing.
constexpr auto full_tell_interval = std::chrono::minutes(1);
constexpr auto look_after_interval = std::chrono::milliseconds(250);
constexpr auto start_patience = std::chrono::minutes(5);
constexpr int local_buffer = 2 * 1024 * 1024;
constexpr std::size_t many_links = 64;

bool is_own_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

}  // namespace

Gateway::State::State(asio::any_io_executor executor, const Destinations& destinations, Activity& activity,
                      const Clock& clock, Settings settings)
    : executor_(executor),
      destinations_(destinations),
      activity_(activity),
      clock_(clock),
      settings_(std::move(settings)),
      context_(clock),
      desk_{.destinations = destinations,
            .activity = activity,
            .executor = executor,
            .find_later =
                [this](std::weak_ptr<ClientLink> link, std::int32_t stream, std::string connection) {
                  waits_.spawn("wait for a connection", wait_for(std::move(link), stream, std::move(connection)));
                },
            .left =
                [this](const ClientLink& gone) {
                  std::erase_if(links_, [&](const auto& link) { return link.get() == &gone; });
                  trimmed_ = false;
                }},
      local_(executor),
      tcp_(executor),
      waits_(executor) {}

Gateway::State::~State() { close_links(); }

// The doors
// ---------------------------------------------------------------------------------------------------------------

Result<void> Gateway::State::open() {
  if (!settings_.record.empty()) record_ = read_endpoint(settings_.record);
  if (!settings_.token.empty()) record_.token = settings_.token;
  if (record_.token.empty()) record_.token = random_token(token_bytes);
  if (!settings_.certificate.empty()) {
    identity_.emplace(settings_.certificate, settings_.key);
    if (auto loaded = identity_->load(); !loaded) return loaded;
  }
  const std::uint16_t before = record_.port;
  if (settings_.open_tcp) open_port();
  // Clients that came back while nobody of ours listened have told the token to whoever has the port now.
  const bool is_told = before != 0 && tcp_.is_open() && record_.port != before;
  if (is_told && settings_.token.empty()) record_.token = random_token(token_bytes);
  if (!settings_.record.empty())
    if (auto written = write_endpoint(settings_.record, record_); !written) return written;
  return settings_.socket.empty() ? Result<void>{} : open_socket();
}

Result<void> Gateway::State::open_socket() {
  const std::string path = settings_.socket.string();
  const auto refuse = [&](std::string_view why) {
    return Error{.code = Errc::internal, .message = fmt::format("Can't listen on {}: {}.", path, why)};
  };
  if (path.size() >= sizeof(sockaddr_un::sun_path)) return refuse("the path is too long for a socket");
  ::unlink(path.c_str());
  boost::system::error_code error;
  local_.open(stream_protocol(), error);
  const mode_t before = ::umask(0177);
  if (!error) local_.bind(stream_protocol::endpoint(path), error);
  ::umask(before);
  if (!error) local_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return refuse(error.message());
  return {};
}

void Gateway::State::open_port() {
  bool open = record_.port != 0 && try_port(record_.port);
  for (int i = 0; !open && i < settings_.ports_to_try; ++i)
    open = try_port(static_cast<std::uint16_t>(settings_.port + i));
  if (open) {
    record_.port = tcp_.local_endpoint().port();
    return;
  }
  problem_ = fmt::format("No port from {} on is free on {}.", settings_.port, settings_.host);
  spdlog::warn("gateway: {}", problem_);
}

bool Gateway::State::try_port(std::uint16_t port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(settings_.host, error);
  tcp::acceptor door(executor_);
  const tcp::endpoint place(address, port);
  if (!error) door.open(place.protocol(), error);
  if (!error) door.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) door.bind(place, error);
  if (!error) door.listen(asio::socket_base::max_listen_connections, error);
  if (!error) tcp_ = std::move(door);
  return !error;
}

asio::awaitable<void> Gateway::State::accept_local() {
  for (;;) {
    boost::system::error_code error;
    stream_protocol::socket socket = co_await local_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) {
      spdlog::warn("gateway: {}", error.message());  // out of descriptors, most likely
      co_await io::sleep_for(std::chrono::milliseconds(100));
      continue;
    }
    if (!is_own_user(socket.native_handle())) {
      spdlog::warn("gateway: refused a process of another user");
      continue;
    }
    // A unix socket's own 200 KiB make the two ends wait for each other.
    boost::system::error_code only_slower;
    socket.set_option(asio::socket_base::send_buffer_size(local_buffer), only_slower);
    if (!is_full(most_links)) welcome({.socket = std::move(socket)});
  }
}

asio::awaitable<void> Gateway::State::accept_tcp() {
  for (;;) {
    boost::system::error_code error;
    tcp::socket socket = co_await tcp_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) {
      spdlog::warn("gateway: {}", error.message());
      co_await io::sleep_for(std::chrono::milliseconds(100));
      continue;
    }
    boost::system::error_code only_slower;
    socket.set_option(tcp::no_delay(true), only_slower);
    socket.set_option(asio::socket_base::keep_alive(true), only_slower);
    if (is_full(most_links_by_tcp)) continue;
    if (!identity_)
      welcome({.socket = std::move(socket), .token = port_token()});
    else
      waits_.spawn("TLS handshake", greet(std::move(socket)));
  }
}

bool Gateway::State::is_full(std::size_t most) {
  if (links_.size() + greeting_ < most) return false;
  // Whoever comes to the port must not fill the log.
  if (const TimePoint now = clock_.now(); full_told_ == TimePoint{} || now - full_told_ > full_tell_interval) {
    spdlog::warn("gateway: refuses clients: {} are connected already", links_.size() + greeting_);
    full_told_ = now;
  }
  return true;
}

void Gateway::State::welcome(ClientLink::Entry entry) {
  entry.socket.native_non_blocking(true);
  links_.push_back(ClientLink::welcome(context_, desk_, std::move(entry)));
  context_.flush();
}

// Life
// ----------------------------------------------------------------------------------------------------------------

asio::awaitable<void> Gateway::State::run() {
  io::Scope scope(executor_);
  if (local_.is_open()) scope.spawn("gateway's socket", accept_local());
  if (tcp_.is_open()) scope.spawn("gateway's port", accept_tcp());
  scope.spawn("gateway's links", look_after_links());
  boost::system::error_code cancelled;
  asio::steady_timer for_ever(executor_, TimePoint::max());
  co_await for_ever.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  // Joining must not be cut short by the cancellation that ended the waiting.
  co_await asio::this_coro::reset_cancellation_state();
  scope.cancel();
  waits_.cancel();
  co_await scope.join();
  co_await waits_.join();
  close_links();
}

asio::awaitable<void> Gateway::State::look_after_links() {
  for (;;) {
    co_await io::sleep_for(look_after_interval);
    const auto links = links_;  // one that is lost leaves the list
    const std::size_t retired = context_.retired;
    for (const auto& link : links) link->look_after_all();
    context_.flush();
    context_.pool.release();
    // What they leave are holes that are worth it only when they are many, and there is no more to come now.
    const bool has_holes = context_.retired >= many_links && context_.retired == retired;
    const bool is_quiet = !trimmed_ && links_.size() < many_links && context_.metrics.streams == 0;
    if (!has_holes && !is_quiet) continue;
    context_.frames.trim();
    context_.spare_headers.clear();
    ::malloc_trim(0);
    trimmed_ = true;
    context_.retired = 0;
  }
}

asio::awaitable<void> Gateway::State::wait_for(std::weak_ptr<ClientLink> link, std::int32_t stream,
                                               std::string connection) {
  ++waiting_;
  // A call that is given up isn't noticed here before the connection is ready.
  Result<Destination> destination =
      Error{.code = Errc::not_ready, .message = "Too many calls wait for a connection that is starting; try again."};
  if (waiting_ <= most_waiting)
    destination = co_await destinations_.find(std::move(connection), Steady::now() + start_patience);
  --waiting_;
  if (const auto alive = link.lock()) {
    alive->arrive(stream, std::move(destination));
    context_.flush();
  }
}

void Gateway::State::close_links() {
  for (const auto& link : std::exchange(links_, {})) link->leave();
  context_.dirty.clear();
}

void Gateway::State::server_ended(const ServerId& server) {
  const auto fate = destinations_.fate(server);
  if (!fate) return;
  for (const auto& link : links_) link->server_ended(server, *fate);
  context_.flush();
}

// The endpoint
// --------------------------------------------------------------------------------------------------------

Endpoint Gateway::State::endpoint() const {
  return {.host = settings_.host,
          .port = tcp_.is_open() ? record_.port : std::uint16_t{0},
          .socket = settings_.socket,
          .problem = problem_};
}

std::string Gateway::State::url(std::string_view connection) const {
  const std::string host = identity_ ? identity_->name_for(settings_.host) : settings_.host;
  std::string out = fmt::format("sc://{}/", host_and_port(host, record_.port));
  if (identity_) out += ";use_ssl=true";
  // PySpark takes `token` for TLS alone.
  if (settings_.needs_token) out += (identity_ ? ";token=" : ";authorization=Bearer%20") + record_.token;
  if (!connection.empty()) out += fmt::format(";x-firesteel-connection={}", connection);
  return out;
}

Result<void> Gateway::State::rotate_token() {
  EndpointRecord changed = record_;
  changed.token = random_token(token_bytes);
  if (!settings_.record.empty())
    if (auto written = write_endpoint(settings_.record, changed); !written) return written;
  record_ = std::move(changed);
  const auto links = links_;
  for (const auto& link : links)
    if (link->has_token()) link->leave();
  return {};
}

Gateway::Gateway(asio::any_io_executor executor, const Destinations& destinations, Activity& activity,
                 const Clock& clock, Settings settings)
    : state_(std::make_unique<State>(std::move(executor), destinations, activity, clock, std::move(settings))) {}
Gateway::~Gateway() = default;

Result<void> Gateway::open() { return state_->open(); }
asio::awaitable<void> Gateway::run() { return state_->run(); }
Endpoint Gateway::endpoint() const { return state_->endpoint(); }
std::string Gateway::url(std::string_view connection) const { return state_->url(connection); }
Result<void> Gateway::rotate_token() { return state_->rotate_token(); }
void Gateway::server_ended(const ServerId& server) { state_->server_ended(server); }
bool Gateway::is_small_talk() { return state_->is_small_talk(); }
bool Gateway::is_crowd() { return state_->is_crowd(); }
std::string Gateway::metrics() const { return state_->metrics(); }

asio::awaitable<Result<std::vector<OperationId>>> Gateway::interrupt(std::string connection,
                                                                     std::optional<SessionId> session,
                                                                     std::optional<OperationId> operation,
                                                                     TimePoint deadline) {
  return state_->interrupt(std::move(connection), std::move(session), std::move(operation), deadline);
}

asio::awaitable<Result<void>> Gateway::release(std::string connection, SessionId session, TimePoint deadline) {
  return state_->release(std::move(connection), std::move(session), deadline);
}

}  // namespace firesteel::gateway
