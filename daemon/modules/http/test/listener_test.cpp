// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/listener.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <thread>

#include "firesteel/io/scope.hpp"

namespace firesteel::http {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::local::stream_protocol;
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

/// A listener in a thread of its own, spoken to by blocking sockets.
class ListenerTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/firesteel-test-XXXXXX";
    directory_ = mkdtemp(pattern);
    router_.add("GET", "/things/{name}", Access::read, echo);
    router_.add("POST", "/things/{name}", Access::change, echo);
    router_.add("GET", "/counts", Access::read, count);
    router_.add("GET", "/broken", Access::read, fail);
    router_.add_watch("/events", greet);
    auto bound = Listener::bind(loop_.get_executor(), directory_ / "api.sock", router_, {.body_bytes = 1000});
    ASSERT_TRUE(bound.has_value());
    listener_ = std::make_unique<Listener>(std::move(*bound));
    scope_.spawn("listener", listener_->run());
    thread_ = std::thread([this] { loop_.run(); });
  }

  void TearDown() override {
    asio::post(loop_, [this] { scope_.cancel(); });
    thread_.join();
    std::filesystem::remove_all(directory_);
  }

  /// Sends it and reads until the listener closes.
  std::string talk(const std::string& request) {
    asio::io_context own;
    stream_protocol::socket socket(own);
    socket.connect(stream_protocol::endpoint((directory_ / "api.sock").string()));
    boost::system::error_code error;
    asio::write(socket, asio::buffer(request), error);
    std::string reply;
    asio::read(socket, asio::dynamic_buffer(reply), error);
    return reply;
  }

  std::string ask(const std::string& line, const std::string& headers = {}, const std::string& body = {}) {
    return talk(line + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + headers +
                (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body);
  }

  asio::io_context loop_{1};
  io::Scope scope_{loop_.get_executor()};
  Router router_;
  std::filesystem::path directory_;
  std::unique_ptr<Listener> listener_;
  std::thread thread_;
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
