// SPDX-License-Identifier: Apache-2.0
#include "daemon_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cerrno>
#include <cstring>

#include "firesteel/io/peer.hpp"

namespace firesteel {

namespace http = boost::beast::http;
namespace json = boost::json;

std::optional<DaemonClient> DaemonClient::connect(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) return std::nullopt;
  std::strcpy(address.sun_path, path.c_str());
  io::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return std::nullopt;
  if (!io::is_own_peer(socket.get())) return std::nullopt;
  return DaemonClient(std::move(socket));
}

bool DaemonClient::wait_readable(TimePoint deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) return false;
    pollfd entry{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

std::optional<std::string> DaemonClient::ask(const std::string& request, TimePoint deadline) {
  if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return std::nullopt;
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  std::string unread;
  while (!parser.is_done() && wait_readable(deadline)) {
    char bytes[4096];
    const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (got <= 0) return std::nullopt;
    unread.append(bytes, static_cast<std::size_t>(got));
    boost::system::error_code error;
    unread.erase(0, parser.put(boost::asio::buffer(unread), error));
    if (error && error != http::error::need_more) return std::nullopt;
  }
  if (!parser.is_done() || parser.get().result_int() / 100 != 2) return std::nullopt;
  return parser.release().body();
}

std::optional<std::string> DaemonClient::version(TimePoint deadline) {
  const auto body = ask("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", deadline);
  if (!body) return std::nullopt;
  boost::system::error_code error;
  const json::value status = json::parse(*body, error);
  const auto* object = status.if_object();
  const auto* version = object ? object->if_contains("version") : nullptr;
  return version && version->is_string() ? std::optional(json::value_to<std::string>(*version)) : std::nullopt;
}

bool DaemonClient::shut_down(TimePoint deadline) {
  return ask("POST /api/v1/shutdown HTTP/1.1\r\nHost: localhost\r\nX-Firesteel-Client: handover\r\n"
             "Content-Length: 0\r\n\r\n",
             deadline)
      .has_value();
}

bool DaemonClient::wait_for_close(TimePoint deadline) {
  while (wait_readable(deadline)) {
    char bytes[256];
    if (::recv(socket_.get(), bytes, sizeof bytes, 0) <= 0) return true;
  }
  return false;
}

}  // namespace firesteel
