// SPDX-License-Identifier: Apache-2.0
#include "origin.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace firesteel::http {
namespace {

std::string_view first_of_list(std::string_view list) {
  list = list.substr(0, list.find(','));
  while (list.starts_with(' ')) list.remove_prefix(1);
  while (list.ends_with(' ')) list.remove_suffix(1);
  return list;
}

/// Without the port that goes without saying.
std::string_view bare(std::string_view authority, std::string_view scheme) {
  const std::string_view usual = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(usual)) authority.remove_suffix(usual.size());
  return authority;
}

}  // namespace

bool is_own_origin(std::string_view origin, std::string_view host, std::string_view forwarded_host) {
  if (origin.empty()) return true;
  const auto parsed = boost::urls::parse_uri(origin);
  if (!parsed || !parsed->has_authority()) return false;
  const std::string_view scheme = parsed->scheme();
  // An origin is these two parts and nothing else; what a lenient parser leaves over is no part of one.
  if (origin.size() != scheme.size() + std::string_view("://").size() + parsed->encoded_host_and_port().size())
    return false;
  const std::string_view asked = forwarded_host.empty() ? host : first_of_list(forwarded_host);
  const std::string_view authority = parsed->encoded_host_and_port();
  return boost::beast::iequals(bare(authority, scheme), bare(asked, scheme));
}

}  // namespace firesteel::http
