// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/grpc_client.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/system_error.hpp>

#include "loopback_server.hpp"
#include "made_certificates.hpp"

namespace firesteel::h2 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::FakeServer;
using test::LoopbackServer;
using test::run;
using testing::HasSubstr;
using testing::MatchesRegex;
using namespace std::chrono_literals;

GrpcCall some_call(std::string message = "question") {
  return {.path = "/test.Service/Method", .metadata = {}, .message = std::move(message)};
}
TimePoint soon() { return Steady::now() + 5s; }
void echo(FakeServer& server, const FakeServer::Request& request) {
  server.reply(request.stream, std::string_view(request.body).substr(5));
}
void never_answer(FakeServer&, const FakeServer::Request&) {}

asio::awaitable<Result<GrpcReply>> call_once(tcp::endpoint endpoint, TimePoint deadline) {
  auto client = co_await GrpcClient::connect(endpoint, deadline);
  if (!client) co_return client.error();
  co_return co_await client->call(some_call(), deadline);
}

asio::awaitable<Result<GrpcReply>> call_place(Place place, std::size_t size, TimePoint deadline) {
  auto client = co_await GrpcClient::connect(place, deadline);
  if (!client) co_return client.error();
  GrpcCall call = some_call(std::string(size, 'x'));
  co_return co_await client->call(std::move(call), deadline);
}

asio::awaitable<Result<std::string>> call_thrice(tcp::endpoint endpoint) {
  auto client = co_await GrpcClient::connect(endpoint, soon());
  if (!client) co_return client.error();
  std::string all;
  for (std::size_t size : {1UL, 100'000UL, max_grpc_message}) {
    const auto reply = co_await client->call(some_call(std::string(size, 'x')), soon());
    if (!reply) co_return reply.error();
    all += std::to_string(reply->message.size()) + " ";
  }
  co_return all;
}

/// How a second call fails after a first that failed.
asio::awaitable<Result<std::string>> call_after_failure(tcp::endpoint endpoint, TimePoint first, bool* was_open) {
  auto client = co_await GrpcClient::connect(endpoint, soon());
  if (!client) co_return client.error();
  const auto failed = co_await client->call(some_call(), first);
  if (failed) co_return Error{.message = "the first call succeeded"};
  *was_open = client->is_open();
  const auto second = co_await client->call(some_call(), soon());
  co_return std::string(second ? "succeeded" : to_string(second.error().code));
}

}  // namespace

TEST(GrpcClient, CallsOneAfterAnotherOnOneConnection) {
  asio::io_context io(1);
  LoopbackServer server(io, echo);
  EXPECT_EQ(run(io, call_thrice(server.endpoint())).value(), "1 100000 1048576 ");
  EXPECT_EQ(server.accepted, 1);
}

TEST(GrpcClient, SendsItsDeadlineAlong) {
  asio::io_context io(1);
  LoopbackServer server(io, [](FakeServer& s, const auto& request) {
    s.reply(request.stream, request.headers.at("grpc-timeout") + " " + request.headers.at(":authority"));
  });
  const auto reply = run(io, call_once(server.endpoint(), soon()));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_THAT(reply->message, MatchesRegex("(5000|4[0-9]{3})m 127\\.0\\.0\\.1:[0-9]+"));
  const auto patient = run(io, call_once(server.endpoint(), TimePoint::max()));
  ASSERT_TRUE(patient) << patient.error().message;
  EXPECT_THAT(patient->message, MatchesRegex("[0-9]{1,8}S .*"));
}

TEST(GrpcClient, GivesStatusesAsReplies) {
  asio::io_context io(1);
  LoopbackServer server(io, [](FakeServer& s, const auto& request) {
    s.respond_trailers_only(request.stream,
                            {{":status", "200"}, {"grpc-status", "16"}, {"grpc-message", "No%20token"}});
  });
  EXPECT_EQ(run(io, call_once(server.endpoint(), soon()))->status, (GrpcStatus{16, "No token"}));
}

TEST(GrpcClient, NobodyListeningIsNotReady) {
  asio::io_context io(1);
  tcp::endpoint nobody;
  {
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    nobody = acceptor.local_endpoint();
  }
  const auto reply = run(io, call_once(nobody, soon()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::not_ready);
  EXPECT_THAT(reply.error().message, MatchesRegex("can't connect to 127\\.0\\.0\\.1:[0-9]+: Connection refused"));
}

TEST(GrpcClient, ADeadlineInThePastIsTimedOut) {
  asio::io_context io(1);
  LoopbackServer server(io, echo);
  const auto reply = run(io, call_once(server.endpoint(), Steady::now() - 1s));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::timed_out);
}

