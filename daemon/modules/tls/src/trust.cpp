// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <cstdlib>

#include "context_base.hpp"
#include "firesteel/tls/context.hpp"

/// Whom the client's side trusts.
namespace firesteel::tls {

namespace fs = std::filesystem;

namespace {

/// OpenSSL knows the places of the system that it was built on; the binary runs on others, too.
constexpr std::array system_files = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                     "/etc/ssl/ca-bundle.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                     "/etc/ssl/cert.pem"};

bool exists(const char* file) {
  std::error_code error;
  return fs::exists(file, error);
}

/// Those of a directory that is looked into when one is needed: reading all takes memory that few need.
bool has_usual_places() {
  return std::getenv(X509_get_default_cert_file_env()) || std::getenv(X509_get_default_cert_dir_env()) ||
         exists(X509_get_default_cert_file()) || exists(X509_get_default_cert_dir());
}

Result<void> trust_system(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  if (has_usual_places()) return {};
  for (const char* file : system_files)
    if (exists(file) && SSL_CTX_load_verify_file(context, file) == 1) return {};
  ERR_clear_error();
  return Error{
      .code = Errc::bad_request,
      .message = "This machine has no list of certificate authorities that it trusts.",
      .advice = "Install it (the package is often called ca-certificates), or name a file: --upstream-ca FILE."};
}

Result<void> trust_file(SSL_CTX* context, const fs::path& file) {
  const auto all = read_certificates(file, "the certificates of the authorities that you trust");
  if (!all) return all.error();
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const auto& one : *all) X509_STORE_add_cert(store, one.get());
  // What stands in a file of one's own is trusted, whether it is a root or not.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  ERR_clear_error();
  return {};
}

}  // namespace

Result<std::shared_ptr<const Context>> Context::for_client(const fs::path& authorities) {
  Owned<SSL_CTX> context = new_context(TLS_client_method());
  const auto trusted = authorities.empty() ? trust_system(context.get()) : trust_file(context.get(), authorities);
  if (!trusted) return trusted.error();
  SSL_CTX_set_alpn_protos(context.get(), http2_protocol, sizeof http2_protocol);
  return std::shared_ptr<const Context>(new Context(context.release()));
}

}  // namespace firesteel::tls
