// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace firesteel::http {

/// Bytes, piece by piece → the same as one gzip member (RFC 1952).
class Gzip {
 public:
  Gzip();

  /// What is ready by now; may be empty.
  std::string add(std::string_view bytes);
  /// The rest.
  std::string finish();

 private:
  std::string run(std::string_view bytes, boost::beast::zlib::Flush flush);

  boost::beast::zlib::deflate_stream deflate_;
  boost::crc_32_type crc_;
  std::uint32_t size_ = 0;
  bool begun_ = false;
};

/// Whether a request's Accept-Encoding takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace firesteel::http
