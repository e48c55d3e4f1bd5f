// SPDX-License-Identifier: Apache-2.0
#include "link.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "exchange.hpp"
#include "nghttp2_session.hpp"

namespace firesteel::gateway {

namespace {

/// Large enough to keep a fast peer busy, small enough to stay in the processor's cache.
constexpr std::uint32_t stream_window = 1U << 20;
/// What streams that nobody reads hold must not stop the others of the same link.
constexpr std::int32_t link_window = 16 << 20;
constexpr std::uint32_t most_calls = 4096;  ///< of one client at once; further ones wait there
constexpr std::uint32_t largest_frame = 1U << 20;
constexpr ssize_t usual_frame = 16 * 1024;
constexpr std::size_t most_output = 512 * 1024;
constexpr std::size_t most_pending_frames = 2000;
constexpr int most_reads = 4;  ///< before others have their turn
constexpr auto answer_patience = std::chrono::seconds(20);
/// Above this between two looks we weren't there: the process was stopped, or its machine asleep.
constexpr auto longest_wink = std::chrono::seconds(5);

}  // namespace

void LinkContext::flush() {
  if (flushing) return;
  flushing = true;
  // Writing on one link may give another one leave to send more.
  for (std::size_t i = 0; i < dirty.size(); ++i) {
    const std::shared_ptr<Link> link = dirty[i];
    link->dirty_ = false;
    link->flush();
  }
  dirty.clear();
  flushing = false;
}

Link::Link(LinkContext& context, Socket socket, SessionPtr session)
    : context_(context),
      socket_(std::move(socket)),
      session_(std::move(session)),
      output_(context.pool),
      heard_(context.clock.now()),
      looked_(heard_) {}

nghttp2_option* Link::options() {
  static nghttp2_option* const made = [] {
    nghttp2_option* option = nullptr;
    check(nghttp2_option_new(&option));
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);  // priorities that refer to them are nobody's business here
    nghttp2_option_set_max_send_header_block_length(option, 256 * 1024);
    return option;
  }();
  return made;
}

void Link::set_output_callbacks(nghttp2_session_callbacks* callbacks) {
  // Without this nghttp2 sends frames of 16 KiB whatever the peer takes. It makes a buffer of the size that is said
  // here, although nothing is copied into it: so no more than there is.
  nghttp2_session_callbacks_set_data_source_read_length_callback(
      callbacks,
      [](nghttp2_session* session, std::uint8_t, std::int32_t stream, std::int32_t link_left, std::int32_t stream_left,
         std::uint32_t frame_limit, void* user) noexcept -> ssize_t {
        const ssize_t wanted = std::max<ssize_t>(static_cast<Link*>(user)->waiting_data(session, stream), usual_frame);
        return std::min<ssize_t>({link_left, stream_left, static_cast<ssize_t>(frame_limit), wanted});
      });
  nghttp2_session_callbacks_set_send_data_callback(
      callbacks, [](nghttp2_session*, nghttp2_frame*, const std::uint8_t* header, std::size_t size,
                    nghttp2_data_source* source, void* user) noexcept {
        constexpr std::size_t header_size = 9;
        Link& link = *static_cast<Link*>(user);
        link.output_.add(header, header_size);
        static_cast<Flow*>(source->ptr)->take(size, link.output_);
        return 0;
      });
}

void Link::submit_settings(bool is_client) {
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, largest_frame},
      is_client ? nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}
                : nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, most_calls}};
  check(nghttp2_submit_settings(session(), NGHTTP2_FLAG_NONE, settings, std::size(settings)));
  check(nghttp2_session_set_local_window_size(session(), NGHTTP2_FLAG_NONE, 0, link_window));
}

void Link::set_session(SessionPtr session) {
  session_ = std::move(session);
  // A client's first bytes are in the buffer that all sessions share, from its making on.
  fill_output();
}

void Link::begin() {
  touch();
  wait_readable();
}

void Link::touch() {
  if (dirty_ || !open_) return;
  dirty_ = true;
  context_.dirty.push_back(shared_from_this());
}

