// SPDX-License-Identifier: Apache-2.0
// Peers that say nothing: real sockets, and a clock that the test moves.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>

#include "client_link.hpp"
#include "http2_peer.hpp"

namespace firesteel::gateway {
namespace {

using boost::asio::ip::tcp;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class MovedClock final : public Clock {
 public:
  TimePoint now() const override { return at; }
  WallTime wall() const override { return {}; }
  TimePoint at = TimePoint{} + hours(1000);
};

class OneServer final : public Destinations {
 public:
  explicit OneServer(std::uint16_t port) {
    there_.server = ServerId("server");
    there_.connection = ConnectionId("connection");
    there_.name = "main";
    there_.host = "127.0.0.1";
    there_.port = port;
  }
  boost::asio::awaitable<Result<Destination>> find(std::string, TimePoint) const override { co_return there_; }
  std::optional<Result<Destination>> find_now(std::string_view) const override { return there_; }
  std::optional<std::string> fate(const ServerId&) const override { return std::nullopt; }

 private:
  Destination there_;
};

class SilenceTest : public testing::Test {
 protected:
  SilenceTest() { meet({}); }
  /// A client that has to show the token, if there is one.
  void meet(const std::string& token) {
    if (link_) link_->leave();
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) throw std::runtime_error("no sockets");
    Link::Socket socket(loop_);
    socket.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[0]);
    link_ = ClientLink::welcome(context_, desk_, {.socket = std::move(socket), .token = token});
    context_.flush();
    client_ = std::make_unique<Http2Peer>(io::UniqueFd(ends[1]), true);
  }
  ~SilenceTest() override {
    link_->leave();
    context_.flush();
    loop_.poll();
  }

  /// Lets everybody who isn't mute speak, until `done`. False when that wasn't so within seconds.
  template <class Done>
  bool until(Done done) {
    const auto deadline = Steady::now() + seconds(10);
    while (!done()) {
      if (Steady::now() > deadline) return false;
      speak();
    }
    return true;
  }
  void speak() {
    bool more = true;
    while (more) {
      more = loop_.run_one_for(std::chrono::milliseconds(1)) > 0;
      if (client_ && !client_mute_) more = client_->pump() || more;
      if (server_ && !server_mute_) more = server_->pump() || more;
    }
  }
  /// The clock goes on, and is looked at as often as in life.
  void pass(seconds time) {
    const TimePoint end = clock_.at + time;
    while (clock_.at < end) {
      clock_.at += std::min<TimePoint::duration>(seconds(2), end - clock_.at);
      look();
    }
  }
  void look() {
    link_->look_after_all();
    context_.flush();
    speak();
  }
  /// One jump, in which nobody looked.
  void sleep(seconds time) {
    clock_.at += time;
    look();
  }

  /// A call that the server has begun to answer.
  void begin_call() {
    stream_ = client_->call();
    ASSERT_TRUE(until([this] { return accept(); }));
    ASSERT_TRUE(until([this] { return server_->calls.count(1) == 1; }));
    server_->answer(1);
    ASSERT_TRUE(until([this] { return !ours().data.empty(); }));
  }
  bool accept() {
    boost::system::error_code none_yet;
    door_.non_blocking(true);
    tcp::socket socket = door_.accept(none_yet);
    if (!none_yet) server_ = std::make_unique<Http2Peer>(io::UniqueFd(socket.release()), false);
    return server_ != nullptr;
  }
  const Http2Peer::Call& ours() { return client_->calls[stream_]; }

