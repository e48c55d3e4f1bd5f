// SPDX-License-Identifier: Apache-2.0
#include "firesteel/tls/stream.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <vector>

#include "firesteel/io/unique_fd.hpp"
#include "made_certificates.hpp"

namespace firesteel::tls {
namespace {

using test::Files;
using test::make_certificate;
using testing::AllOf;
using testing::HasSubstr;
using Outcome = Stream::Outcome;

/// Two connected sockets that don't block.
struct Sockets {
  io::UniqueFd one, other;
  Sockets() {
    std::signal(SIGPIPE, SIG_IGN);
    int both[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both) != 0) throw std::bad_alloc();
    one = io::UniqueFd(both[0]);
    other = io::UniqueFd(both[1]);
  }
};

/// A client's stream and a server's, on the two ends of one connection.
struct Pair {
  Sockets sockets;
  StreamPtr client, server;

  Pair(const Files& files, const std::filesystem::path& trusted, const std::string& host)
      : client(Stream::connect(Context::for_client(trusted).value(), sockets.one.get(), host, 443)),
        server(Stream::accept(Context::for_server(files.certificate, files.key).value(), sockets.other.get())) {}

  /// The client's outcome, once it has one.
  Outcome greet() {
    for (int i = 0; i < 20; ++i) {
      const Outcome mine = client->handshake();
      const Outcome theirs = server->handshake();
      if (mine == Outcome::failed || (mine == Outcome::done && theirs == Outcome::done)) return mine;
    }
    return Outcome::wants_read;
  }
};

std::string why_not(const Files& files, const std::filesystem::path& trusted, const std::string& host) {
  Pair pair(files, trusted, host);
  if (pair.greet() != Outcome::failed) return "trusted";
  EXPECT_TRUE(pair.client->failure().is_final);
  EXPECT_TRUE(pair.client->failure().is_trust);
  EXPECT_EQ(pair.client->read({}).outcome, Outcome::failed);
  return pair.client->failure().message + " " + pair.client->failure().advice;
}

std::vector<std::uint8_t> some_bytes(std::size_t size) {
  std::vector<std::uint8_t> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return out;
}

/// OpenSSL by itself, for what Stream never does.
struct RawClient {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl{nullptr, SSL_free};

  RawClient(int socket, int version, std::string_view protocol) {
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    if (!protocol.empty())
      SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(protocol.data()),
                              static_cast<unsigned>(protocol.size()));
    ssl.reset(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), socket);
    SSL_set_connect_state(ssl.get());
  }
};

StreamPtr server_of(const Files& files, int socket) {
  return Stream::accept(Context::for_server(files.certificate, files.key).value(), socket);
}

Outcome greet(RawClient& client, Stream& server) {
  Outcome outcome = Outcome::wants_read;
  for (int i = 0; i < 20 && outcome != Outcome::failed; ++i) {
    const bool done = SSL_do_handshake(client.ssl.get()) == 1;
    outcome = server.handshake();
    if (done && outcome == Outcome::done) break;
  }
  return outcome;
}

}  // namespace

TEST(Stream, MovesBytesBothWaysThroughASocketThatIsFullNowAndThen) {
  const Files files;
  Pair pair(files, files.trusted, "localhost");
  ASSERT_EQ(pair.greet(), Outcome::done) << pair.client->failure().message;
  EXPECT_EQ(pair.client->version(), "TLSv1.3");
  for (auto [from, to] : {std::pair(pair.client.get(), pair.server.get()), {pair.server.get(), pair.client.get()}}) {
    const auto sent = some_bytes(3'000'001);
    std::vector<std::uint8_t> received(sent.size() + 1);
    std::size_t out = 0, in = 0, full = 0;
    while (in < sent.size()) {
      while (out < sent.size()) {
        const auto moved = from->write(std::span(sent).subspan(out));
        out += moved.size;
        if (moved.outcome == Outcome::done) continue;
        ASSERT_EQ(moved.outcome, Outcome::wants_write);
        ++full;
        break;
      }
      for (;;) {
        const auto moved = to->read(std::span(received).subspan(in));
        in += moved.size;
        if (moved.outcome == Outcome::done) continue;
        ASSERT_EQ(moved.outcome, Outcome::wants_read);
        break;
      }
    }
    EXPECT_GT(full, 0U);
    received.resize(in);
    EXPECT_EQ(received, sent);
  }
  pair.client->say_goodbye();
  std::array<std::uint8_t, 16> space{};
  EXPECT_EQ(pair.server->read(space).outcome, Outcome::closed);
}