TEST(GrpcClient, ASilentServerIsTimedOutAndTheConnectionClosed) {
  asio::io_context io(1);
  LoopbackServer server(io, never_answer);
  bool server_saw_the_end = false;
  server.on_gone = [&server_saw_the_end] { server_saw_the_end = true; };
  bool was_open = true;
  const auto before = Steady::now();
  const auto second = run(io, call_after_failure(server.endpoint(), before + 50ms, &was_open));
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*second, "not_ready");
  EXPECT_FALSE(was_open);
  EXPECT_GE(Steady::now() - before, 50ms);
  while (!server_saw_the_end && io.run_one_for(5s) > 0) {
  }
  EXPECT_TRUE(server_saw_the_end);
}

TEST(GrpcClient, AListenerThatNeverSpeaksIsTimedOut) {
  asio::io_context io(1);
  const tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
  const auto reply = run(io, call_once(mute.local_endpoint(), Steady::now() + 50ms));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::timed_out);
  EXPECT_EQ(reply.error().message, "/test.Service/Method was not answered in time");
}

TEST(GrpcClient, AConnectionClosedMidCallIsNotReady) {
  asio::io_context io(1);
  LoopbackServer server(io, never_answer);
  server.hang_up = true;
  bool was_open = true;
  const auto reply = run(io, call_once(server.endpoint(), soon()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::not_ready);
  EXPECT_THAT(reply.error().message, HasSubstr("the connection was"));
  EXPECT_EQ(run(io, call_after_failure(server.endpoint(), soon(), &was_open)).value(), "not_ready");
  EXPECT_FALSE(was_open);
}

TEST(GrpcClient, AnOversizeReplyIsAnErrorAndTheConnectionClosed) {
  asio::io_context io(1);
  LoopbackServer server(io, [](FakeServer& s, const auto& request) {
    s.respond(request.stream, FakeServer::framed(std::string(max_grpc_message + 1, 'x')), {{"grpc-status", "0"}});
  });
  bool was_open = true;
  EXPECT_EQ(run(io, call_after_failure(server.endpoint(), soon(), &was_open)).value(), "not_ready");
  EXPECT_FALSE(was_open);
  EXPECT_THAT(run(io, call_once(server.endpoint(), soon())).error().message, HasSubstr("1048577 bytes"));
}

TEST(GrpcClient, CancellingACallThrowsAbortedAndClosesTheConnection) {
  asio::io_context io(1);
  asio::cancellation_signal cancel;
  LoopbackServer server(io, [&cancel](FakeServer&, const auto&) { cancel.emit(asio::cancellation_type::terminal); });
  bool server_saw_the_end = false;
  server.on_gone = [&server_saw_the_end] { server_saw_the_end = true; };
  std::exception_ptr thrown;
  auto ended = [&thrown](std::exception_ptr error, auto) { thrown = error; };
  asio::co_spawn(io, call_once(server.endpoint(), soon()), asio::bind_cancellation_slot(cancel.slot(), ended));
  while (!(thrown && server_saw_the_end) && io.run_one_for(5s) > 0) {
  }
  EXPECT_TRUE(server_saw_the_end);
  ASSERT_TRUE(thrown);
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
  }
}

TEST(GrpcClient, FindsServersByTheirNames) {
  asio::io_context io(1);
  LoopbackServer server(
      io, [](FakeServer& s, const auto& request) { s.reply(request.stream, request.headers.at(":authority")); });
  const std::uint16_t port = server.endpoint().port();
  const auto reply = run(io, call_place({"localhost", port}, 1, soon()));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->message, "localhost:" + std::to_string(port));
  const auto nowhere = run(io, call_place({"nowhere.invalid", port}, 1, soon()));
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("nowhere.invalid"));
}

TEST(GrpcClient, SpeaksTlsWithServersThatAreTrustedAlone) {
  asio::io_context io(1);
  const tls::test::Files files, strangers;
  LoopbackServer server(io, echo);
  server.tls = tls::Context::for_server(files.certificate, files.key).value();
  const std::uint16_t port = server.endpoint().port();
  const auto trust = tls::Context::for_client(files.trusted).value();
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto reply = run(io, call_place({host, port, trust}, 1'000'000, soon()));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->message.size(), 1'000'000U);
  }
  const auto other = tls::Context::for_client(strangers.trusted).value();
  const auto refused = run(io, call_place({"localhost", port, other}, 1, soon()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::bad_request);
  EXPECT_THAT(refused.error().message, HasSubstr("Nobody who is trusted here vouches"));

  LoopbackServer clear(io, echo);
  const auto none = run(io, call_place({"127.0.0.1", clear.endpoint().port(), trust}, 1, soon()));
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("doesn't speak TLS"));
}

TEST(GrpcClient, DoesntWaitForAHandshakeForEver) {
  asio::io_context io(1);
  tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
  const auto trust = tls::Context::for_client(tls::test::Files().trusted).value();
  const auto late = run(io, call_place({"127.0.0.1", silent.local_endpoint().port(), trust}, 1, Steady::now() + 300ms));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::timed_out);
}

}  // namespace firesteel::h2
