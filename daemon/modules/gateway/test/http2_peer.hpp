// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nghttp2/nghttp2.h>

#include <map>
#include <string>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel::gateway {

/// The other end of a link: a socket that speaks HTTP/2 when the test lets it.
class Http2Peer {
 public:
  /// One call, as this end sees it.
  struct Call {
    std::map<std::string, std::string> fields;  ///< headers and trailers that came
    std::string data;                           ///< that came
    bool ended = false;                         ///< the other end has said all
    bool closed = false;                        ///< both have, or one has reset it
    std::uint32_t reset = 0;
    bool sent = false;  ///< our own data
  };

  /// Takes a connected socket.
  Http2Peer(io::UniqueFd socket, bool is_client);
  ~Http2Peer() { nghttp2_session_del(session_); }
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;

  /// Reads what is there, answers as HTTP/2 wants it, writes. True when something was read.
  bool pump();
  /// As a client: begins a call whose request stays open.
  std::int32_t call();
  /// As a server: headers, one message, and no end.
  void answer(std::int32_t stream);
  /// As a client: gives a call up.
  void cancel(std::int32_t stream);

  std::map<std::int32_t, Call> calls;
  int pings = 0;      ///< that came
  bool gone = false;  ///< the other end has closed the socket

 private:
  nghttp2_data_provider message(Call& call);
  void write();

  io::UniqueFd socket_;
  nghttp2_session* session_ = nullptr;
};

}  // namespace firesteel::gateway
