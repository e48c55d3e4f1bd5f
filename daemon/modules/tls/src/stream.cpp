// SPDX-License-Identifier: Apache-2.0
#include "firesteel/tls/stream.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "certificates.hpp"
#include "firesteel/core/host_port.hpp"
#include "verdict.hpp"

namespace firesteel::tls {

namespace {

bool is_address(const std::string& host) {
  in6_addr parsed{};
  return ::inet_pton(AF_INET, host.c_str(), &parsed) == 1 || ::inet_pton(AF_INET6, host.c_str(), &parsed) == 1;
}

/// Where OpenSSL's object keeps that the server has asked for a client's certificate.
int asked_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int on_certificate_request(SSL* ssl, void*) {
  SSL_set_ex_data(ssl, asked_index(), ssl);
  return 1;  // goes on without one, which is all right for some
}

void check(long result) {
  if (result == 1) return;
  if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc();
  throw std::runtime_error("OpenSSL: " + take_reason());
}

}  // namespace

/// Called by OpenSSL for each certificate of a server's; says what is wrong with the first bad one.
int Stream::on_certificate(int is_good, x509_store_ctx_st* context) {
  if (is_good == 1) return is_good;
  const auto* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  Stream& self = *static_cast<Stream*>(SSL_get_app_data(ssl));
  self.failure_ = untrusted(context, self.peer_, self.host_);
  return is_good;
}

Stream::Stream(ContextPtr context, int socket, std::string host, std::string peer)
    : context_(std::move(context)),
      ssl_(SSL_new(context_->handle()), SSL_free),
      host_(std::move(host)),
      peer_(std::move(peer)) {
  if (!ssl_) throw std::bad_alloc();
  check(SSL_set_fd(ssl_.get(), socket));
  SSL_set_app_data(ssl_.get(), this);
}

Stream::~Stream() = default;

StreamPtr Stream::connect(ContextPtr context, int socket, const std::string& host, std::uint16_t port) {
  StreamPtr stream(new Stream(std::move(context), socket, host, host_and_port(host, port)));
  SSL* const ssl = stream->ssl_.get();
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl);
  if (is_address(host)) {
    check(X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()));
  } else {
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    check(X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()));
    check(SSL_set_tlsext_host_name(ssl, host.c_str()));
  }
  SSL_set_verify(ssl, SSL_VERIFY_PEER, on_certificate);
  SSL_set_cert_cb(ssl, on_certificate_request, nullptr);
  SSL_set_connect_state(ssl);
  return stream;
}

StreamPtr Stream::accept(ContextPtr context, int socket) {
  StreamPtr stream(new Stream(std::move(context), socket, {}, {}));
  SSL_set_accept_state(stream->ssl_.get());
  return stream;
}

Stream::Outcome Stream::handshake() {
  if (ready_) return Outcome::done;
  if (failed_) return Outcome::failed;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return check_protocol();
  const Outcome outcome = judge(result);
  if (outcome != Outcome::closed) return outcome;
  return fail({.message = peer_.empty() ? "A client ended the connection in the TLS handshake."
                                        : fmt::format("{} closed the connection in the TLS handshake.", peer_),
               .advice = "It may be starting, or not speak TLS."});
}

void Stream::expire() {
  fail({.message = peer_.empty() ? "A client didn't finish the TLS handshake in time."
                                 : fmt::format("{} didn't finish the TLS handshake in time.", peer_),
        .advice = "It may be busy, or not speak TLS."});
}

Stream::Outcome Stream::check_protocol() {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  if (size != 2 || std::memcmp(chosen, "h2", 2) != 0)
    return fail(peer_.empty() ? Failure{.is_final = true, .message = "A client speaks TLS, but no HTTP/2 (ALPN h2)."}
                              : no_http2(peer_));
  ready_ = true;
  return Outcome::done;
}

Stream::Moved Stream::read(std::span<std::uint8_t> space) {
  if (failed_) return {0, Outcome::failed};
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_.get(), space.data(), space.size(), &got);
  if (result != 1) return {0, judge(result)};
  heard_ = true;
  return {got, Outcome::done};
}

Stream::Moved Stream::write(std::span<const std::uint8_t> bytes) {
  if (failed_) return {0, Outcome::failed};
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), std::min(bytes.size(), largest_record), &written);
  return result == 1 ? Moved{written, Outcome::done} : Moved{0, judge(result)};
}

void Stream::say_goodbye() {
  if (!ready_ || failed_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

/// What a call's result means, whose errors are still as it left them.
Stream::Outcome Stream::judge(int result) {
  const int error_number = errno;
  const bool lacks_certificate = ready_ && !heard_ && SSL_get_ex_data(ssl_.get(), asked_index()) != nullptr;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Outcome::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Outcome::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return lacks_certificate ? fail(wants_certificate(peer_)) : Outcome::closed;
    case SSL_ERROR_SYSCALL:
      if (lacks_certificate) return fail(wants_certificate(peer_));
      if (error_number == 0) return Outcome::closed;
      return fail({.message = peer_.empty() || ready_ ? std::strerror(error_number)
                                                      : fmt::format("{} ended the connection in the TLS handshake: {}.",
                                                                    peer_, std::strerror(error_number))});
    default:
      break;
  }
  const unsigned long error = ERR_peek_last_error();
  if (!failure_.message.empty()) return fail(failure_);  // the certificate
  if (!peer_.empty() && !heard_) return fail(refused_by_us_or_server(error, peer_));
  return fail({.message = fmt::format("TLS failed: {}", take_reason())});
}

Stream::Outcome Stream::fail(Failure failure) {
  failed_ = true;
  failure_ = std::move(failure);
  ERR_clear_error();
  return Outcome::failed;
}

std::string Stream::version() const { return SSL_get_version(ssl_.get()); }

}  // namespace firesteel::tls
