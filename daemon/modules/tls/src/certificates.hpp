// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"

namespace firesteel::tls {

struct Deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Deleter>;

/// The certificates of a PEM file in their order, at least one.
/// Errors: Errc::bad_request; `meaning` says what the file should hold: "your certificate".
Result<std::vector<Owned<X509>>> read_certificates(const std::filesystem::path& file, std::string_view meaning);

/// The names and addresses that it is for, as plain text; hostile ones can't do harm in it.
std::vector<std::string> names_of(const X509* certificate);
/// Who has issued it, in short.
std::string issuer_of(const X509* certificate);
/// "2026-11-22"
std::string day_of(const ASN1_TIME* time);
/// What OpenSSL says of its last failure, in its words; forgets it.
std::string take_reason();

}  // namespace firesteel::tls