void Link::close() {
  if (!open_) return;
  open_ = false;
  if (socket_.is_open()) wire_.say_goodbye();
  boost::system::error_code ignored;  // the descriptor is gone either way
  socket_.close(ignored);
  output_.clear();
}

void Link::fail(std::string_view why) {
  if (!open_) return;
  const auto self = shared_from_this();
  lost(why);
  close();
}

void Link::wait_readable() {
  if (!open_) return;
  if (blocked_ && nghttp2_session_get_outbound_queue_size(session()) > most_pending_frames) {
    paused_ = true;
    return;
  }
  if (wire_.has_unread())
    return boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->on_readable(); });
  const auto needed = wire_.read_waits_to_write() ? Socket::wait_write : Socket::wait_read;
  socket_.async_wait(needed, [self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->on_readable();
  });
}

void Link::on_readable() {
  for (int i = 0; i < most_reads && open_; ++i) {
    const auto space = context_.pool.space();
    const auto got = wire_.read(socket_.native_handle(), space);
    if (got.size > 0) {
      context_.pool.commit(got.size);
      take(space.first(got.size));
    }
    if (got.state == Wire::State::closed) fail("closed by the peer");
    if (got.state == Wire::State::broken) fail(fmt::format("lost: {}", wire_.problem()));
    context_.flush();
    if (got.state != Wire::State::ready) break;
  }
  wait_readable();
}

void Link::take(std::span<const std::uint8_t> bytes) {
  heard_ = context_.clock.now();
  asked_ = {};
  const ssize_t taken = nghttp2_session_mem_recv(session(), bytes.data(), bytes.size());
  if (taken == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  if (taken < 0) return fail(fmt::format("no HTTP/2 ({})", nghttp2_strerror(static_cast<int>(taken))));
  touch();  // acknowledgements, windows, or the goodbye to a peer that broke the rules
}

/// Takes from nghttp2 what it has to say, as far as the socket may want it soon.
void Link::fill_output() {
  while (output_.bytes() < most_output) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session(), &bytes);
    check(static_cast<int>(size));
    if (size == 0) break;
    output_.add(bytes, static_cast<std::size_t>(size));
  }
}

void Link::flush() {
  while (open_ && !blocked_ && session_) {
    fill_output();
    if (output_.bytes() == 0) break;
    const auto sent = wire_.send(socket_.native_handle(), output_);
    if (sent == OutputQueue::Sent::broken) return fail(fmt::format("lost: {}", wire_.problem()));
    if (sent == OutputQueue::Sent::blocked) return wait_writable();
  }
  if (open_ && session_ && !blocked_ && nghttp2_session_want_read(session()) == 0 &&
      nghttp2_session_want_write(session()) == 0)
    fail("closed");
}

void Link::wait_writable() {
  blocked_ = true;
  const auto needed = wire_.send_waits_to_read() ? Socket::wait_read : Socket::wait_write;
  socket_.async_wait(needed, [self = shared_from_this()](boost::system::error_code error) {
    if (error) return;
    self->blocked_ = false;
    self->touch();
    self->context_.flush();
    if (std::exchange(self->paused_, false)) self->wait_readable();
  });
}

void Link::consumed_stream(std::int32_t stream, std::size_t size) {
  if (!open_ || size == 0) return;
  nghttp2_session_consume_stream(session(), stream, size);  // a stream that has closed needs it no more
  touch();
}

void Link::consumed_link(std::size_t size) {
  if (!open_ || size == 0) return;
  check(nghttp2_session_consume_connection(session(), size));
  touch();
}

void Link::look_after() {
  if (!open_ || !session_) return;
  const TimePoint now = context_.clock.now();
  const bool was_away = now - std::exchange(looked_, now) > longest_wink;
  if (asked_ != TimePoint{}) {
    if (was_away) asked_ = now;  // the answer may have come meanwhile, and wait to be read
    if (now - asked_ > answer_patience) fail("silent for too long");
    return;
  }
  const auto most = most_silence();
  if (!most || now - heard_ < *most) return;
  check(nghttp2_submit_ping(session(), NGHTTP2_FLAG_NONE, nullptr));
  asked_ = now;
  touch();
}

}  // namespace firesteel::gateway
