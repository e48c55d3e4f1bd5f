// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "firesteel/gateway/destinations.hpp"
#include "header_block.hpp"
#include "link.hpp"
#include "slices.hpp"
#include "spark_call.hpp"

namespace firesteel::gateway {

class ClientLink;
class ServerLink;

/// The data of one direction of a call, from the stream that it comes in by to the one that it leaves by.
///
/// The sender's windows bound what waits here: a stream's window opens as data leaves, a link's at once as long as the
/// pool isn't full, so that a reader who stalls stops nobody else.
class Flow {
 public:
  /// Where the data comes from; `link` is null when that is gone.
  void set_source(Link* link, std::int32_t stream);
  void forget_source() { source_ = nullptr; }

  void push(Slice slice, ReadPool& pool);
  /// Nothing more comes; `trailers` may be empty.
  void end(HeaderBlock trailers);
  bool has_ended() const { return ended_; }
  HeaderBlock take_trailers() { return std::exchange(trailers_, {}); }
  std::size_t size() const { return bytes_; }
  std::span<const Slice> slices() const { return slices_.all(); }
  /// Throws away what waits here.
  void drop();

  /// For nghttp2_submit_…; the flow must stay where it is.
  nghttp2_data_provider provider();
  /// nghttp2's callbacks of the link that the data leaves by.
  static ssize_t on_read(nghttp2_session* session, std::int32_t stream, std::uint8_t* out, std::size_t size,
                         std::uint32_t* flags, nghttp2_data_source* source, void* user);
  void take(std::size_t size, OutputQueue& output);

 private:
  void passed_on(std::size_t size);

  Link* source_ = nullptr;
  std::int32_t source_stream_ = 0;
  SliceQueue slices_;
  std::size_t bytes_ = 0;
  std::size_t owed_ = 0;  ///< bytes that the source's link still waits for
  bool ended_ = false;
  HeaderBlock trailers_;
};

/// Why the gateway itself ends a call, told as a gRPC status with a sentence for people.
struct Refusal {
  int status = 0;           ///< gRPC's
  std::string message;      ///< UTF-8
  std::string_view code{};  ///< goes into x-firesteel-error; see docs/dev/gateway.md
};

/// One call on its way through the gateway. Owned by the client's link.
struct Exchange {
  Exchange(ClientLink& c, std::int32_t s) : client(c), client_stream(s) {}

  ClientLink& client;
  const std::int32_t client_stream;
  HeaderBlock request;
  Flow to_server;
  Flow to_client;
  std::optional<Destination> destination;
  std::shared_ptr<ServerLink> server;  ///< null before there is one and after it is gone
  std::int32_t server_stream = 0;      ///< 0: none, or closed
  bool answered = false;               ///< the client has the response's headers
  std::optional<TimePoint> orphaned;   ///< since when its server's link is gone, until it is known why
  std::unique_ptr<SparkCall> call;     ///< what is noted of it
};

}  // namespace firesteel::gateway
