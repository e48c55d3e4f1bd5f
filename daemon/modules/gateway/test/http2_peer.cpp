// SPDX-License-Identifier: Apache-2.0
#include "http2_peer.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "framed.hpp"
#include "nghttp2_session.hpp"

namespace firesteel::gateway {

namespace {

Http2Peer& peer(void* user) { return *static_cast<Http2Peer*>(user); }

nghttp2_nv field(const char* name, const char* value) {
  auto* const n = const_cast<char*>(name);
  auto* const v = const_cast<char*>(value);
  return {reinterpret_cast<std::uint8_t*>(n), reinterpret_cast<std::uint8_t*>(v), std::strlen(name), std::strlen(value),
          NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Peer::Http2Peer(io::UniqueFd socket, bool is_client) : socket_(std::move(socket)) {
  const CallbacksPtr callbacks = make_callbacks();
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                          const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept {
        peer(user).calls[frame->hd.stream_id].fields[std::string(view(name, name_size))] = view(value, value_size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks.get(), [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                          std::size_t size, void* user) noexcept {
        peer(user).calls[stream].data += view(bytes, size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks.get(), [](nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
        if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) ++peer(user).pings;
        const bool may_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
        if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
          peer(user).calls[frame->hd.stream_id].ended = true;
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks.get(), [](nghttp2_session*, std::int32_t stream, std::uint32_t error_code, void* user) noexcept {
        peer(user).calls[stream].closed = true;
        peer(user).calls[stream].reset = error_code;
        return 0;
      });
  const auto make = is_client ? &nghttp2_session_client_new : &nghttp2_session_server_new;
  check(make(&session_, callbacks.get(), this));
  check(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0));
}

bool Http2Peer::pump() {
  bool read = false;
  std::uint8_t space[16 * 1024];
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), space, sizeof space, MSG_DONTWAIT);
    if (got <= 0) {
      gone = gone || got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
      break;
    }
    read = true;
    check(static_cast<int>(nghttp2_session_mem_recv(session_, space, static_cast<std::size_t>(got))));
  }
  if (!gone) write();
  return read;
}

void Http2Peer::write() {
  for (;;) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    check(static_cast<int>(size));
    if (size == 0) return;
    ::send(socket_.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);  // little enough for its buffer
  }
}

nghttp2_data_provider Http2Peer::message(Call& call) {
  nghttp2_data_provider out{};
  out.source.ptr = &call;
  out.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t* space, std::size_t, std::uint32_t*,
                         nghttp2_data_source* source, void*) noexcept -> ssize_t {
    if (std::exchange(static_cast<Call*>(source->ptr)->sent, true)) return NGHTTP2_ERR_DEFERRED;
    const std::string text = framed("word");
    std::memcpy(space, text.data(), text.size());
    return static_cast<ssize_t>(text.size());
  };
  return out;
}

std::int32_t Http2Peer::call() {
  const nghttp2_nv fields[] = {field(":method", "POST"),
                               field(":scheme", "http"),
                               field(":authority", "localhost"),
                               field(":path", "/spark.connect.SparkConnectService/Talk"),
                               field("content-type", "application/grpc"),
                               field("te", "trailers")};
  const std::int32_t stream = nghttp2_session_get_next_stream_id(session_);
  const nghttp2_data_provider body = message(calls[stream]);
  check(nghttp2_submit_request(session_, nullptr, fields, std::size(fields), &body, nullptr));
  pump();
  return stream;
}

void Http2Peer::answer(std::int32_t stream) {
  const nghttp2_nv fields[] = {field(":status", "200"), field("content-type", "application/grpc")};
  const nghttp2_data_provider body = message(calls[stream]);
  check(nghttp2_submit_response(session_, stream, fields, std::size(fields), &body));
  pump();
}

void Http2Peer::cancel(std::int32_t stream) {
  check(nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL));
  pump();
}

}  // namespace firesteel::gateway
