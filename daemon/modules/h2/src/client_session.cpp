// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/client_session.hpp"

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <deque>
#include <map>
#include <new>
#include <utility>

#include "client_call.hpp"
#include "firesteel/h2/grpc_status.hpp"

namespace firesteel::h2 {
namespace {

/// Big enough for the replies we ask for to arrive without waiting for window updates.
constexpr std::uint32_t window_size = 1U << 20;

struct Deleter {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};

void check(int result) {
  if (result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  if (result < 0) throw std::logic_error(fmt::format("nghttp2: {}", nghttp2_strerror(result)));
}

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

class ClientSession::State {
 public:
  explicit State(std::string authority);

  Result<StreamId> start(GrpcCall call);
  void cancel(StreamId stream);
  void receive(std::string_view bytes);
  void lost(std::string_view why);
  std::string output();
  std::optional<Ended> next_ended();
  bool is_open() const { return !over_ && nghttp2_session_check_request_allowed(session_.get()) != 0; }

 private:
  static std::unique_ptr<nghttp2_session_callbacks, Deleter> make_callbacks();
  static State& self(void* user_data) { return *static_cast<State*>(user_data); }

  ClientCall* find(StreamId stream);
  void end(StreamId stream, Result<GrpcReply> reply);
  void end_all(const Error& error);
  void on_frame(const nghttp2_frame& frame);
  void on_data(StreamId stream, std::string_view bytes);
  void on_close(StreamId stream, std::uint32_t error_code);
  ssize_t on_read(StreamId stream, std::uint8_t* out, std::size_t size, std::uint32_t& flags);
  void notice_end();

  std::string authority_;
  std::unique_ptr<nghttp2_session, Deleter> session_;
  std::map<StreamId, ClientCall> calls_;
  std::deque<Ended> ended_;
  std::string fault_;  ///< what the peer did wrong, once we have told it so
  bool over_ = false;  ///< nothing is sent or received any more
};

ClientSession::State::State(std::string authority) : authority_(std::move(authority)) {
  nghttp2_session* session = nullptr;
  check(nghttp2_session_client_new(&session, make_callbacks().get(), this));
  session_.reset(session);
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window_size}};
  check(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, std::size(settings)));
  check(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, window_size));
}

