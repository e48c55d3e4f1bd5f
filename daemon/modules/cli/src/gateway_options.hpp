// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "firesteel/cli/host.hpp"

namespace firesteel::cli {

/// Where a gateway finds its server's token; not on the command line, which every user of the machine can read.
inline constexpr const char* upstream_token_variable = "FIRESTEEL_UPSTREAM_TOKEN";

/// `sc://HOST[:PORT][/;use_ssl=true]` into `upstream`. Gives what is wrong, or nothing; never what the URL holds, which
/// may be a secret.
std::string read_upstream(std::string_view url, GatewayOptions::Upstream& upstream);

/// `ADDRESS:PORT` (IPv6 in brackets; `localhost` is 127.0.0.1) into the options. Gives what is wrong, or nothing.
std::string read_listen(std::string_view text, GatewayOptions& options);

/// What can't be so together, or nothing.
std::string check_together(const GatewayOptions& options);

/// What keeps the token from being sent to the upstream, or nothing.
std::string check_token(const GatewayOptions::Upstream& upstream);

}  // namespace firesteel::cli
