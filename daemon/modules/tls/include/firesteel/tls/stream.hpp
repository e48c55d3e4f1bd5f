// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "firesteel/tls/context.hpp"

struct ssl_st;
struct x509_store_ctx_st;

namespace firesteel::tls {

/// Why a connection can't be.
struct Failure {
  /// Whether trying again is of no use: the peer isn't trusted, or doesn't speak TLS as it is spoken here.
  bool is_final = false;
  std::string message;    ///< a sentence; names the peer
  std::string advice{};   ///< what to do; may be empty
  bool is_trust = false;  ///< the peer's certificate was refused
};

/// TLS on a connected socket that doesn't block and stays the caller's. Nothing here waits: an outcome says what to
/// wait for before the same call is made again.
class Stream {
 public:
  enum class Outcome { done, wants_read, wants_write, closed, failed };
  struct Moved {
    std::size_t size = 0;
    Outcome outcome = Outcome::done;
  };

  /// The client's side. `host`: the name or address that the server's certificate must be for.
  static std::unique_ptr<Stream> connect(ContextPtr context, int socket, const std::string& host, std::uint16_t port);
  /// The server's side.
  static std::unique_ptr<Stream> accept(ContextPtr context, int socket);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// done: the peer is who it should be and speaks HTTP/2. Never `closed`.
  Outcome handshake();
  /// The caller has waited long enough for the handshake: it has failed.
  void expire();
  /// Reads one record at most: read on until it wants to wait, as bytes that were taken off the socket already wake
  /// nobody.
  Moved read(std::span<std::uint8_t> space);
  /// Writes at most `largest_record` bytes. After `wants_…` the next call must begin with the same bytes.
  Moved write(std::span<const std::uint8_t> bytes);
  /// Tells the peer that nothing more comes, as far as the socket takes it now.
  void say_goodbye();

  /// After `failed`.
  const Failure& failure() const { return failure_; }
  /// "TLSv1.3"
  std::string version() const;

  static constexpr std::size_t largest_record = 16 * 1024;

 private:
  Stream(ContextPtr context, int socket, std::string host, std::string peer);
  static int on_certificate(int is_good, x509_store_ctx_st* context);
  Outcome judge(int result);
  Outcome fail(Failure failure);
  Outcome check_protocol();

  const ContextPtr context_;
  const std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  const std::string host_;
  const std::string peer_;  ///< "host:port"; empty: a client
  bool ready_ = false;      ///< the handshake is done
  bool heard_ = false;      ///< the peer has sent something after it
  bool failed_ = false;
  Failure failure_;
};

using StreamPtr = std::unique_ptr<Stream>;

}  // namespace firesteel::tls
