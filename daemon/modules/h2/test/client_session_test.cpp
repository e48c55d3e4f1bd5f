// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/client_session.hpp"

#include <gmock/gmock.h>

#include "fake_server.hpp"

namespace firesteel::h2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using namespace std::string_literals;
using test::FakeServer;

GrpcCall some_call() { return {.path = "/test.Service/Method", .metadata = {}, .message = "question"}; }
void never_answer(FakeServer&, const FakeServer::Request&) {}

/// Moves bytes both ways until neither side has any.
void exchange(ClientSession& client, FakeServer& server, std::size_t slice = std::string::npos) {
  for (bool moved = true; moved;) {
    const std::string there = client.output();
    EXPECT_TRUE(server.receive(there));
    const std::string back = server.output();
    for (std::size_t at = 0; at < back.size(); at += std::min(slice, back.size()))
      client.receive(std::string_view(back).substr(at, slice));
    moved = !there.empty() || !back.empty();
  }
}

/// The end of one call that `handler` answers.
Result<GrpcReply> end_of_call(FakeServer::Handler handler, GrpcCall call = some_call()) {
  FakeServer server(std::move(handler));
  ClientSession client("127.0.0.1:1");
  const StreamId stream = client.start(std::move(call)).value();
  exchange(client, server);
  auto ended = client.next_ended();
  if (!ended) return Error{.code = Errc::internal, .message = "the call has not ended"};
  EXPECT_EQ(ended->stream, stream);
  EXPECT_FALSE(client.next_ended()) << "a call ends once";
  return std::move(ended->reply);
}

}  // namespace

TEST(ClientSession, SendsAGrpcRequest) {
  FakeServer server([](FakeServer& s, const auto& request) { s.reply(request.stream, ""); });
  ClientSession client("127.0.0.1:15002");
  GrpcCall call = some_call();
  call.metadata = {{"authorization", "Bearer s3cret"}, {"x-more", "a b"}};
  ASSERT_TRUE(client.start(call));
  exchange(client, server);
  ASSERT_EQ(server.requests.size(), 1U);
  const auto& headers = server.requests[0].headers;
  EXPECT_EQ(headers.at(":method"), "POST");
  EXPECT_EQ(headers.at(":scheme"), "http");
  EXPECT_EQ(headers.at(":path"), "/test.Service/Method");
  EXPECT_EQ(headers.at(":authority"), "127.0.0.1:15002");
  EXPECT_EQ(headers.at("te"), "trailers");
  EXPECT_EQ(headers.at("content-type"), "application/grpc");
  EXPECT_EQ(headers.at("authorization"), "Bearer s3cret");
  EXPECT_EQ(headers.at("x-more"), "a b");
  EXPECT_EQ(server.requests[0].body, FakeServer::framed("question"));
}

TEST(ClientSession, GivesTheReplyHoweverItsBytesAreCut) {
  for (const std::size_t slice : {1UL, 2UL, 7UL, 100UL, 1UL << 20}) {
    FakeServer server([](FakeServer& s, const auto& request) { s.reply(request.stream, "answer"); });
    ClientSession client("127.0.0.1:1");
    ASSERT_TRUE(client.start(some_call()));
    exchange(client, server, slice);
    const auto ended = client.next_ended();
    ASSERT_TRUE(ended && ended->reply) << slice;
    EXPECT_TRUE(ended->reply->status.is_ok());
    EXPECT_EQ(ended->reply->message, "answer");
  }
}

TEST(ClientSession, CarriesCallsOneAfterAnotherAndAtOnce) {
  FakeServer server([](FakeServer& s, const auto& request) { s.reply(request.stream, request.body.substr(5)); });
  ClientSession client("127.0.0.1:1");
  for (int round = 0; round < 3; ++round) {
    std::map<StreamId, std::string> sent;
    for (int i = 0; i < 20; ++i) {
      const std::string text = std::to_string(round * 100 + i);
      sent[client.start({.path = "/s/m", .metadata = {}, .message = text}).value()] = text;
    }
    exchange(client, server);
    for (int i = 0; i < 20; ++i) {
      const auto ended = client.next_ended();
      ASSERT_TRUE(ended && ended->reply);
      EXPECT_EQ(ended->reply->message, sent.at(ended->stream));
    }
  }
}

