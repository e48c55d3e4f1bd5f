// SPDX-License-Identifier: Apache-2.0
#include "route_tools.hpp"

#include "firesteel/api/presets.hpp"
#include "firesteel/api/secret_options.hpp"
#include "queries.hpp"

namespace firesteel::api {

Result<void> plain(const Call& call) {
  if (auto known = only_known_queries(call, {}); !known) return known;
  return no_body(call);
}

std::vector<Error> reveal(const Services& services, Options& options) {
  std::vector<const Options*> kept;
  for (const auto& connection : services.connections.all()) kept.push_back(&connection->definition.options);
  for (const auto& [name, definition] : services.presets.all()) kept.push_back(&definition.options);
  return services.secrets.reveal(options, kept);
}

Result<void> reveal_all(const Services& services, Options& options) {
  std::vector<Error> unknown = reveal(services, options);
  if (unknown.empty()) return {};
  return std::move(unknown.front());
}

http::Handler with(const Services& services, Answer (*handler)(const Services&, Call)) {
  return [&services, handler](Call call) {
    services.somebody_asked();
    return handler(services, std::move(call));
  };
}

}  // namespace firesteel::api