TEST(Stream, TrustsThoseAloneWhoHaveAGoodCertificateForTheNameThatTheyWereCalledBy) {
  const Files good;
  for (const char* name : {"localhost", "127.0.0.1"}) EXPECT_EQ(why_not(good, good.trusted, name), "trusted");
  EXPECT_THAT(why_not(good, good.trusted, "spark.example.org"),
              AllOf(HasSubstr("spark.example.org:443"), HasSubstr("localhost, 127.0.0.1")));
  EXPECT_THAT(why_not(good, good.trusted, "127.0.0.2"), HasSubstr("isn't for '127.0.0.2'"));
  EXPECT_THAT(why_not(good, good.trusted, "::1"), HasSubstr("[::1]:443"));
  const Files stranger;
  EXPECT_THAT(why_not(good, stranger.trusted, "localhost"), HasSubstr("Nobody who is trusted here vouches"));
  const Files expired("DNS:localhost", -5, -1);
  // A server of ours doesn't show such a one, so the client is asked about the certificate itself.
  EXPECT_FALSE(Context::for_server(expired.certificate, expired.key));
  const Files early("DNS:localhost", 1, 3);
  EXPECT_THAT(why_not(early, early.trusted, "localhost"), HasSubstr("isn't valid before 20"));
  const Files pattern("DNS:*.example.org");
  EXPECT_EQ(why_not(pattern, pattern.trusted, "spark.example.org"), "trusted");
  EXPECT_NE(why_not(pattern, pattern.trusted, "a.b.example.org"), "trusted");
  const Files nameless("");
  EXPECT_THAT(why_not(nameless, nameless.trusted, "server"), HasSubstr("no name at all"));
}

TEST(Stream, TrustsACertificateThatStandsInTheFileItself) {
  const Files files;
  EXPECT_EQ(why_not(files, files.certificate, "localhost"), "trusted");
}

TEST(Stream, KeyUpdatesPassAndTheyDontPileUpBeforeAStalledReader) {
  const Files files;
  const Sockets sockets;
  RawClient client(sockets.one.get(), TLS1_3_VERSION, "\x02h2");
  const auto server = server_of(files, sockets.other.get());
  ASSERT_EQ(greet(client, *server), Outcome::done);
  std::array<std::uint8_t, 100> space{};
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(SSL_key_update(client.ssl.get(), SSL_KEY_UPDATE_REQUESTED), 1);
    ASSERT_EQ(SSL_write(client.ssl.get(), "x", 1), 1);
    const auto got = server->read(space);
    ASSERT_EQ(got.size, 1U);
    ASSERT_EQ(server->write(std::span(space).first(1)).size, 1U);
    char answer = 0;
    ASSERT_EQ(SSL_read(client.ssl.get(), &answer, 1), 1);
    EXPECT_EQ(answer, 'x');
  }
  // Now it reads nothing any more, and asks again and again: the server stops to listen to it.
  Outcome outcome = Outcome::wants_read;
  for (int i = 0; i < 200'000 && outcome == Outcome::wants_read; ++i) {
    SSL_key_update(client.ssl.get(), SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(client.ssl.get());
    outcome = server->read(space).outcome;
  }
  EXPECT_TRUE(outcome == Outcome::wants_write || outcome == Outcome::failed) << static_cast<int>(outcome);
}

TEST(Stream, NobodyMayRenegotiate) {
  const Files files;
  const Sockets sockets;
  RawClient client(sockets.one.get(), TLS1_2_VERSION, "\x02h2");
  const auto server = server_of(files, sockets.other.get());
  ASSERT_EQ(greet(client, *server), Outcome::done);
  ASSERT_EQ(SSL_renegotiate(client.ssl.get()), 1);
  SSL_do_handshake(client.ssl.get());
  std::array<std::uint8_t, 100> space{};
  EXPECT_NE(server->read(space).outcome, Outcome::done);
  EXPECT_NE(SSL_do_handshake(client.ssl.get()), 1);
}

TEST(Stream, WithoutHttp2ThereIsNoHandshake) {
  const Files files;
  for (const char* protocol : {"", "\x08http/1.1"}) {
    const Sockets sockets;
    RawClient client(sockets.one.get(), TLS1_3_VERSION, protocol);
    const auto server = server_of(files, sockets.other.get());
    EXPECT_EQ(greet(client, *server), Outcome::failed) << protocol;
  }
  const Sockets sockets;
  RawClient old(sockets.one.get(), TLS1_1_VERSION, "\x02h2");
  const auto server = server_of(files, sockets.other.get());
  EXPECT_EQ(greet(old, *server), Outcome::failed);
}

TEST(Stream, WhatIsNoTlsIsSaidToBeNone) {
  const Files files;
  for (const std::string_view garbage :
       {std::string_view("\0\0\x12\4\0\0\0\0\0 settings", 18), std::string_view("HTTP/1.1 400 Bad")}) {
    const Sockets sockets;
    const auto client = Stream::connect(Context::for_client(files.trusted).value(), sockets.one.get(), "localhost", 1);
    ASSERT_EQ(client->handshake(), Outcome::wants_read);
    ASSERT_GT(::send(sockets.other.get(), garbage.data(), garbage.size(), 0), 0);
    const std::string more(64, 'x');
    ASSERT_GT(::send(sockets.other.get(), more.data(), more.size(), 0), 0);
    EXPECT_EQ(client->handshake(), Outcome::failed);
    EXPECT_TRUE(client->failure().is_final);
    EXPECT_THAT(client->failure().message, HasSubstr("localhost:1 doesn't speak TLS"));
  }
  Sockets sockets;
  const auto client = Stream::connect(Context::for_client(files.trusted).value(), sockets.one.get(), "localhost", 1);
  EXPECT_EQ(client->handshake(), Outcome::wants_read);
  sockets.other = {};
  EXPECT_EQ(client->handshake(), Outcome::failed);
  EXPECT_FALSE(client->failure().is_final);
  EXPECT_THAT(client->failure().message, HasSubstr("localhost:1"));
}

}  // namespace firesteel::tls
