// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "exchange.hpp"
#include "firesteel/gateway/destinations.hpp"
#include "link.hpp"

namespace firesteel::gateway {

/// The way from one client's link to one server: an HTTP/2 connection of its own, because a server that dislikes one
/// call's headers ends the whole connection.
class ServerLink final : public Link {
 public:
  /// Begins to connect; calls may be added at once.
  static std::shared_ptr<ServerLink> dial(LinkContext& context, boost::asio::any_io_executor executor,
                                          Destination destination, ClientLink& client);
  ~ServerLink() override;

  /// Whether it takes another call.
  bool takes_calls() const;
  /// Sends the call's request; what comes back goes to the exchange. False when it takes no more calls.
  bool start(Exchange& exchange);
  /// The client has given the call up.
  void cancel(Exchange& exchange, std::uint32_t error_code);
  /// More of the request is there.
  void resume(const Exchange& exchange);

  /// The client is going: ends without telling it.
  void let_go();
  /// Whether it has had no call for so long that it isn't worth its memory, here and at the server.
  bool is_idle() const;
  /// Says goodbye to the server, and ends without telling the client.
  void retire();

  const Destination& destination() const { return destination_; }

 private:
  ServerLink(LinkContext& context, boost::asio::any_io_executor executor, Destination destination, ClientLink& client);
  /// What is needed until the server can be spoken to.
  struct Dialing {
    explicit Dialing(const boost::asio::any_io_executor& executor) : resolver(executor), patience(executor) {}
    void cancel();
    boost::asio::ip::tcp::resolver resolver;
    boost::asio::steady_timer patience;
  };

  bool is_connected() const { return !dialing_; }
  void connect();
  void on_connected(boost::system::error_code error);
  void watch_host();
  boost::system::error_code watch_afresh();
  void shake_hands();
  void on_greeted();
  void name_server(std::span<nghttp2_nv> fields) const;
  std::optional<Refusal> refusal() const;
  void lost(std::string_view why) override;
  ssize_t waiting_data(nghttp2_session* session, std::int32_t stream) const override;
  std::optional<std::chrono::seconds> most_silence() const override;

  static SessionPtr make_session(ServerLink* self);
  void on_header(Exchange& exchange, std::string_view name, std::string_view value);
  void on_frame(Exchange& exchange, const nghttp2_frame& frame);
  void on_data(std::int32_t stream, Exchange* exchange, std::span<const std::uint8_t> bytes);
  void on_stream_close(std::int32_t stream, Exchange* exchange, std::uint32_t error_code);

  const Destination destination_;
  const std::string bearer_;     ///< what the server knows us by; empty: it doesn't ask
  const std::string authority_;  ///< by which a server that is reached by TLS is called
  std::weak_ptr<ClientLink> client_;
  bool let_go_ = false;               ///< the client is gone: nothing is passed on any more
  std::unique_ptr<Dialing> dialing_;  ///< null from when it is connected on
  tls::StreamPtr handshake_;          ///< until it is done
  std::size_t calls_ = 0;
  TimePoint used_;       ///< when the last call ended, or when the link was made
  HeaderBlock headers_;  ///< that are being received: frames of one header block come without others between them
};

}  // namespace firesteel::gateway
