// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client_link.hpp"
#include "crowd.hpp"
#include "endpoint_record.hpp"
#include "firesteel/gateway/gateway.hpp"
#include "firesteel/io/scope.hpp"
#include "firesteel/tls/identity.hpp"
#include "link.hpp"
#include "small_talk.hpp"

namespace firesteel::gateway {

class Gateway::State {
 public:
  State(boost::asio::any_io_executor executor, const Destinations& destinations, Activity& activity, const Clock& clock,
        Settings settings);
  ~State();

  Result<void> open();
  boost::asio::awaitable<void> run();
  Endpoint endpoint() const;
  std::string url(std::string_view connection) const;
  Result<void> rotate_token();
  void server_ended(const ServerId& server);
  bool is_small_talk() { return small_talk_.goes_on(context_.metrics); }
  bool is_crowd() { return crowd_.is_here(context_.metrics); }
  std::string metrics() const { return context_.metrics.to_text(context_.pool.bytes()); }

  // control.cpp
  boost::asio::awaitable<Result<std::vector<OperationId>>> interrupt(std::string connection,
                                                                     std::optional<SessionId> session,
                                                                     std::optional<OperationId> operation,
                                                                     TimePoint deadline);
  boost::asio::awaitable<Result<void>> release(std::string connection, SessionId session, TimePoint deadline);

 private:
  Result<void> open_socket();
  void open_port();
  bool try_port(std::uint16_t port);
  boost::asio::awaitable<void> accept_local();
  boost::asio::awaitable<void> accept_tcp();
  boost::asio::awaitable<void> look_after_links();
  boost::asio::awaitable<void> wait_for(std::weak_ptr<ClientLink> link, std::int32_t stream, std::string connection);
  boost::asio::awaitable<void> greet(Link::Socket socket);
  boost::asio::awaitable<ClientLink::Entry> shake_hands(Link::Socket socket, TimePoint deadline);
  bool is_full(std::size_t most);
  void welcome(ClientLink::Entry entry);
  std::string port_token() const { return settings_.needs_token ? record_.token : std::string(); }
  void close_links();
  bool end_call(const OperationId& operation);

  boost::asio::any_io_executor executor_;
  const Destinations& destinations_;
  Activity& activity_;
  const Clock& clock_;
  const Settings settings_;
  EndpointRecord record_;
  std::string problem_;
  LinkContext context_;
  Desk desk_;
  std::vector<std::shared_ptr<ClientLink>> links_;
  boost::asio::local::stream_protocol::acceptor local_;
  boost::asio::ip::tcp::acceptor tcp_;
  io::Scope waits_;
  std::optional<tls::Identity> identity_;  ///< what the port shows; absent: it speaks without TLS
  std::size_t waiting_ = 0;                ///< calls for a connection that is starting
  std::size_t greeting_ = 0;               ///< clients whose handshake isn't done
  TimePoint told_{};                       ///< when a failed handshake was logged last
  TimePoint full_told_{};                  ///< when it was logged last that there is no room
  SmallTalk small_talk_;
  Crowd crowd_;
  bool trimmed_ = true;  ///< the allocator has given back what past links needed
};

}  // namespace firesteel::gateway
