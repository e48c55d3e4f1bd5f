// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "firesteel/tls/stream.hpp"

/// What went wrong, in sentences.
namespace firesteel::tls {

/// `context` has found the server's certificate wanting; `peer`: "host:port".
Failure untrusted(X509_STORE_CTX* context, const std::string& peer, const std::string& host);

/// OpenSSL gave a connection up, while it was made with a server.
Failure refused_by_us_or_server(unsigned long error, const std::string& peer);

Failure wants_certificate(const std::string& peer);
Failure no_http2(const std::string& peer);

}  // namespace firesteel::tls
