// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/relay.hpp"

#include <gmock/gmock.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <future>

#include "with_listener.hpp"

namespace firesteel::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// After data, and once.
constexpr const char* last_chunk = "g\r\n0\r\n\r\n";

/// A server that takes one connection, reads a request's header and says what it was told to.
class Upside {
 public:
  explicit Upside(std::string answer)
      : seen_(std::async(std::launch::async, [this, answer = std::move(answer)] { return serve(answer); })) {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string seen() { return seen_.get(); }

 private:
  std::string serve(const std::string& answer) {
    tcp::socket socket = acceptor_.accept();
    std::string request;
    boost::system::error_code error;
    asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", error);
    asio::write(socket, asio::buffer(answer), error);
    return request;
  }

  asio::io_context loop_;
  tcp::acceptor acceptor_{loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::future<std::string> seen_;
};

class RelayTest : public WithListener {
 protected:
  void add_routes(Router& router) override {
    router.add_relay("/ui/{name}", [this](RelayCall call) { return find(std::move(call)); });
  }

  asio::awaitable<Result<Upstream>> find(RelayCall call) {
    if (call.path["name"] != "main")
      co_return Error{.code = Errc::connection_not_found, .message = "There is none.", .advice = "Make one."};
    Upstream upstream{.port = port_, .headers = {}};
    upstream.own_context = own_context_;
    upstream.headers.emplace_back("Authorization", "Bearer ours");
    upstream.headers.emplace_back("X-Forwarded-Context", call.context);
    co_return upstream;
  }

  /// What the client gets for what the server says.
  std::string pass(const std::string& answer, const std::string& line = "GET /ui/main/jobs/",
                   const std::string& headers = {}, const std::string& body = {}) {
    Upside server(answer);
    port_ = server.port();
    std::string got = ask(line, headers, body);
    seen_ = server.seen();
    return got;
  }

  std::uint16_t port_ = 1;
  std::string seen_;
  std::string own_context_;
};

TEST_F(RelayTest, PassesPathAndQueryOnAsTheyAre) {
  pass("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "GET /ui/main/jobs/a%2Fb/?id=1%26&x=/y");
  EXPECT_THAT(seen_, StartsWith("GET /jobs/a%2Fb/?id=1%26&x=/y HTTP/1.1\r\n"));
}

TEST_F(RelayTest, KeepsCredentialsOfTheClientToItself) {
  pass("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nhi", "GET /ui/main/",
       "Cookie: session=secret\r\nAuthorization: token secret\r\nX-XSRFToken: secret\r\nAccept-Encoding: gzip\r\n"
       "X-Forwarded-For: secret\r\nX-Forwarded-Context: /user/ana/firesteel/\r\n");
  EXPECT_THAT(seen_, Not(HasSubstr("secret")));
  EXPECT_THAT(seen_, AllOf(HasSubstr("Authorization: Bearer ours\r\n"), HasSubstr("Accept-Encoding: gzip\r\n"),
                           HasSubstr("X-Forwarded-Context: /user/ana/firesteel/ui/main\r\n")));
}

TEST_F(RelayTest, PassesBodiesOfKnownLength) {
  const std::string body(300'000, 'x');
  const auto got =
      pass("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nSet-Cookie: a=b\r\nContent-Length: 300000\r\n\r\n" + body);
  EXPECT_THAT(got, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Encoding: gzip\r\n"),
                         HasSubstr("Content-Length: 300000\r\n"), Not(HasSubstr("Set-Cookie"))));
  EXPECT_TRUE(got.ends_with("\r\n\r\n" + body));
}

TEST_F(RelayTest, PassesChunks) {
  const auto got = pass("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
  EXPECT_THAT(got, AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), HasSubstr("abc"), EndsWith(last_chunk)));
}

TEST_F(RelayTest, PassesBodiesThatEndWithTheConnection) {
  EXPECT_THAT(pass("HTTP/1.0 200 OK\r\n\r\nall of it: g"), AllOf(HasSubstr("all of it"), EndsWith(last_chunk)));
  EXPECT_THAT(pass("HTTP/1.0 200 OK\r\n\r\n"), EndsWith("\r\n\r\n0\r\n\r\n"));
}

TEST_F(RelayTest, ABodyThatWasCutOffIsSeenToBe) {
  const auto got = pass("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  EXPECT_THAT(got, AllOf(HasSubstr("abc"), Not(EndsWith("0\r\n\r\n"))));
}

TEST_F(RelayTest, AnswersWithoutABodyStayWithoutOne) {
  EXPECT_THAT(pass("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"),
              AllOf(HasSubstr("ETag: \"x\"\r\n"), EndsWith("\r\n\r\n"), Not(HasSubstr("chunked"))));
  EXPECT_THAT(pass("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", "HEAD /ui/main/jobs/"),
              AllOf(HasSubstr("Content-Length: 500\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(pass("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), EndsWith("\r\n\r\n"));
}

TEST_F(RelayTest, RedirectsStayBelowTheRoot) {
  EXPECT_THAT(pass("HTTP/1.1 302 Found\r\nLocation: /jobs/\r\nContent-Length: 0\r\n\r\n", "GET /ui/main/"),
              HasSubstr("Location: ./jobs/\r\n"));
  EXPECT_THAT(ask("GET /ui/main"), AllOf(HasSubstr("308 Permanent"), HasSubstr("Location: main/\r\n")));
  EXPECT_THAT(ask("GET /ui/main?a=b"), HasSubstr("Location: main/?a=b\r\n"));
}

TEST_F(RelayTest, LinksOfAServerThatTakesItselfForElsewhereLeadHere) {
  own_context_ = "/proxy/a_1";
  const std::string page =
      "<a href=\"/proxy/a_1/jobs/\">" + std::string(200000, 'x') + "<script src='/proxy/a_1/s.js'>";
  const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(page.size()) + "\r\n";
  const auto got = pass(header + "Content-Type: text/html;charset=utf-8\r\n\r\n" + page);
  EXPECT_THAT(got, AllOf(HasSubstr("<a href=\"/ui/main/jobs/\">x"), HasSubstr("<script src='/ui/main/s.js'>"),
                         Not(HasSubstr("/proxy/")), Not(HasSubstr("Content-Length")), EndsWith("\r\n0\r\n\r\n")));
  EXPECT_THAT(pass(header + "Content-Type: text/javascript\r\n\r\n" + page),
              AllOf(HasSubstr("Content-Length: "), EndsWith("\r\n\r\n" + page)));
  EXPECT_TRUE(pass(header + "Content-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + page).ends_with(page));
  EXPECT_THAT(pass("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"),
              AllOf(HasSubstr("Content-Length: 0\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(pass("HTTP/1.1 302 Found\r\nLocation: /proxy/a_1/jobs/\r\nContent-Length: 0\r\n\r\n"),
              HasSubstr("Location: ../jobs/\r\n"));
}

TEST_F(RelayTest, FormsArePassedFromPagesOfTheSameHostAlone) {
  const std::string done = "HTTP/1.1 303 See Other\r\nLocation: /jobs/\r\nContent-Length: 0\r\n\r\n";
  const std::string line = "POST /ui/main/jobs/job/kill/";
  EXPECT_THAT(pass(done, line, "Origin: http://here\r\n", "id=1"), HasSubstr("Location: ../../../jobs/\r\n"));
  EXPECT_THAT(ask(line, "Origin: http://there\r\n", "id=1"), HasSubstr("403 Forbidden"));
  EXPECT_THAT(ask(line, "Origin: null\r\n", "id=1"), HasSubstr("403 Forbidden"));
}

TEST_F(RelayTest, SaysInWordsWhyThereIsNothing) {
  EXPECT_THAT(ask("GET /ui/other/"), AllOf(HasSubstr("404 Not Found"), HasSubstr("text/plain"),
                                           EndsWith("\r\n\r\nThere is none. Make one.\n")));
  EXPECT_THAT(ask("GET /ui/main/"), AllOf(HasSubstr("502 Bad Gateway"), HasSubstr("It does not answer")));
  EXPECT_THAT(pass("garbage\r\n\r\n"), HasSubstr("502 Bad Gateway"));
}

TEST_F(RelayTest, AConnectionServesOneAfterTheOther) {
  Upside server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  port_ = server.port();
  const auto got = talk(
      "GET /ui/main/ HTTP/1.1\r\nHost: here\r\n\r\nGET /ui/other/ HTTP/1.1\r\nHost: here\r\n"
      "Connection: close\r\n\r\n");
  server.seen();
  EXPECT_THAT(got, AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("hiHTTP/1.1 404 Not Found")));
}

}  // namespace
}  // namespace firesteel::http