// The callbacks are called by C code, which no exception may cross: running out of memory in one ends the program.
std::unique_ptr<nghttp2_session_callbacks, Deleter> ClientSession::State::make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  check(nghttp2_session_callbacks_new(&callbacks));
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept {
        if (auto* call = self(user).find(frame->hd.stream_id))
          call->take_header(view(name, name_size), view(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size,
                    void* user) noexcept {
        self(user).on_data(stream, view(bytes, size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
        self(user).on_frame(*frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, std::int32_t stream, std::uint32_t error_code, void* user) noexcept {
        self(user).on_close(stream, error_code);
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_not_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, int, void* user) noexcept {
        auto* call = frame->hd.type == NGHTTP2_HEADERS ? self(user).find(frame->hd.stream_id) : nullptr;
        if (call) call->refused = true;
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
        if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
          self(user).fault_ = fmt::format("{} {}", nghttp2_http2_strerror(frame->goaway.error_code),
                                          view(frame->goaway.opaque_data, frame->goaway.opaque_data_len));
        return 0;
      });
  return std::unique_ptr<nghttp2_session_callbacks, Deleter>(callbacks);
}

Result<StreamId> ClientSession::State::start(GrpcCall call) {
  if (!is_open()) return Error{.code = Errc::not_ready, .message = "the server takes no more calls on this connection"};
  const auto headers = request_headers(call, authority_);
  if (!headers) return headers.error();

  nghttp2_data_provider request{};
  request.read_callback = [](nghttp2_session*, std::int32_t stream, std::uint8_t* out, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source*,
                             void* user) noexcept { return self(user).on_read(stream, out, size, *flags); };
  const StreamId stream =
      nghttp2_submit_request(session_.get(), nullptr, headers->data(), headers->size(), &request, nullptr);
  check(stream);
  calls_.emplace(stream, ClientCall(call.message));
  return stream;
}

ClientCall* ClientSession::State::find(StreamId stream) {
  const auto it = calls_.find(stream);
  return it == calls_.end() ? nullptr : &it->second;
}

void ClientSession::State::end(StreamId stream, Result<GrpcReply> reply) {
  calls_.erase(stream);
  ended_.push_back({stream, std::move(reply)});
}

void ClientSession::State::end_all(const Error& error) {
  while (!calls_.empty()) end(calls_.begin()->first, error);
}

void ClientSession::State::cancel(StreamId stream) {
  if (!find(stream)) return;
  check(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL));
  end(stream, GrpcReply{.status = {GrpcStatus::cancelled, "cancelled here"}, .message = {}});
}

ssize_t ClientSession::State::on_read(StreamId stream, std::uint8_t* out, std::size_t size, std::uint32_t& flags) {
  auto* call = find(stream);
  if (!call) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream of a call that has ended
  const std::size_t part = call->read_request(out, size);
  if (call->request_sent()) flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(part);
}

void ClientSession::State::on_data(StreamId stream, std::string_view bytes) {
  auto* call = find(stream);
  if (!call) return;
  const auto fault = call->take_data(bytes);
  if (!fault) return;
  check(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL));
  end(stream, Error{.code = Errc::internal, .message = *fault});
}

void ClientSession::State::on_frame(const nghttp2_frame& frame) {
  const bool ends_stream = (frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS) &&
                           (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  auto* call = ends_stream ? find(frame.hd.stream_id) : nullptr;
  if (!call) return;
  if (!call->request_sent())
    check(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_CANCEL));
  end(frame.hd.stream_id, call->finish());
}

void ClientSession::State::on_close(StreamId stream, std::uint32_t error_code) {
  auto* call = find(stream);
  if (!call) return;
  if (call->refused) error_code = NGHTTP2_REFUSED_STREAM;
  end(stream, GrpcReply{.status = status_from_reset(error_code), .message = {}});
}

void ClientSession::State::receive(std::string_view bytes) {
  if (over_) return;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const ssize_t taken = nghttp2_session_mem_recv(session_.get(), data, bytes.size());
  if (taken == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  if (taken >= 0) return notice_end();
  over_ = true;
  end_all({.code = Errc::internal,
           .message = fmt::format("the server doesn't speak HTTP/2: {}", nghttp2_strerror(static_cast<int>(taken)))});
}

std::string ClientSession::State::output() {
  std::string out;
  while (!over_) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    check(static_cast<int>(size));
    if (size == 0) break;
    out += view(bytes, static_cast<std::size_t>(size));
  }
  notice_end();
  return out;
}

void ClientSession::State::notice_end() {
  if (over_ || nghttp2_session_want_read(session_.get()) != 0 || nghttp2_session_want_write(session_.get()) != 0)
    return;
  over_ = true;
  if (fault_.empty()) return end_all({.code = Errc::not_ready, .message = "the server has closed the connection"});
  end_all({.code = Errc::internal, .message = fmt::format("the server breaks HTTP/2: {}", fault_)});
}

void ClientSession::State::lost(std::string_view why) {
  over_ = true;
  end_all({.code = Errc::not_ready, .message = fmt::format("the connection was {}", why)});
}

std::optional<ClientSession::Ended> ClientSession::State::next_ended() {
  if (ended_.empty()) return std::nullopt;
  std::optional<Ended> first(std::move(ended_.front()));
  ended_.pop_front();
  return first;
}

ClientSession::ClientSession(std::string authority) : state_(std::make_unique<State>(std::move(authority))) {}
ClientSession::ClientSession(ClientSession&&) noexcept = default;
ClientSession& ClientSession::operator=(ClientSession&&) noexcept = default;
ClientSession::~ClientSession() = default;

Result<StreamId> ClientSession::start(GrpcCall call) { return state_->start(std::move(call)); }
void ClientSession::cancel(StreamId stream) { state_->cancel(stream); }
void ClientSession::receive(std::string_view bytes) { state_->receive(bytes); }
void ClientSession::lost(std::string_view why) { state_->lost(why); }
std::string ClientSession::output() { return state_->output(); }
std::optional<ClientSession::Ended> ClientSession::next_ended() { return state_->next_ended(); }
bool ClientSession::is_open() const { return state_->is_open(); }

}  // namespace firesteel::h2
