// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/router.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace firesteel::http {

namespace urls = boost::urls;

namespace {

std::vector<std::string> split(std::string_view pattern) {
  std::vector<std::string> out;
  for (std::size_t at = 1; at <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', at), pattern.size());
    out.emplace_back(pattern.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool is_variable(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }

struct Target {
  std::vector<std::string> segments;
  Fields query;
};

Result<Target> parse(std::string_view text) {
  const auto parsed = urls::parse_origin_form(text);
  if (!parsed) return Error{.code = Errc::bad_request, .message = "The request's path is not a valid one."};
  Target target;
  for (const auto& segment : parsed->segments()) target.segments.push_back(segment);
  for (const auto& param : parsed->params()) target.query[param.key] = param.value;
  return target;
}

std::optional<Fields> bind_variables(const Router::Route& route, const std::vector<std::string>& segments) {
  const auto& pattern = route.pattern;
  const bool fits =
      route.access == Access::relay ? pattern.size() <= segments.size() : pattern.size() == segments.size();
  if (!fits) return std::nullopt;
  Fields bound;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_variable(pattern[i]))
      bound[pattern[i].substr(1, pattern[i].size() - 2)] = segments[i];
    else if (pattern[i] != segments[i])
      return std::nullopt;
  }
  return bound;
}

/// How many bytes of the target its first segments are: 8 of "/ui/main/jobs/" for two.
std::size_t length_of_segments(std::string_view target, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) at = std::min(target.find_first_of("/?", at + 1), target.size());
  return at;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Access access, Handler handler) {
  routes_.push_back({std::move(method), split(pattern), access, std::move(handler), {}, {}});
}

void Router::add_watch(std::string pattern, WatchHandler handler) {
  routes_.push_back({"GET", split(pattern), Access::watch, {}, std::move(handler), {}});
}

void Router::add_relay(std::string pattern, RelayHandler handler) {
  routes_.push_back({{}, split(pattern), Access::relay, {}, {}, std::move(handler)});
}

Result<Router::Match> Router::match(std::string_view method, std::string_view target) const {
  auto parsed = parse(target);
  if (!parsed) return parsed.error();
  bool path_known = false;
  for (const Route& route : routes_) {
    auto bound = bind_variables(route, parsed->segments);
    if (!bound) continue;
    if (route.access == Access::relay)
      return Match{&route, std::move(*bound), {}, length_of_segments(target, route.pattern.size())};
    if (route.method == method) return Match{&route, std::move(*bound), std::move(parsed->query)};
    path_known = true;
  }
  if (path_known)
    return Error{.code = Errc::method_not_allowed, .message = fmt::format("This path does not know {}.", method)};
  return Error{.code = Errc::not_found,
               .message = "There is no such path.",
               .advice = "The paths are listed in api/openapi.yaml; a newer client may need a newer daemon."};
}

std::string Router::allowed(std::string_view target) const {
  const auto parsed = parse(target);
  if (!parsed) return {};
  std::vector<std::string_view> methods;
  for (const Route& route : routes_)
    if (bind_variables(route, parsed->segments)) methods.push_back(route.method);
  return fmt::format("{}", fmt::join(methods, ", "));
}

}  // namespace firesteel::http
