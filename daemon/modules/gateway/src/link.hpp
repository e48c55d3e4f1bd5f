// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/time.hpp"
#include "frame_memory.hpp"
#include "header_block.hpp"
#include "metrics.hpp"
#include "output_queue.hpp"
#include "slices.hpp"
#include "wire.hpp"

namespace firesteel::gateway {

class Link;

/// What all links of a gateway share. Must outlive them.
struct LinkContext {
  explicit LinkContext(const Clock& c) : clock(c) {}

  /// Writes what links have to say, until no link has anything that its socket takes.
  void flush();

  const Clock& clock;
  ReadPool pool;
  FrameMemory frames;
  Metrics metrics;
  SpareHeaders spare_headers;
  std::vector<std::shared_ptr<Link>> dirty;
  bool flushing = false;
  std::size_t retired = 0;  ///< links that ended because nobody used them, since the allocator has given back memory
};

struct SessionDeleter {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};
using SessionPtr = std::unique_ptr<nghttp2_session, SessionDeleter>;

/// One socket that speaks HTTP/2: reads, lets nghttp2 understand, and writes what nghttp2 has to say.
///
/// Waits on its socket keep it alive, until close(). All is called on the event loop's thread. Who submits something
/// calls touch(); it is written by LinkContext::flush(), once for all that one read has caused.
class Link : public std::enable_shared_from_this<Link> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  nghttp2_session* session() { return session_.get(); }
  /// Something is to be written.
  void touch();
  /// Ends it now; nothing is called any more. May be called from within its own callbacks.
  void close();
  bool is_open() const { return open_; }

  /// Looks after the peer: closes a link that says nothing where it should, asks one that was silent for long.
  void look_after();
  /// Bytes that wait to be written.
  std::size_t unwritten() const { return output_.bytes(); }
  /// The peer may send so many more bytes on the link, and on the stream if there is one, as we passed on.
  void consumed_stream(std::int32_t stream, std::size_t size);
  void consumed_link(std::size_t size);

 protected:
  Link(LinkContext& context, Socket socket, SessionPtr session);
  /// For a link whose socket isn't connected yet.
  void set_session(SessionPtr session);
  Socket& socket() { return socket_; }
  LinkContext& context() { return context_; }
  const LinkContext& context() const { return context_; }

  Wire& wire() { return wire_; }
  const Wire& wire() const { return wire_; }
  /// Begins to read.
  void begin();
  /// Nothing is written while the socket isn't connected.
  void hold_output(bool hold) { blocked_ = hold; }
  /// nghttp2's callbacks for data that leaves, the same for both kinds of link; `user` of the session is the Link.
  static void set_output_callbacks(nghttp2_session_callbacks* callbacks);
  /// The settings that both kinds of link begin with.
  void submit_settings(bool is_client);
  static nghttp2_option* options();

  /// Ends it as if the peer had gone.
  void give_up(std::string_view why) { fail(why); }

  /// Bytes that wait to leave on the stream.
  virtual ssize_t waiting_data(nghttp2_session* session, std::int32_t stream) const = 0;
  /// The peer has gone, in words that complete "the connection was …".
  virtual void lost(std::string_view why) = 0;
  /// How long the peer may say nothing before it is asked whether it is there; nothing: for ever.
  virtual std::optional<std::chrono::seconds> most_silence() const = 0;

 private:
  friend struct LinkContext;
  void wait_readable();
  void on_readable();
  void wait_writable();
  void take(std::span<const std::uint8_t> bytes);
  void flush();
  void fill_output();
  void fail(std::string_view why);

  LinkContext& context_;
  Socket socket_;
  SessionPtr session_;
  OutputQueue output_;
  Wire wire_;
  bool open_ = true;
  bool dirty_ = false;
  bool blocked_ = false;  ///< the socket takes nothing now, and we wait until it does
  bool paused_ = false;   ///< nothing is read: the peer asks for more than it takes
  TimePoint heard_;       ///< when the peer said something last
  TimePoint asked_{};     ///< when a PING was sent that isn't answered yet; epoch: none
  TimePoint looked_;      ///< when look_after() was called last
};

}  // namespace firesteel::gateway
