// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/listener.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <stdexcept>

#include "with_listener.hpp"

namespace firesteel::http {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using testing::HasSubstr;
using testing::StartsWith;

asio::awaitable<Result<Reply>> echo(Call call) {
  co_return Reply{200, {{"name", call.path["name"]}, {"has_body", call.body.has_value()}}};
}

asio::awaitable<Result<Reply>> count(Call) {
  const json::string text = "# \"counts\"\nthings 2\n";
  co_return Reply{200, text, "text/plain; version=0.0.4"};
}

asio::awaitable<Result<Reply>> fail(Call) {
  throw std::runtime_error("on purpose");
  co_return Reply{};
}

asio::awaitable<void> greet(Viewer& viewer) { co_await viewer.send("hello"); }

class ListenerTest : public WithListener {
 protected:
  void add_routes(Router& router) override {
    router.add("GET", "/things/{name}", Access::read, echo);
    router.add("POST", "/things/{name}", Access::change, echo);
    router.add("GET", "/counts", Access::read, count);
    router.add("GET", "/broken", Access::read, fail);
    router.add_watch("/events", greet);
  }
};

}  // namespace

TEST_F(ListenerTest, AnswersOnASocketThatIsTheOwnersAlone) {
  EXPECT_THAT(ask("GET /things/a%20b"), HasSubstr(R"({"name":"a b","has_body":false})"));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "api.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(ListenerTest, ATextIsSentAsItIs) {
  EXPECT_THAT(ask("GET /counts"), testing::AllOf(HasSubstr("\r\nContent-Type: text/plain; version=0.0.4\r\n"),
                                                 HasSubstr("\r\n\r\n# \"counts\"\nthings 2\n")));
}

TEST_F(ListenerTest, AChangeNeedsOurHeaderAndJson) {
  const std::string ours = "X-Firesteel-Client: test/1\r\n";
  const std::string json = "Content-Type: application/json; charset=utf-8\r\n";
  EXPECT_THAT(ask("POST /things/a", json, "{}"), HasSubstr("403 Forbidden"));
  EXPECT_THAT(ask("POST /things/a", ours + "Content-Type: text/plain\r\n", "{}"), HasSubstr("415 Unsupported"));
  EXPECT_THAT(ask("POST /things/a", ours + json, "{}"), HasSubstr(R"("has_body":true)"));
  EXPECT_THAT(ask("POST /things/a", ours + json, "[]"), HasSubstr("400 Bad"));
  EXPECT_THAT(ask("POST /things/a", ours + json, "{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(ask("POST /things/a", ours + json, std::string(1001, 'x')), HasSubstr("413 Payload"));
}

TEST_F(ListenerTest, AWebSocketOfAForeignPageIsRefused) {
  const std::string upgrade =
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const auto watch = [&](const std::string& more) {
    return talk("GET /events HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\n" + upgrade + more + "\r\n");
  };
  EXPECT_THAT(ask("GET /events"), HasSubstr("426 Upgrade"));
  EXPECT_THAT(watch("Origin: http://here\r\n"), testing::AllOf(StartsWith("HTTP/1.1 101"), HasSubstr("hello")));
  EXPECT_THAT(ask("GET /events", upgrade + "Origin: http://there\r\n"), HasSubstr("403 Forbidden"));
}

TEST_F(ListenerTest, SurvivesWhateverIsSent) {
  EXPECT_THAT(talk("\x16\x03\x01 garbage\r\n\r\n"), HasSubstr("400 Bad"));
  EXPECT_THAT(ask("GET /things/a", "X: " + std::string(20'000, 'x') + "\r\n"), HasSubstr("413 Payload"));
  EXPECT_THAT(ask("DELETE /things/a"), testing::AllOf(HasSubstr("405 Method"), HasSubstr("Allow: GET, POST")));
  EXPECT_THAT(ask("GET /nothing"), HasSubstr("404 Not Found"));
  EXPECT_THAT(ask("GET /broken"), testing::AllOf(HasSubstr("500 Internal"), Not(HasSubstr("on purpose"))));
  EXPECT_THAT(ask("GET /things/a"), HasSubstr("200 OK"));
}

}  // namespace firesteel::http
