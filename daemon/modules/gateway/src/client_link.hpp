// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "exchange.hpp"
#include "firesteel/gateway/destinations.hpp"
#include "link.hpp"
#include "server_link.hpp"

namespace firesteel::gateway {

/// What a client's link needs of the gateway that it came in by.
struct Desk {
  const Destinations& destinations;
  Activity& activity;
  boost::asio::any_io_executor executor;
  /// Asks for a destination that isn't ready yet; `ClientLink::arrive` is called when it is known.
  std::function<void(std::weak_ptr<ClientLink> link, std::int32_t stream, std::string connection)> find_later;
  /// The link has ended.
  std::function<void(const ClientLink& link)> left;
};

/// A client's HTTP/2 connection with the calls that it makes. Owns them and their ways to servers.
class ClientLink final : public Link {
 public:
  /// How a client came in.
  struct Entry {
    Socket socket;
    std::string token{};     ///< what every call must bear; empty: the socket itself is the login
    tls::StreamPtr tls{};    ///< whose handshake is done; null: in clear text
    bool lacks_tls = false;  ///< it came in clear text where that isn't taken: each call is told so
  };
  static std::shared_ptr<ClientLink> welcome(LinkContext& context, const Desk& desk, Entry entry);
  ~ClientLink() override;

  bool is_local() const { return token_.empty(); }
  bool has_token() const { return !token_.empty(); }

  // What happens at servers' side:
  void answer(Exchange& exchange, const HeaderBlock& headers, bool is_all);
  void add_data(Exchange& exchange, Slice slice);
  void end(Exchange& exchange, HeaderBlock trailers);
  /// The server reset the stream.
  void reset(Exchange& exchange, std::uint32_t error_code);
  /// The way to the server is gone with all calls that were on it.
  /// `refusal`: what the calls are told; nothing: as the server's fate has it, when that is known.
  void lost_server(ServerLink& server, std::string_view why, std::optional<Refusal> refusal);

  /// A destination that was waited for.
  void arrive(std::int32_t stream, Result<Destination> destination);
  /// Ends the call that is this operation, if it is one of this link's. True when it was.
  bool interrupt(const OperationId& operation);
  /// This run of a server is over, for this reason; calls to it end.
  void server_ended(const ServerId& server, const std::string& fate);
  /// Ends calls whose server's fate nobody has told in time; looks after the links to servers.
  void look_after_all();
  /// Ends everything at once.
  void leave();

 private:
  ClientLink(LinkContext& context, const Desk& desk, Entry entry);

  void lost(std::string_view why) override;
  ssize_t waiting_data(nghttp2_session* session, std::int32_t stream) const override;
  std::optional<std::chrono::seconds> most_silence() const override { return std::chrono::seconds(60); }

  static SessionPtr make_session(ClientLink* self);
  void on_begin(std::int32_t stream);
  void on_request(Exchange& exchange);
  void on_data(Exchange* exchange, std::int32_t stream, std::span<const std::uint8_t> bytes);
  void on_request_end(Exchange& exchange);
  void on_sent(const nghttp2_frame& frame);
  void on_stream_close(std::int32_t stream, std::uint32_t error_code);

  bool is_allowed(const Exchange& exchange) const;
  void send_on(Exchange& exchange);
  void refuse(Exchange& exchange, const Refusal& refusal);
  void forget_server(Exchange& exchange);
  void forget(const ServerLink& server);
  Exchange* find(std::int32_t stream);
  std::shared_ptr<ServerLink> link_to(const Destination& destination);

  const Desk& desk_;
  const std::string token_;
  const bool lacks_tls_;
  std::map<std::int32_t, std::unique_ptr<Exchange>> exchanges_;
  Exchange* receiving_ = nullptr;  ///< whose headers come in, while they do
  std::map<ServerId, std::shared_ptr<ServerLink>> servers_;
  bool welcomed_ = false;  ///< the peer has shown that it speaks HTTP/2
  bool known_;             ///< it needs no token, or has shown it
  const TimePoint began_;
};

}  // namespace firesteel::gateway
