// SPDX-License-Identifier: Apache-2.0
#include "gzip.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/system/system_error.hpp>

namespace firesteel::http {

namespace beast = boost::beast;
namespace zlib = boost::beast::zlib;

namespace {

constexpr int quick = 1;  // logs shrink well at any level
constexpr int window_bits = 15;
constexpr int memory_level = 8;
constexpr std::size_t piece = 32 * 1024;

std::string little_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift & 0xFFU));
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Gzip::Gzip() { deflate_.reset(quick, window_bits, memory_level, zlib::Strategy::normal); }

std::string Gzip::add(std::string_view bytes) {
  crc_.process_bytes(bytes.data(), bytes.size());
  size_ += static_cast<std::uint32_t>(bytes.size());
  return run(bytes, zlib::Flush::none);
}

std::string Gzip::finish() {
  std::string out = run({}, zlib::Flush::finish);
  return out + little_endian(crc_.checksum()) + little_endian(size_);
}

std::string Gzip::run(std::string_view bytes, zlib::Flush flush) {
  std::string out;
  if (!begun_) out.assign("\x1f\x8b\x08\0\0\0\0\0\x04\xff", 10);  // deflate, no time, quick, of no particular system
  begun_ = true;
  zlib::z_params state;
  state.next_in = bytes.data();
  state.avail_in = bytes.size();
  for (bool more = true; more;) {
    const std::size_t before = out.size();
    out.resize(before + piece);
    state.next_out = out.data() + before;
    state.avail_out = piece;
    boost::system::error_code error;
    deflate_.write(state, flush, error);
    out.resize(before + piece - state.avail_out);
    const bool ended = error == zlib::error::end_of_stream;
    if (error && !ended && error != zlib::error::need_buffers) throw boost::system::system_error(error);
    more = !ended && (state.avail_out == 0 || (flush == zlib::Flush::finish && !error));
  }
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view each = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(each.find(';'), each.size());
    const std::string_view name = trimmed(each.substr(0, semicolon));
    if (!beast::iequals(name, "gzip") && name != "*") continue;
    // "q=0", "q=0.0": not wanted.
    const std::string_view weight = trimmed(each.substr(std::min(semicolon + 1, each.size())));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

}  // namespace firesteel::http
