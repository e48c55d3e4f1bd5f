// SPDX-License-Identifier: Apache-2.0
#include "fake_server.hpp"

#include <algorithm>
#include <cstring>

namespace firesteel::h2::test {
namespace {

FakeServer& self(void* user) { return *static_cast<FakeServer*>(user); }

std::string text(const std::uint8_t* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

}  // namespace

FakeServer::FakeServer(Handler handler, std::vector<nghttp2_settings_entry> settings) : handler_(std::move(handler)) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
        self(user).open_[frame->hd.stream_id].headers[text(name, name_size)] = text(value, value_size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks,
      [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size, void* user) {
        self(user).open_[stream].body += text(bytes, size);
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) { return self(user).on_frame(*frame); });
  nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
}

int FakeServer::on_frame(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_RST_STREAM) resets.emplace_back(frame.hd.stream_id, frame.rst_stream.error_code);
  if (frame.hd.type == NGHTTP2_PING && (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0) ++ping_acks;
  const bool request = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  if (request && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
    Request complete = std::move(open_[frame.hd.stream_id]);
    open_.erase(frame.hd.stream_id);
    complete.stream = frame.hd.stream_id;
    requests.push_back(complete);
    handler_(*this, complete);
  }
  return 0;
}

bool FakeServer::receive(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return nghttp2_session_mem_recv(session_, data, bytes.size()) == static_cast<ssize_t>(bytes.size());
}

std::string FakeServer::output() {
  std::string out;
  const std::uint8_t* bytes = nullptr;
  for (ssize_t size; (size = nghttp2_session_mem_send(session_, &bytes)) > 0;)
    out += text(bytes, static_cast<std::size_t>(size));
  return out;
}

std::vector<nghttp2_nv> FakeServer::as_nv(const Headers& headers) {
  std::vector<nghttp2_nv> out;
  for (const auto& [name, value] : headers)
    out.push_back({const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(name.data())),
                   const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(value.data())), name.size(),
                   value.size(), NGHTTP2_NV_FLAG_NONE});
  return out;
}

std::string FakeServer::framed(std::string_view message, bool compressed) {
  const auto size = message.size();
  std::string out{compressed ? '\1' : '\0', static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                  static_cast<char>(size >> 8), static_cast<char>(size)};
  return out.append(message);
}

void FakeServer::submit(std::int32_t stream, const Headers& headers, Body body) {
  bodies_[stream] = std::move(body);
  nghttp2_data_provider provider{};
  provider.read_callback = [](nghttp2_session*, std::int32_t id, std::uint8_t* out, std::size_t size,
                              std::uint32_t* flags, nghttp2_data_source*,
                              void* user) { return self(user).on_read(id, out, size, *flags); };
  nghttp2_submit_response(session_, stream, as_nv(headers).data(), headers.size(), &provider);
}

ssize_t FakeServer::on_read(std::int32_t stream, std::uint8_t* out, std::size_t size, std::uint32_t& flags) {
  Body& body = bodies_[stream];
  const std::size_t part = std::min(size, body.bytes.size() - body.sent);
  if (part == 0 && !body.ends) return NGHTTP2_ERR_DEFERRED;
  std::memcpy(out, body.bytes.data() + body.sent, part);
  body.sent += part;
  if (body.sent == body.bytes.size() && body.ends) {
    flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!body.trailers.empty()) {
      flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      nghttp2_submit_trailer(session_, stream, as_nv(body.trailers).data(), body.trailers.size());
    }
  }
  return static_cast<ssize_t>(part);
}

void FakeServer::respond(std::int32_t stream, std::string body, Headers trailers, Headers headers) {
  submit(stream, headers, {.bytes = std::move(body), .sent = 0, .trailers = std::move(trailers), .ends = true});
}

void FakeServer::respond_half(std::int32_t stream, std::string body) {
  submit(stream, grpc_headers(), {.bytes = std::move(body), .sent = 0, .trailers = {}, .ends = false});
}

void FakeServer::respond_trailers_only(std::int32_t stream, Headers headers) {
  nghttp2_submit_response(session_, stream, as_nv(headers).data(), headers.size(), nullptr);
}

void FakeServer::reply(std::int32_t stream, std::string_view message) {
  respond(stream, framed(message), {{"grpc-status", "0"}});
}

void FakeServer::reset(std::int32_t stream, std::uint32_t error_code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, error_code);
}

void FakeServer::goaway(std::int32_t last_stream, std::uint32_t error_code) {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_stream, error_code, nullptr, 0);
}

}  // namespace firesteel::h2::test
