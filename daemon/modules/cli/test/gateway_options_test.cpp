// SPDX-License-Identifier: Apache-2.0
#include "gateway_options.hpp"

#include <gmock/gmock.h>

namespace firesteel::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string wrong_upstream(std::string_view url) {
  GatewayOptions::Upstream ignored;
  return read_upstream(url, ignored);
}

GatewayOptions::Upstream upstream(std::string_view url) {
  GatewayOptions::Upstream read;
  EXPECT_EQ(read_upstream(url, read), "") << url;
  return read;
}

}  // namespace

TEST(Upstream, IsReadAsSparkConnectUrlsAre) {
  const auto plain = upstream("sc://spark-1.example.org:15003");
  EXPECT_EQ(std::tuple(plain.host, plain.port, plain.tls), std::tuple("spark-1.example.org", 15003, false));
  const auto usual = upstream("sc://10.0.0.1/");
  EXPECT_EQ(std::tuple(usual.host, usual.port, usual.tls), std::tuple("10.0.0.1", 15002, false));
  const auto secure = upstream("sc://[2001:db8::1]:443/;use_ssl=true");
  EXPECT_EQ(std::tuple(secure.host, secure.port, secure.tls), std::tuple("2001:db8::1", 443, true));
  EXPECT_FALSE(upstream("sc://h/;USE_SSL=false").tls);
}

TEST(Upstream, ATokenIsRefusedAndNeverRepeated) {
  for (const char* url :
       {"sc://h:1/;token=geheim", "sc://h:1/;use_ssl=true;Token=geheim", "sc://h:1/;authorization=Bearer%20geheim"}) {
    const std::string wrong = wrong_upstream(url);
    EXPECT_THAT(wrong, HasSubstr("FIRESTEEL_UPSTREAM_TOKEN")) << url;
    EXPECT_THAT(wrong, Not(HasSubstr("geheim"))) << url;
  }
}

TEST(Upstream, WhatIsNoServerIsSaidWithoutRepeatingIt) {
  for (const char* url : {"",
                          "h:1",
                          "http://geheim:1",
                          "sc://",
                          "sc://:1",
                          "sc://user:geheim@h:1",
                          "sc://h:",
                          "sc://h:0",
                          "sc://h:65536",
                          "sc://h:1x",
                          "sc://h:-1",
                          "sc://h h:1",
                          "sc://[::1",
                          "sc://[::g]:1",
                          "sc://[::1]1",
                          "sc://::1",
                          "sc://h:1/geheim",
                          "sc://h:1/;",
                          "sc://h:1/;use_ssl",
                          "sc://h:1/;use_ssl=yes",
                          "sc://h:1/;use_ssl=true;",
                          "sc://h:1/;=true",
                          "sc://h:1/;use_ssl=true;use_ssl=true",
                          "sc://h:1/;user_id=geheim",
                          "sc://h:1;use_ssl=true",
                          "sc://h:1/?a=geheim",
                          "sc://h:1#geheim"}) {
    EXPECT_NE(wrong_upstream(url), "") << url;
    EXPECT_THAT(wrong_upstream(url), Not(HasSubstr("geheim"))) << url;
  }
}

TEST(Listen, IsAnAddressWithAPort) {
  GatewayOptions options;
  EXPECT_EQ(read_listen("[::1]:0", options), "");
  EXPECT_EQ(std::tuple(options.listen_host, options.listen_port), std::tuple("::1", 0));
  EXPECT_EQ(read_listen("localhost:15003", options), "");
  EXPECT_EQ(std::tuple(options.listen_host, options.listen_port), std::tuple("127.0.0.1", 15003));
  for (const char* text : {"", "15002", ":15002", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:15002",
                           "example.org:1", "127.1:1", "[127.0.0.1]:1"})
    EXPECT_NE(read_listen(text, options), "") << text;
}

TEST(Listen, WithoutATokenOnlyThisMachineIsLetIn) {
  GatewayOptions options{.listen_host = "0.0.0.0", .needs_token = false};
  EXPECT_THAT(check_together(options), HasSubstr("127.0.0.1"));
  options.needs_token = true;
  EXPECT_EQ(check_together(options), "");
  for (const char* host : {"127.0.0.1", "127.8.0.1", "::1"})
    EXPECT_EQ(check_together({.listen_host = host, .needs_token = false}), "") << host;
  EXPECT_NE(check_together({.listen_host = "::", .needs_token = false}), "");
}

TEST(UpstreamToken, GoesToNobodyInClearText) {
  GatewayOptions::Upstream upstream{.host = "spark.example.org", .token = "geheim"};
  EXPECT_THAT(check_token(upstream), HasSubstr("use_ssl=true"));
  upstream.tls = true;
  EXPECT_EQ(check_token(upstream), "");
  EXPECT_EQ(check_token({.host = "localhost", .token = "geheim"}), "");
  EXPECT_NE(check_token({.host = "127.evil.example.org", .token = "geheim"}), "");
  EXPECT_EQ(check_token({.host = "spark.example.org"}), "");
  for (const char* token : {"geheim\n", "ge heim", "gehe\x01im", "geh\u00e9im"}) {
    const std::string wrong = check_token({.host = "localhost", .token = token});
    EXPECT_NE(wrong, "") << token;
    EXPECT_THAT(wrong, Not(HasSubstr("geh")));
  }
}

}  // namespace firesteel::cli
