// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace firesteel::http {

/// Where a relayed server's redirect leads, seen from the page that was asked for.
struct RedirectFrom {
  std::string_view path;     ///< that was asked, below the route's root and with its slash: "/jobs/job/kill/"
  std::string_view context;  ///< the root as the browser knows it: "/user/ana/firesteel/ui/main"
  std::uint16_t port = 0;    ///< of the relayed server, on 127.0.0.1
};

/// The Location made relative ("../../../jobs/"), which is right whatever stands before the root and whatever other
/// proxies do to absolute ones. One that leads to another host stays as it is.
std::string relative_location(std::string_view location, const RedirectFrom& from);

}  // namespace firesteel::http