TEST(ClientSession, MovesMessagesOfTheFullSizeThroughSmallWindows) {
  const std::string big(max_grpc_message, 'x');
  const auto reply =
      end_of_call([](FakeServer& s, const auto& request) { s.reply(request.stream, request.body.substr(5)); },
                  {.path = "/s/m", .metadata = {}, .message = big});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->message, big);
}

TEST(ClientSession, ReadsTrailersOnlyReplies) {
  const auto reply = end_of_call([](FakeServer& s, const auto& request) {
    s.respond_trailers_only(request.stream, {{":status", "200"},
                                             {"content-type", "application/grpc"},
                                             {"grpc-status", "16"},
                                             {"grpc-message", "Invalid%20token"}});
  });
  EXPECT_EQ(reply->status, (GrpcStatus{16, "Invalid token"}));
  EXPECT_EQ(reply->message, "");
}

TEST(ClientSession, ReadsTheStatusFromTrailersAndThenDropsTheMessage) {
  const auto reply = end_of_call([](FakeServer& s, const auto& request) {
    s.respond(request.stream, FakeServer::framed("half a truth"), {{"grpc-status", "13"}, {"grpc-message", "oops"}});
  });
  EXPECT_EQ(reply->status, (GrpcStatus{13, "oops"}));
  EXPECT_EQ(reply->message, "");
}

TEST(ClientSession, TakesHttpErrorsForStatuses) {
  const auto reply = end_of_call([](FakeServer& s, const auto& request) {
    s.respond_trailers_only(request.stream, {{":status", "503"}, {"content-type", "text/html"}});
  });
  EXPECT_EQ(reply->status.code, GrpcStatus::unavailable);
  const auto silent =
      end_of_call([](FakeServer& s, const auto& r) { s.respond(r.stream, FakeServer::framed("x"), {}); });
  EXPECT_EQ(silent->status, (GrpcStatus{GrpcStatus::unknown, "the reply has no grpc-status"}));
}

TEST(ClientSession, AnOkWithoutAWholeMessageIsInternal) {
  for (const auto& body : {std::string(), std::string(3, '\0'), FakeServer::framed("cut").substr(0, 7)}) {
    const auto reply = end_of_call([&](FakeServer& s, const auto& r) {
      s.respond(r.stream, body, {{"grpc-status", "0"}});
    });
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status.code, GrpcStatus::internal) << body.size();
  }
}

TEST(ClientSession, ResetsRepliesThatBreakTheFraming) {
  const std::string huge_claim{'\0', '\0', '\x10', '\0', '\x01'};  // one byte more than max_grpc_message
  const std::pair<std::string, const char*> cases[] = {
      {huge_claim, "1048577 bytes"},
      {"\0\xff\xff\xff\xff"s + std::string(100, 'x'), "more than the"},
      {FakeServer::framed("x", true), "compressed"},
      {FakeServer::framed("x") + FakeServer::framed("y"), "more than one message"},
  };
  for (const auto& [body, words] : cases) {
    FakeServer server([&body = body](FakeServer& s, const auto& request) { s.respond_half(request.stream, body); });
    ClientSession client("127.0.0.1:1");
    const StreamId stream = client.start(some_call()).value();
    exchange(client, server);
    const auto ended = client.next_ended();
    ASSERT_TRUE(ended && !ended->reply) << words;
    EXPECT_EQ(ended->reply.error().code, Errc::internal);
    EXPECT_THAT(ended->reply.error().message, HasSubstr(words));
    EXPECT_THAT(server.resets, ElementsAre(Pair(stream, NGHTTP2_CANCEL)));
    EXPECT_TRUE(client.is_open());
  }
}

