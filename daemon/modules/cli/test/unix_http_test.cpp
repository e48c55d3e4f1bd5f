// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "firesteel/core/version.hpp"
#include "transport.hpp"

namespace firesteel::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// A unix socket whose server reads one request, writes what it was told (again and again if asked) and hangs up when
/// the client does, or at once.
class TinyServer {
 public:
  struct Script {
    std::string reply{};
    std::size_t times = 1;
    bool hang_up = true;  ///< else the socket stays open until the client closes it
  };

  explicit TinyServer(Script script) : script_(std::move(script)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "firesteel-cli-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    directory_ = pattern;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 4) != 0)
      throw std::runtime_error("bind");
    thread_ = std::thread([this] { serve(); });
  }
  ~TinyServer() {
    shutdown(listener_, SHUT_RDWR);  // wakes an accept that nobody will call
    join();
    close(listener_);
    std::filesystem::remove_all(directory_);
  }
  std::string socket() const { return (directory_ / "s").string(); }
  const std::string& request() {
    join();
    return request_;
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  void serve() {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    char buffer[4096];
    while (!whole(request_)) {
      const ssize_t got = read(fd, buffer, sizeof buffer);
      if (got <= 0) break;
      request_.append(buffer, static_cast<std::size_t>(got));
    }
    for (std::size_t i = 0; i < script_.times; ++i)
      if (send(fd, script_.reply.data(), script_.reply.size(), MSG_NOSIGNAL) < 0) break;
    pollfd gone{fd, POLLRDHUP, 0};
    if (!script_.hang_up) poll(&gone, 1, 20'000);
    close(fd);
  }
  static bool whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = request.find("Content-Length: ");
    return length == std::string::npos || request.size() >= end + 4 + std::stoul(request.substr(length + 16));
  }

  Script script_;
  std::filesystem::path directory_;
  int listener_ = -1;
  std::thread thread_;
  std::string request_;
};

TEST(UnixHttp, SendsWhatTheContractAsksFor) {
  TinyServer server({.reply = "HTTP/1.1 201 Created\r\nContent-Length: 8\r\n\r\n{\"a\": 1}"});
  const auto reply =
      unix_http(server.socket())
          ->exchange({.method = Method::post, .target = "/api/v1/connections", .body = "{}", .python = "/p/python3"});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 201U);
  EXPECT_EQ(reply->body, "{\"a\": 1}");
  EXPECT_THAT(server.request(), ::testing::StartsWith("POST /api/v1/connections HTTP/1.1\r\n"));
  for (const std::string& header :
       {"X-Firesteel-Client: cli/" + std::string(version()), std::string("Content-Type: application/json"),
        std::string("X-Firesteel-Python: /p/python3"), std::string("Content-Length: 2")})
    EXPECT_THAT(server.request(), HasSubstr("\r\n" + header + "\r\n"));
  EXPECT_THAT(server.request(), ::testing::EndsWith("\r\n\r\n{}"));
}

TEST(UnixHttp, APathThatFitsNoHeaderStaysOut) {
  TinyServer server({.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"});
  ASSERT_TRUE(
      unix_http(server.socket())->exchange({.method = Method::post, .target = "/x", .python = "/p\r\nEvil: 1"}));
  EXPECT_THAT(server.request(), ::testing::Not(HasSubstr("Evil")));
  EXPECT_THAT(server.request(), ::testing::Not(HasSubstr("X-Firesteel-Python")));
  EXPECT_THAT(server.request(), HasSubstr("Content-Length: 0"));
}

TEST(UnixHttp, ASlowServerMeetsTheDeadline) {
  for (const char* part : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"}) {
    TinyServer server({.reply = part, .hang_up = false});
    const auto begun = std::chrono::steady_clock::now();
    const auto reply = unix_http(server.socket())->exchange({.target = "/x", .timeout = 100ms});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, "timed_out");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
  }
}

TEST(UnixHttp, GarbageIsNoHttp) {
  TinyServer server({.reply = "SSH-2.0-OpenSSH_9.2\r\n"});
  const auto reply = unix_http(server.socket())->exchange({.target = "/x"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "bad_reply");
  EXPECT_THAT(reply.error().message, HasSubstr("does not speak HTTP"));
}

TEST(UnixHttp, AReplyThatIsToldToBeHugeIsNotRead) {
  TinyServer server({.reply = "HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n", .hang_up = false});
  const auto reply = unix_http(server.socket())->exchange({.target = "/x", .timeout = 30s});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "bad_reply");
  EXPECT_THAT(reply.error().message, HasSubstr("16 MiB"));
}

TEST(UnixHttp, AReplyWithoutEndIsBounded) {
  TinyServer server({.reply = "HTTP/1.1 200 OK\r\n\r\n" + std::string(1024 * 1024, 'x'), .times = 40});
  const auto reply = unix_http(server.socket())->exchange({.target = "/x", .timeout = 30s});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "bad_reply");
  EXPECT_THAT(reply.error().message, HasSubstr("16 MiB"));
}

TEST(UnixHttp, ADaemonThatDiesWhileItAnswersIsGone) {
  for (const char* part : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"}) {
    TinyServer server({.reply = part});
    const auto reply = unix_http(server.socket())->exchange({.target = "/x"});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, "no_daemon");
    EXPECT_THAT(reply.error().message, HasSubstr("went away"));
  }
}

TEST(UnixHttp, NobodyListensMeansNoDaemon) {
  const auto reply = unix_http("/nowhere/api.sock")->exchange({.target = "/x"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "no_daemon");
  EXPECT_EQ(reply.error().message, "No Firesteel daemon runs.");
}

TEST(UnixHttp, APathTooLongForASocketIsSaidToBe) {
  const auto reply = unix_http("/" + std::string(200, 'x'))->exchange({.target = "/x"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "internal");
  EXPECT_THAT(reply.error().advice, HasSubstr("FIRESTEEL_RUNTIME_DIR"));
}

}  // namespace
}  // namespace firesteel::cli
