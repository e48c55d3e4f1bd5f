// SPDX-License-Identifier: Apache-2.0
#include "frame_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace firesteel::gateway {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One end of an HTTP/2 connection that notes all it gets, and sends a body and trailers on each stream.
class End {
 public:
  End(FrameMemory& memory, bool is_server) : memory_(memory), is_server_(is_server) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
          static_cast<End*>(user)->headers[frame->hd.stream_id].emplace_back(text(name, name_size),
                                                                             text(value, value_size));
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size,
                      void* user) {
          static_cast<End*>(user)->bodies[stream] += text(bytes, size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
          End& self = *static_cast<End*>(user);
          if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) ++self.ping_acks;
          if (frame->hd.type == NGHTTP2_GOAWAY) self.goodbye = true;
          return 0;
        });
    // Frames of any size: nghttp2 then makes a larger buffer.
    nghttp2_session_callbacks_set_data_source_read_length_callback(
        callbacks,
        [](nghttp2_session*, std::uint8_t, std::int32_t stream, std::int32_t link, std::int32_t window,
           std::uint32_t frame, void*) -> ssize_t {
          const std::int32_t wanted = stream % 4 == 1 ? 16 * 1024 : 300 * 1024;
          return std::min({link, window, static_cast<std::int32_t>(frame), wanted});
        });
    nghttp2_option* options = nullptr;
    nghttp2_option_new(&options);
    nghttp2_option_set_max_send_header_block_length(options, 256 * 1024);
    memory.for_session([&](nghttp2_mem* hooks) {
      return is_server ? nghttp2_session_server_new3(&session, callbacks, this, options, hooks)
                       : nghttp2_session_client_new3(&session, callbacks, this, options, hooks);
    });
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1U << 20},
                                               {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, 1U << 20}};
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session, &bytes);
    first_ = text(bytes, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    memory.spoil();
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 2);
    memory.spoil();
  }
  ~End() { nghttp2_session_del(session); }
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  /// A message with this body; of a client: a new stream.
  void send(std::int32_t stream, const Headers& fields, std::string body) {
    to_send[stream] = std::move(body);
    const auto list = as_nv(fields);
    nghttp2_data_provider provider{};
    provider.read_callback = [](nghttp2_session* s, std::int32_t id, std::uint8_t* out, std::size_t size,
                                std::uint32_t* flags, nghttp2_data_source*, void* user) -> ssize_t {
      std::string& rest = static_cast<End*>(user)->to_send[id];
      const std::size_t part = std::min(size, rest.size());
      std::memcpy(out, rest.data(), part);
      rest.erase(0, part);
      if (rest.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
        nghttp2_submit_trailer(s, id, as_nv({{"grpc-status", "0"}}).data(), 1);
      }
      return static_cast<ssize_t>(part);
    };
    if (is_server_)
      nghttp2_submit_response(session, stream, list.data(), list.size(), &provider);
    else
      nghttp2_submit_request(session, nullptr, list.data(), list.size(), &provider, nullptr);
    memory_.spoil();
  }

  /// At most one piece of what it has to say; what is in the common buffer is spoilt then, as another session would.
  bool say(End& other) {
    std::string piece = std::exchange(first_, {});
    if (piece.empty()) {
      const std::uint8_t* bytes = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session, &bytes);
      EXPECT_GE(size, 0);
      if (size <= 0) return false;
      piece = text(bytes, static_cast<std::size_t>(size));
    }
    memory_.spoil();
    EXPECT_EQ(
        nghttp2_session_mem_recv(other.session, reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()),
        static_cast<ssize_t>(piece.size()));
    return true;
  }

  static std::string text(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
  }
  static std::vector<nghttp2_nv> as_nv(const Headers& fields) {
    std::vector<nghttp2_nv> out;
    for (const auto& [name, value] : fields)
      out.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                     reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
                     NGHTTP2_NV_FLAG_NONE});
    return out;
  }

  nghttp2_session* session = nullptr;
  std::map<std::int32_t, Headers> headers;
  std::map<std::int32_t, std::string> bodies;
  std::map<std::int32_t, std::string> to_send;
  int ping_acks = 0;
  bool goodbye = false;

 private:
  FrameMemory& memory_;
  const bool is_server_;
  std::string first_;  ///< what it has to say from its making on
};

std::string noise(std::size_t size, unsigned seed) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>('!' + ((seed = seed * 1664525U + 1013904223U) >> 24) % 90);
  return out;
}

void talk(End& one, End& other) {
  for (bool more = true; more;) {
    const bool first = one.say(other);
    const bool second = other.say(one);
    more = first || second;
  }
}

}  // namespace

TEST(FrameMemory, SessionsThatTakeTurnsInOneBufferSayWhatTheyMean) {
  FrameMemory memory;
  End client(memory, false);
  End server(memory, true);
  ASSERT_EQ(memory.taken(), 2U) << "nghttp2 makes its buffers in another way now";
  talk(client, server);
  std::map<std::int32_t, Headers> requests, answers;
  std::map<std::int32_t, std::string> questions, replies;
  for (std::int32_t stream = 1; stream < 40; stream += 2) {
    const auto seed = static_cast<unsigned>(stream);
    // Some need CONTINUATION, some a table that forgets.
    requests[stream] = {
        {":method", "POST"}, {":scheme", "http"}, {":path", "/" + noise(20, seed)}, {":authority", "x"}};
    for (unsigned i = 0; i < seed; ++i) requests[stream].emplace_back("x-" + std::to_string(i), noise(1500, i));
    questions[stream] = noise(seed * 20'000, seed);
    client.send(stream, requests[stream], questions[stream]);
    nghttp2_submit_ping(client.session, NGHTTP2_FLAG_NONE, nullptr);
  }
  talk(client, server);
  for (const auto& [stream, fields] : requests) {
    answers[stream] = {{":status", "200"}, {"x-large", noise(static_cast<std::size_t>(stream) * 1000, 7)}};
    replies[stream] = noise(static_cast<std::size_t>(stream) * 10'000, 11);
    server.send(stream, answers[stream], replies[stream]);
  }
  talk(client, server);
  nghttp2_session_terminate_session(client.session, NGHTTP2_NO_ERROR);
  talk(client, server);
  for (const auto& [stream, body] : questions) {
    requests[stream].emplace_back("grpc-status", "0");
    answers[stream].emplace_back("grpc-status", "0");
    EXPECT_EQ(server.headers[stream], requests[stream]) << stream;
    EXPECT_EQ(client.headers[stream], answers[stream]) << stream;
    EXPECT_EQ(server.bodies[stream], body) << stream;
    EXPECT_EQ(client.bodies[stream], replies[stream]) << stream;
  }
  EXPECT_EQ(client.ping_acks, 20);
  EXPECT_TRUE(server.goodbye);
}

TEST(FrameMemory, OnlyTheFirstBufferOfASessionIsShared) {
  FrameMemory memory;
  std::vector<void*> places;
  memory.for_session([&](nghttp2_mem* hooks) {
    places.push_back(hooks->malloc(100, hooks->mem_user_data));
    places.push_back(hooks->realloc(nullptr, 16'408, hooks->mem_user_data));
    places.push_back(hooks->malloc(16'408, hooks->mem_user_data));
    for (void* place : places) std::memset(place, 1, 100);
    EXPECT_EQ(memory.taken(), 1U);
    places[1] = hooks->realloc(places[1], 1 << 20, hooks->mem_user_data);
    EXPECT_EQ(static_cast<char*>(places[1])[99], 1);
    for (void* place : places) hooks->free(place, hooks->mem_user_data);
    return 0;
  });
}

}  // namespace firesteel::gateway