TEST(ClientSession, AResetStreamIsAStatus) {
  const auto refused = end_of_call([](FakeServer& s, const auto& r) { s.reset(r.stream, NGHTTP2_REFUSED_STREAM); });
  EXPECT_EQ(refused->status.code, GrpcStatus::unavailable);
  const auto halfway = end_of_call([](FakeServer& s, const auto& r) {
    s.respond_half(r.stream, FakeServer::framed("x"));
    s.ping();
    s.reset(r.stream, NGHTTP2_INTERNAL_ERROR);
  });
  EXPECT_EQ(halfway->status.code, GrpcStatus::internal);
}

TEST(ClientSession, AReplyBeforeTheRequestIsSentCounts) {
  // A server with no window answers at once; the rest of the request is not sent any more.
  FakeServer server(never_answer, {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0}});
  ClientSession client("127.0.0.1:1");
  client.receive(server.output());
  const StreamId stream = client.start(some_call()).value();
  exchange(client, server);
  EXPECT_FALSE(client.next_ended());
  server.respond_trailers_only(stream, {{":status", "200"}, {"grpc-status", "8"}});
  exchange(client, server);
  const auto ended = client.next_ended();
  ASSERT_TRUE(ended && ended->reply);
  EXPECT_EQ(ended->reply->status.code, GrpcStatus::resource_exhausted);
  EXPECT_TRUE(server.requests.empty());
  EXPECT_THAT(server.resets, ElementsAre(Pair(stream, NGHTTP2_CANCEL)));
}

TEST(ClientSession, GoawayLetsTakenCallsFinishAndRefusesNewOnes) {
  FakeServer server([](FakeServer& s, const auto& request) {
    s.goaway(request.stream);
    s.reply(request.stream, "last words");
  });
  ClientSession client("127.0.0.1:1");
  ASSERT_TRUE(client.start(some_call()));
  exchange(client, server);
  const auto ended = client.next_ended();
  ASSERT_TRUE(ended && ended->reply);
  EXPECT_EQ(ended->reply->message, "last words");
  EXPECT_FALSE(client.is_open());
  EXPECT_EQ(client.start(some_call()).error().code, Errc::not_ready);
}

TEST(ClientSession, GoawayMakesUntakenCallsUnavailable) {
  const auto untaken = end_of_call([](FakeServer& s, const auto&) { s.goaway(0); });
  ASSERT_TRUE(untaken) << untaken.error().message;
  EXPECT_EQ(untaken->status.code, GrpcStatus::unavailable);

  FakeServer server(never_answer);
  ClientSession client("127.0.0.1:1");
  ASSERT_TRUE(client.start(some_call()));
  server.goaway(0);
  client.receive(server.output());  // before the request was sent
  client.output();
  const auto unsent = client.next_ended();
  ASSERT_TRUE(unsent && unsent->reply);
  EXPECT_EQ(unsent->reply->status.code, GrpcStatus::unavailable);
}

TEST(ClientSession, LosingTheConnectionEndsEveryCall) {
  FakeServer server(
      [](FakeServer& s, const auto& r) { s.respond_half(r.stream, FakeServer::framed("cut").substr(0, 6)); });
  ClientSession client("127.0.0.1:1");
  ASSERT_TRUE(client.start(some_call()));
  ASSERT_TRUE(client.start(some_call()));
  exchange(client, server);
  EXPECT_FALSE(client.next_ended());
  client.lost("closed by the server");
  for (int i = 0; i < 2; ++i) {
    const auto ended = client.next_ended();
    ASSERT_TRUE(ended && !ended->reply);
    EXPECT_EQ(ended->reply.error().code, Errc::not_ready);
    EXPECT_EQ(ended->reply.error().message, "the connection was closed by the server");
  }
  EXPECT_FALSE(client.is_open());
  EXPECT_EQ(client.output(), "");
  EXPECT_EQ(client.start(some_call()).error().code, Errc::not_ready);
}

