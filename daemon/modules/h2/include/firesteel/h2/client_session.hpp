// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "firesteel/core/error.hpp"
#include "firesteel/h2/grpc_call.hpp"

namespace firesteel::h2 {

using StreamId = std::int32_t;

/// The client's side of one HTTP/2 connection that carries unary gRPC calls: bytes in, bytes out, calls that ended.
/// It does no I/O and knows no time.
///
///     start(call) ──► output() ──► the peer ──► receive(bytes) ──► next_ended()
///
/// After start(), cancel() and receive() there may be output; after cancel(), receive(), output() and lost() there may
/// be ended calls. Every call that was started ends exactly once. What the peer may make us keep is bounded: a reply
/// beyond max_grpc_message resets its stream.
class ClientSession {
 public:
  struct Ended {
    StreamId stream = 0;
    /// Errors: Errc::not_ready (the connection was lost), internal (the peer broke HTTP/2, or its reply is too long).
    Result<GrpcReply> reply;
  };

  /// `authority`: "127.0.0.1:15002".
  explicit ClientSession(std::string authority);
  ClientSession(ClientSession&&) noexcept;
  ClientSession& operator=(ClientSession&&) noexcept;
  ~ClientSession();

  /// Begins a call. Errors: Errc::not_ready (the session is closed or closing), bad_request (path, metadata or
  /// message can't be sent: see max_grpc_message and max_metadata).
  Result<StreamId> start(GrpcCall call);

  /// Resets the stream of a call that hasn't ended; it ends as CANCELLED.
  void cancel(StreamId stream);

  /// Takes all the bytes, which came from the peer.
  void receive(std::string_view bytes);

  /// The peer is gone: every open call ends. `why` completes "the connection was …".
  void lost(std::string_view why);

  /// What is to be sent now, in order; empty when there is nothing.
  std::string output();

  /// The next call that ended, in the order of their ends.
  std::optional<Ended> next_ended();

  /// Whether start() may succeed: neither side has said goodbye and the connection isn't lost.
  bool is_open() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace firesteel::h2
