// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "certificates.hpp"

namespace firesteel::tls {

namespace {

Failure refused(std::string message, std::string advice, bool is_trust) {
  return {.is_final = true, .message = std::move(message), .advice = std::move(advice), .is_trust = is_trust};
}

std::string today() {
  ASN1_TIME* now = ASN1_TIME_set(nullptr, std::time(nullptr));
  std::string out = day_of(now);
  ASN1_TIME_free(now);
  return out;
}

std::string clock_advice() {
  return fmt::format("This machine's clock says {}; if that is right, whoever runs the server has to renew it.",
                     today());
}

}  // namespace

Failure untrusted(X509_STORE_CTX* context, const std::string& peer, const std::string& host) {
  const X509* wrong = X509_STORE_CTX_get_current_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  const std::string which = X509_STORE_CTX_get_error_depth(context) == 0
                                ? fmt::format("The certificate of {}", peer)
                                : fmt::format("A certificate that vouches for that of {}", peer);
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return refused(fmt::format("{} expired on {}.", which, day_of(X509_get0_notAfter(wrong))), clock_advice(), true);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return refused(fmt::format("{} isn't valid before {}.", which, day_of(X509_get0_notBefore(wrong))),
                     clock_advice(), true);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      const auto names = names_of(wrong);
      return refused(fmt::format("{} isn't for '{}', but for {}.", which, host,
                                 names.empty() ? "no name at all" : fmt::format("{}", fmt::join(names, ", "))),
                     "Reach the server by a name that stands in its certificate, or have one made that has this name.",
                     true);
    }
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority of the same name with another key
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return refused(fmt::format("Nobody who is trusted here vouches for the certificate of {} (issued by '{}').", peer,
                                 issuer_of(wrong)),
                     "If you trust that authority, give its certificate: firesteel gateway --upstream-ca FILE.", true);
    default:
      return refused(fmt::format("{} can't be trusted: {}.", which, X509_verify_cert_error_string(error)),
                     "Whoever runs the server has to look at it.", true);
  }
}

Failure refused_by_us_or_server(unsigned long error, const std::string& peer) {
  switch (ERR_GET_REASON(error)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
      return refused(fmt::format("{} doesn't speak TLS.", peer),
                     "If that is how it should be, leave use_ssl=true out of its URL.", false);
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_AD_REASON_OFFSET + SSL_AD_NO_APPLICATION_PROTOCOL:
      return no_http2(peer);
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION:
      return refused(fmt::format("{} speaks no TLS of version 1.2 or newer.", peer),
                     "Whoever runs the server has to bring it up to date.", false);
    case SSL_AD_REASON_OFFSET + SSL_AD_CERTIFICATE_REQUIRED:
      return wants_certificate(peer);
    default: {
      const char* reason = ERR_reason_error_string(error);
      return refused(fmt::format("TLS with {} failed: {}.", peer, reason ? reason : "no reason given"),
                     "Whoever runs the server finds more in its log.", false);
    }
  }
}

Failure wants_certificate(const std::string& peer) {
  return refused(fmt::format("{} asks for a client's certificate, and there is none to show.", peer),
                 "Firesteel knows servers that ask for a token, not for a certificate.", false);
}

Failure no_http2(const std::string& peer) {
  return refused(fmt::format("{} speaks TLS, but not HTTP/2, which gRPC needs.", peer),
                 "Look whether a Spark Connect server, or a proxy that takes gRPC, listens there.", false);
}

}  // namespace firesteel::tls
