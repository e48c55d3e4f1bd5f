// SPDX-License-Identifier: Apache-2.0
#include "location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace firesteel::http {

namespace {

/// The part from the path on; empty when it leads to another host.
std::string_view target_of(std::string_view location, std::uint16_t port) {
  const auto parsed = boost::urls::parse_uri_reference(location);
  if (!parsed) return {};
  if (!parsed->has_authority()) return parsed->has_scheme() ? std::string_view() : location;
  const std::string_view authority = parsed->encoded_authority();
  if (authority != fmt::format("127.0.0.1:{}", port) && authority != fmt::format("localhost:{}", port)) return {};
  const std::size_t start = location.find(authority) + authority.size();
  return start == location.size() ? std::string_view("/") : location.substr(start);
}

}  // namespace

std::string relative_location(std::string_view location, const RedirectFrom& from) {
  std::string_view target = target_of(location, from.port);
  if (!target.starts_with('/')) return std::string(location);
  if (!from.context.empty() && target.starts_with(from.context) &&
      (target.size() == from.context.size() || target[from.context.size()] == '/'))
    target.remove_prefix(from.context.size());
  while (target.starts_with('/')) target.remove_prefix(1);  // "//host" would lead away
  const std::string_view page = from.path.substr(0, from.path.find('?'));
  const auto depth = std::max<std::ptrdiff_t>(1, std::count(page.begin(), page.end(), '/')) - 1;
  std::string out = depth == 0 ? "./" : "";
  for (std::ptrdiff_t i = 0; i < depth; ++i) out += "../";
  return out.append(target);
}

}  // namespace firesteel::http
