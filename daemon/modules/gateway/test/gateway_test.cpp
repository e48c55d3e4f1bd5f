// SPDX-License-Identifier: Apache-2.0
#include "firesteel/gateway/gateway.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "../../h2/test/loopback_server.hpp"
#include "firesteel/h2/grpc_client.hpp"

namespace firesteel::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using h2::GrpcClient;
using h2::test::FakeServer;
using h2::test::LoopbackServer;
using h2::test::run;
using testing::HasSubstr;
using namespace std::chrono_literals;

class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return time; }
  WallTime wall() const override { return {}; }
  TimePoint time{1h};
};

class OneServer final : public Destinations {
 public:
  explicit OneServer(std::uint16_t port) {
    destination.server = ServerId("run-1");
    destination.connection = ConnectionId("c");
    destination.name = "c";
    destination.host = "127.0.0.1";
    destination.port = port;
  }
  asio::awaitable<Result<Destination>> find(std::string, TimePoint) const override { co_return destination; }
  std::optional<Result<Destination>> find_now(std::string_view) const override { return destination; }
  std::optional<std::string> fate(const ServerId&) const override { return std::nullopt; }
  Destination destination;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    EXPECT_TRUE(gateway.open());
    server.on_gone = [this] { ++gone; };
    asio::co_spawn(io, gateway.run(), asio::bind_cancellation_slot(stop.slot(), [this](const auto&) { ended = true; }));
  }
  ~GatewayTest() override {
    end();
    io.restart();
    while (io.poll() > 0) {
    }
  }
  void end() {
    if (!ended) stop.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(happens([&] { return ended; }));
  }
  GrpcClient new_client() {
    const tcp::endpoint place(asio::ip::address_v4::loopback(), gateway.endpoint().port);
    auto client = run(io, GrpcClient::connect(place, Steady::now() + 5s));
    return *std::move(client);
  }
  std::string call(GrpcClient& client) {
    const auto reply = run(io, client.call({.path = "/a.Service/Echo", .metadata = {}, .message = "hello"}, soon()));
    return reply ? reply->message : reply.error().message;
  }
  /// Runs the loop until then, for ten seconds at most.
  template <class Condition>
  bool happens(Condition condition) {
    const auto limit = Steady::now() + 10s;
    io.restart();
    while (!condition() && io.run_one_until(limit) > 0) {
    }
    return condition();
  }
  static TimePoint soon() { return Steady::now() + 5s; }
  static void echo_or_wait(FakeServer& peer, const FakeServer::Request& request) {
    if (request.headers.at(":path") == "/a.Service/Echo")
      peer.reply(request.stream, std::string_view(request.body).substr(5));
  }

  asio::io_context io{1};
  FakeClock clock;
  Activity activity;
  asio::cancellation_signal stop;
  bool ended = false;
  int gone = 0;  ///< connections that the server had
  LoopbackServer server{io, echo_or_wait};
  OneServer destinations{server.endpoint().port()};
  Gateway gateway{
      io.get_executor(), destinations, activity, clock, {.port = 0, .ports_to_try = 1, .needs_token = false}};
};

TEST_F(GatewayTest, AnIdleWayToTheServerEndsAndTheNextCallMakesANewOne) {
  GrpcClient idle = new_client();
  EXPECT_EQ(call(idle), "hello");
  EXPECT_EQ(call(idle), "hello");
  EXPECT_EQ(server.accepted, 1);

  GrpcClient busy = new_client();
  std::optional<Result<h2::GrpcReply>> reply;
  asio::co_spawn(
      io,
      h2::test::keep(busy.call({.path = "/a.Service/Wait", .metadata = {}, .message = "?"}, Steady::now() + 60s),
                     &reply),
      asio::detached);
  ASSERT_TRUE(happens([&] { return server.accepted == 2; }));

  clock.time += 11s;
  EXPECT_TRUE(happens([&] { return gone == 1; }));
  EXPECT_THAT(gateway.metrics(), HasSubstr("\nfiresteel_gateway_servers 1\n")) << "the one with a call stays";
  EXPECT_THAT(gateway.metrics(), HasSubstr("\nfiresteel_gateway_clients 2\n"));
  EXPECT_FALSE(reply);

  EXPECT_EQ(call(idle), "hello");
  EXPECT_EQ(server.accepted, 3);
  end();
  EXPECT_TRUE(happens([&] { return reply.has_value(); })) << "the client must outlive its call";
}

TEST_F(GatewayTest, ManyAtOnceHaveTheirOwnWays) {
  std::vector<GrpcClient> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(new_client());
  std::vector<std::optional<Result<h2::GrpcReply>>> replies(clients.size());
  for (std::size_t i = 0; i < clients.size(); ++i)
    asio::co_spawn(
        io,
        h2::test::keep(clients[i].call({.path = "/a.Service/Echo", .metadata = {}, .message = "hello"}, soon()),
                       &replies[i]),
        asio::detached);
  ASSERT_TRUE(happens(
      [&] { return std::all_of(replies.begin(), replies.end(), [](const auto& each) { return each.has_value(); }); }));
  for (const auto& reply : replies) {
    ASSERT_TRUE(*reply) << reply->error().message;
    EXPECT_EQ((*reply)->message, "hello");
  }
  EXPECT_EQ(server.accepted, 20);
}

TEST_F(GatewayTest, AWayThatIsUsedNowAndThenStays) {
  GrpcClient client = new_client();
  GrpcClient idle = new_client();
  EXPECT_EQ(call(idle), "hello");
  for (int i = 0; i < 3; ++i) {
    clock.time += 5s;
    EXPECT_EQ(call(client), "hello");
  }
  // That the other one has gone shows that the gateway has looked.
  EXPECT_TRUE(happens([&] { return gone == 1; }));
  EXPECT_EQ(call(client), "hello");
  EXPECT_EQ(server.accepted, 2);
}

}  // namespace
}  // namespace firesteel::gateway
