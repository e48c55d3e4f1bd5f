// SPDX-License-Identifier: Apache-2.0
#include "route_tools.hpp"

#include "queries.hpp"

namespace firesteel::api {

Result<void> plain(const Call& call) {
  if (auto known = only_known_queries(call, {}); !known) return known;
  return no_body(call);
}

http::Handler with(const Services& services, Answer (*handler)(const Services&, Call)) {
  return [&services, handler](Call call) {
    services.somebody_asked();
    return handler(services, std::move(call));
  };
}

}  // namespace firesteel::api
