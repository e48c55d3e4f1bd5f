// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "firesteel/core/error.hpp"

struct ssl_ctx_st;

namespace firesteel::tls {

/// What TLS connections of one kind have in common: TLS 1.2 or newer, HTTP/2 by ALPN, no renegotiation, no compression.
/// Never changes once it is made; streams share it.
class Context {
 public:
  /// For connections to servers, each of which must show a certificate for the name that it was asked for by.
  /// `authorities`: a PEM file with the certificates that are trusted; empty: those of this machine
  /// ($SSL_CERT_FILE and $SSL_CERT_DIR say where, as usual).
  /// Errors: Errc::bad_request with the file and what to do.
  static Result<std::shared_ptr<const Context>> for_client(const std::filesystem::path& authorities);

  /// For connections of clients. `certificate`: a PEM file with the server's own certificate first and the chain after
  /// it; `key`: its private key, PEM without a passphrase, for nobody's eyes but the owner's.
  /// Errors: Errc::bad_request with the file and what to do.
  static Result<std::shared_ptr<const Context>> for_server(const std::filesystem::path& certificate,
                                                           const std::filesystem::path& key);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  ssl_ctx_st* handle() const { return handle_; }
  /// A server's: the name by which clients reach `address` so that the certificate fits: the address itself if it
  /// stands in the certificate, else the first name there that is no pattern, else the address.
  std::string name_for(const std::string& address) const;

 private:
  explicit Context(ssl_ctx_st* handle) : handle_(handle) {}

  ssl_ctx_st* const handle_;
};

using ContextPtr = std::shared_ptr<const Context>;

}  // namespace firesteel::tls
