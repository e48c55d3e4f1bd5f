// SPDX-License-Identifier: Apache-2.0
#include "pieces.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "gzip.hpp"

namespace firesteel::http {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t least_piece = 16 * 1024;  // of what is compressed

/// The next piece as it is sent; nothing at the end.
asio::awaitable<std::optional<std::string>> next_piece(BodySource& source, std::optional<Gzip>& gzip, bool& ended) {
  std::string out;
  while (!ended && out.size() < least_piece) {
    const std::string bytes = co_await source.next();
    ended = bytes.empty();
    if (!gzip)
      out += bytes;
    else
      out += ended ? gzip->finish() : gzip->add(bytes);
    if (!gzip) break;
  }
  if (out.empty()) co_return std::nullopt;
  co_return out;
}

}  // namespace

asio::awaitable<bool> send_pieces(Stream& client, const Request& request, Reply reply, Limits limits) {
  std::optional<Gzip> gzip;
  if (accepts_gzip(request[http::field::accept_encoding])) gzip.emplace();
  const bool chunked = request.version() >= 11;
  http::response<http::empty_body> head(http::int_to_status(static_cast<unsigned>(reply.status)), request.version());
  head.set(http::field::content_type, reply.text_type);
  head.set(http::field::cache_control, "no-store");
  head.set("X-Content-Type-Options", "nosniff");
  head.set(http::field::vary, "Accept-Encoding");
  if (gzip) head.set(http::field::content_encoding, "gzip");
  if (!reply.file_name.empty())
    head.set(http::field::content_disposition, fmt::format("attachment; filename=\"{}\"", reply.file_name));
  head.keep_alive(chunked && request.keep_alive());
  head.chunked(chunked);
  http::response_serializer<http::empty_body> serializer(head);
  client.expires_after(limits.request);
  co_await http::async_write_header(client, serializer, asio::use_awaitable);
  bool ended = false;
  for (;;) {
    std::optional<std::string> piece;
    try {
      auto next = next_piece(*reply.pieces, gzip, ended);
      piece = co_await std::move(next);
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) throw;
      spdlog::error("A reply was cut off: {}", error.what());
      co_return false;
    } catch (const std::exception& error) {
      spdlog::error("A reply was cut off: {}", error.what());
      co_return false;
    }
    client.expires_after(limits.request);
    if (!piece) break;
    const asio::const_buffer bytes(piece->data(), piece->size());
    if (chunked)
      co_await asio::async_write(client, http::make_chunk(bytes), asio::use_awaitable);
    else
      co_await asio::async_write(client, bytes, asio::use_awaitable);
  }
  if (chunked) co_await asio::async_write(client, http::make_chunk_last(), asio::use_awaitable);
  co_return chunked;
}

}  // namespace firesteel::http