TEST(ClientSession, ACancelledCallIsResetAndItsLateReplyIgnored) {
  FakeServer server(never_answer);
  ClientSession client("127.0.0.1:1");
  const StreamId stream = client.start(some_call()).value();
  exchange(client, server);
  server.reply(stream, "too late");
  const std::string late = server.output();
  client.cancel(stream);
  client.cancel(stream);
  client.receive(late);
  exchange(client, server);
  const auto ended = client.next_ended();
  ASSERT_TRUE(ended && ended->reply);
  EXPECT_EQ(ended->reply->status.code, GrpcStatus::cancelled);
  EXPECT_FALSE(client.next_ended());
  EXPECT_TRUE(client.is_open());
}

TEST(ClientSession, AnswersPings) {
  FakeServer server([](FakeServer& s, const auto&) { s.ping(); });
  ClientSession client("127.0.0.1:1");
  ASSERT_TRUE(client.start(some_call()));
  exchange(client, server);
  EXPECT_EQ(server.ping_acks, 1);
}

TEST(ClientSession, TellsAPeerThatDoesNotSpeakHttp2) {
  for (const auto& bytes : {std::string("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
                            std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string(64, '\xff')}) {
    ClientSession client("127.0.0.1:1");
    ASSERT_TRUE(client.start(some_call()));
    client.output();
    client.receive(bytes);
    client.output();
    const auto ended = client.next_ended();
    ASSERT_TRUE(ended && !ended->reply) << bytes;
    EXPECT_EQ(ended->reply.error().code, Errc::internal);
    EXPECT_THAT(ended->reply.error().message, HasSubstr("HTTP/2"));
    EXPECT_FALSE(client.is_open());
  }
}

TEST(ClientSession, EndsOnEveryFlippedBitOfAConversation) {
  std::string conversation;
  {
    FakeServer server([](FakeServer& s, const auto& request) { s.reply(request.stream, "answer"); });
    ClientSession client("127.0.0.1:1");
    ASSERT_TRUE(client.start(some_call()));
    server.receive(client.output());
    conversation = server.output();
  }
  for (std::size_t bit = 0; bit < conversation.size() * 8; ++bit) {
    std::string flipped = conversation;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ClientSession client("127.0.0.1:1");
    ASSERT_TRUE(client.start(some_call()));
    client.output();
    client.receive(flipped);
    client.output();
    client.lost("cut");
    EXPECT_TRUE(client.next_ended()) << bit;
    EXPECT_FALSE(client.next_ended()) << bit;
  }
}

TEST(ClientSession, RefusesCallsThatCannotBeSentAndShowsNoSecret) {
  ClientSession client("127.0.0.1:1");
  const auto error_of = [&client](GrpcCall call) {
    const auto started = client.start(std::move(call));
    EXPECT_TRUE(started.has_error());
    EXPECT_EQ(started.has_error() ? started.error().code : Errc::internal, Errc::bad_request);
    return started.has_error() ? started.error().message : "";
  };
  EXPECT_THAT(error_of({.path = "no slash", .metadata = {}, .message = {}}), HasSubstr("path"));
  EXPECT_THAT(error_of({.path = "/a b\r\n", .metadata = {}, .message = {}}), HasSubstr("path"));
  EXPECT_THAT(error_of({.path = "/s/m", .metadata = {{"Upper", "x"}}, .message = {}}), HasSubstr("lower-case"));
  EXPECT_THAT(error_of({.path = "/s/m", .metadata = {{":path", "x"}}, .message = {}}), HasSubstr("lower-case"));
  EXPECT_EQ(error_of({.path = "/s/m", .metadata = {{"authorization", "Bearer s3cret\r\nx: y"}}, .message = {}}),
            "the value of authorization isn't printable ASCII");
  EXPECT_THAT(error_of({.path = "/s/m", .metadata = {{"a", std::string(max_metadata, 'x')}}, .message = {}}),
              HasSubstr("8192"));
  EXPECT_THAT(error_of({.path = "/s/m", .metadata = {}, .message = std::string(max_grpc_message + 1, 'x')}),
              HasSubstr("1048576"));
}

}  // namespace firesteel::h2
