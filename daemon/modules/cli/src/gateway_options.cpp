// SPDX-License-Identifier: Apache-2.0
#include "gateway_options.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "firesteel/core/host_port.hpp"

namespace firesteel::cli {
namespace {

constexpr std::string_view scheme = "sc://";

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

bool is_ipv4(const std::string& text) {
  in_addr parsed{};
  return inet_pton(AF_INET, text.c_str(), &parsed) == 1;
}

bool is_ipv6(const std::string& text) {
  in6_addr parsed{};
  return inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
         });
}

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

struct HostPort {
  std::string host;
  std::optional<std::string_view> port;  ///< absent when there is no colon
};

/// "host", "host:port", "[address]" or "[address]:port"; nothing for what is neither.
std::optional<HostPort> split(std::string_view text) {
  if (!text.starts_with('[')) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return HostPort{std::string(text), std::nullopt};
    return HostPort{std::string(text.substr(0, colon)), text.substr(colon + 1)};
  }
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  HostPort out{std::string(text.substr(1, end - 1)), std::nullopt};
  if (!is_ipv6(out.host)) return std::nullopt;
  text.remove_prefix(end + 1);
  if (text.empty()) return out;
  if (text.front() != ':') return std::nullopt;
  out.port = text.substr(1);
  return out;
}

std::string read_parameter(std::string_view text, GatewayOptions::Upstream& upstream, bool& has_ssl) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return "its parameters are written /;NAME=VALUE";
  const std::string name = lower(text.substr(0, equals));
  const std::string_view value = text.substr(equals + 1);
  if (name == "token" || name == "authorization")
    return fmt::format(
        "a token has no place in it: other users can read command lines. Put the token into the environment variable "
        "{} and leave '{}' out",
        upstream_token_variable, name);
  if (name != "use_ssl")
    return "of parameters it takes use_ssl alone; what else a call needs comes from the client's own URL";
  if (has_ssl) return "use_ssl is given twice";
  if (value != "true" && value != "false") return "use_ssl is true or false";
  has_ssl = true;
  upstream.tls = value == "true";
  return {};
}

std::string read_parameters(std::string_view text, GatewayOptions::Upstream& upstream) {
  if (text.empty() || text == "/") return {};
  if (!text.starts_with("/;")) return "after the port only /;use_ssl=true may follow";
  text.remove_prefix(2);
  for (bool has_ssl = false;;) {
    const std::size_t end = text.find(';');
    if (std::string wrong = read_parameter(text.substr(0, end), upstream, has_ssl); !wrong.empty()) return wrong;
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string read_upstream(std::string_view url, GatewayOptions::Upstream& upstream) {
  if (!url.starts_with(scheme)) return "a Spark Connect server is written sc://HOST:PORT";
  url.remove_prefix(scheme.size());
  const std::size_t host_end = std::min(url.find_first_of("/;?#"), url.size());
  const auto parts = split(url.substr(0, host_end));
  if (!parts || (!is_host_name(parts->host) && !is_ipv6(parts->host)))
    return "there is no host in it: write sc://HOST:PORT, an IPv6 address in brackets";
  if (parts->port) {
    const auto port = port_from(*parts->port);
    if (!port || *port == 0) return "its port is no number from 1 to 65535";
    upstream.port = *port;
  }
  upstream.host = parts->host;
  return read_parameters(url.substr(host_end), upstream);
}

std::string read_listen(std::string_view text, GatewayOptions& options) {
  const auto parts = split(text);
  const auto port = parts && parts->port ? port_from(*parts->port) : std::nullopt;
  if (!port) return "write ADDRESS:PORT, e.g. 127.0.0.1:15002 or [::1]:15002";
  const std::string host = parts->host == "localhost" ? "127.0.0.1" : parts->host;
  if (!is_ipv4(host) && !is_ipv6(host)) return fmt::format("'{}' is no address of this machine", parts->host);
  options.listen_host = host;
  options.listen_port = *port;
  return {};
}

std::string check_together(const GatewayOptions& options) {
  if (!options.needs_token && !is_loopback(options.listen_host))
    return fmt::format("without a token everybody who reaches {} could run code on the server; listen on 127.0.0.1",
                       options.listen_host);
  if (!options.upstream.authorities.empty() && !options.upstream.tls)
    return "--upstream-ca is for TLS: add /;use_ssl=true to the URL of --upstream";
  return {};
}

std::string check_token(const GatewayOptions::Upstream& upstream) {
  const std::string& token = upstream.token;
  if (token.empty()) return {};
  if (token.size() > 4096 || !std::all_of(token.begin(), token.end(), [](char c) { return c >= '!' && c <= '~'; }))
    return fmt::format("The token in ${} is longer than 4096 bytes or has blanks or characters other than ASCII.",
                       upstream_token_variable);
  if (!upstream.tls && !is_loopback(upstream.host))
    return fmt::format("The token in ${} would go to {} in clear text: add /;use_ssl=true to the URL.",
                       upstream_token_variable, upstream.host);
  return {};
}

}  // namespace firesteel::cli