  boost::asio::io_context loop_{1};
  tcp::acceptor door_{loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  MovedClock clock_;
  OneServer destinations_{door_.local_endpoint().port()};
  Activity activity_;
  LinkContext context_{clock_};
  int left_ = 0;
  Desk desk_{.destinations = destinations_,
             .activity = activity_,
             .executor = loop_.get_executor(),
             .find_later = [](std::weak_ptr<ClientLink>, std::int32_t, std::string) {},
             .left = [this](const ClientLink&) { ++left_; }};
  std::shared_ptr<ClientLink> link_;
  std::unique_ptr<Http2Peer> client_;
  std::unique_ptr<Http2Peer> server_;
  bool client_mute_ = false;
  bool server_mute_ = false;
  std::int32_t stream_ = 0;
};

TEST_F(SilenceTest, AClientThatAnswersNoPingIsDroppedAndTheServerIsTold) {
  begin_call();
  client_mute_ = true;
  pass(seconds(78));
  EXPECT_TRUE(link_->is_open());
  EXPECT_FALSE(server_->gone);
  pass(seconds(6));
  EXPECT_FALSE(link_->is_open());
  EXPECT_EQ(left_, 1);
  EXPECT_EQ(context_.metrics.streams, 0U);
  EXPECT_TRUE(until([this] { return server_->gone; }));
  client_mute_ = false;
  EXPECT_TRUE(until([this] { return client_->gone; }));
  EXPECT_EQ(client_->pings, 1);
}

TEST_F(SilenceTest, AClientThatAnswersStays) {
  ASSERT_TRUE(until([this] { return client_->pump(); }));
  pass(minutes(10));
  EXPECT_TRUE(link_->is_open());
  EXPECT_THAT(client_->pings, testing::AllOf(testing::Ge(8), testing::Le(10)));
}

TEST_F(SilenceTest, WhoNeverGreetsIsDropped) {
  client_mute_ = true;
  pass(seconds(10));
  EXPECT_TRUE(link_->is_open());
  pass(seconds(2));
  EXPECT_FALSE(link_->is_open());
}

TEST_F(SilenceTest, AStrangerIsAnsweredAtOnceAndDroppedInAMinute) {
  meet("secret");
  stream_ = client_->call();
  ASSERT_TRUE(until([this] { return ours().closed; }));
  EXPECT_EQ(client_->calls[stream_].fields["grpc-status"], "16");
  EXPECT_EQ(ours().reset, NGHTTP2_NO_ERROR);
  EXPECT_EQ(context_.metrics.streams, 0U);
  pass(seconds(60));
  EXPECT_TRUE(link_->is_open());
  pass(seconds(2));
  EXPECT_FALSE(link_->is_open());
}

TEST_F(SilenceTest, AServerThatFallsSilentInACallEndsIt) {
  begin_call();
  server_mute_ = true;
  pass(minutes(5));
  EXPECT_FALSE(ours().ended);
  pass(seconds(30));
  EXPECT_TRUE(link_->is_open());
  ASSERT_TRUE(until([this] { return ours().ended || client_->gone; }));
  EXPECT_EQ(client_->calls[stream_].fields["grpc-status"], "14");
  EXPECT_THAT(client_->calls[stream_].fields["grpc-message"], testing::HasSubstr("lost"));
  server_mute_ = false;
  EXPECT_TRUE(until([this] { return server_->gone; }));
  EXPECT_EQ(server_->pings, 1);
}

TEST_F(SilenceTest, AServerIsAskedNoMoreOftenThanItPermits) {
  begin_call();
  pass(minutes(61));
  EXPECT_FALSE(server_->gone);
  EXPECT_FALSE(ours().ended);
  EXPECT_THAT(server_->pings, testing::AllOf(testing::Ge(11), testing::Le(12)));
}

TEST_F(SilenceTest, AServerWithoutCallsIsNotAsked) {
  begin_call();
  client_->cancel(stream_);
  ASSERT_TRUE(until([this] { return server_->calls[1].closed; }));
  EXPECT_EQ(server_->calls[1].reset, NGHTTP2_CANCEL);
  pass(minutes(30));
  EXPECT_EQ(server_->pings, 0);
  EXPECT_TRUE(server_->gone);  // it was let go, as nobody used it
}

TEST_F(SilenceTest, ADayAsleepEndsNoLinkThatAnswers) {
  begin_call();
  sleep(hours(24));
  pass(minutes(2));
  EXPECT_TRUE(link_->is_open());
  EXPECT_FALSE(server_->gone);
  EXPECT_FALSE(ours().ended);
}

TEST_F(SilenceTest, ADayAsleepWhileAnAnswerWasOnItsWayEndsNoLinkEither) {
  begin_call();
  client_mute_ = server_mute_ = true;
  pass(seconds(62));  // the client has been asked
  clock_.at += minutes(4);
  link_->look_after_all();  // the server, too
  context_.flush();
  clock_.at += hours(24);
  link_->look_after_all();
  context_.flush();
  client_mute_ = server_mute_ = false;
  pass(minutes(2));
  EXPECT_TRUE(link_->is_open());
  EXPECT_FALSE(server_->gone);
  EXPECT_FALSE(ours().ended);
  EXPECT_GE(client_->pings, 1);
  EXPECT_EQ(server_->pings, 1);
}

TEST_F(SilenceTest, APeerThatIsGoneAfterADayAsleepIsDroppedSoon) {
  begin_call();
  client_mute_ = true;
  sleep(hours(24));
  EXPECT_TRUE(link_->is_open());
  pass(seconds(24));
  EXPECT_FALSE(link_->is_open());
}

}  // namespace
}  // namespace firesteel::gateway
