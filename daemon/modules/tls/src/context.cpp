// SPDX-License-Identifier: Apache-2.0
#include "firesteel/tls/context.hpp"

#include <openssl/x509v3.h>

#include <algorithm>

#include "certificates.hpp"
#include "context_base.hpp"

namespace firesteel::tls {

namespace {

/// Several records are taken off the socket at once; the buffer is there only while something is in it.
constexpr std::size_t read_buffer = 64 * 1024;

}  // namespace

Owned<SSL_CTX> new_context(const SSL_METHOD* method) {
  Owned<SSL_CTX> context(SSL_CTX_new(method));
  if (!context) throw std::runtime_error("OpenSSL: " + take_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // HTTP/2 says itself where it ends, so that an end without a goodbye is no attack.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_buffer);
  return context;
}

Context::~Context() { SSL_CTX_free(handle_); }

std::string Context::name_for(const std::string& address) const {
  X509* const own = SSL_CTX_get0_certificate(handle_);
  if (!own || X509_check_ip_asc(own, address.c_str(), 0) == 1) return address;
  for (const std::string& name : names_of(own))
    if (name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:") ==
        std::string::npos)
      return name;
  return address;
}

}  // namespace firesteel::tls
