// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace firesteel::http {

/// Whether a WebSocket's Origin ("https://hub.example:8443") is the host that was asked ("hub.example:8443"). Without
/// an Origin it isn't a browser that asks. `forwarded_host` (X-Forwarded-Host) wins over `host` when a proxy set it.
bool is_own_origin(std::string_view origin, std::string_view host, std::string_view forwarded_host);

}  // namespace firesteel::http
