// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include "certificates.hpp"

namespace firesteel::tls {

/// What contexts of both sides begin with.
Owned<SSL_CTX> new_context(const SSL_METHOD* method);

/// "h2" as ALPN writes it.
inline constexpr unsigned char http2_protocol[] = {2, 'h', '2'};

}  // namespace firesteel::tls
