// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>

#include "link.hpp"

/// What both kinds of link need of nghttp2's C interface. Its callbacks are called by C code, which no exception may
/// cross: running out of memory in one ends the program.
namespace firesteel::gateway {

struct CallbacksDeleter {
  void operator()(nghttp2_session_callbacks* callbacks) const { nghttp2_session_callbacks_del(callbacks); }
};
using CallbacksPtr = std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter>;

inline void check(int result) {
  if (result == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  if (result < 0) throw std::logic_error(fmt::format("nghttp2: {}", nghttp2_strerror(result)));
}

inline CallbacksPtr make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  check(nghttp2_session_callbacks_new(&callbacks));
  return CallbacksPtr(callbacks);
}

/// The link behind a session's user data.
template <class T>
T& of(void* user) {
  return static_cast<T&>(*static_cast<Link*>(user));
}

template <class T>
T* stream_user(nghttp2_session* session, std::int32_t stream) {
  return static_cast<T*>(nghttp2_session_get_stream_user_data(session, stream));
}

inline std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace firesteel::gateway
