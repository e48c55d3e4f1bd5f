// SPDX-License-Identifier: Apache-2.0
#include "firesteel/h2/spark_probe.hpp"

#include <gmock/gmock.h>

#include "firesteel/h2/spark_fields.hpp"
#include "loopback_server.hpp"

namespace firesteel::spark {
namespace {

namespace asio = boost::asio;
using h2::find_bytes;
using h2::ProtoWriter;
using h2::test::FakeServer;
using h2::test::LoopbackServer;
using h2::test::run;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using namespace std::chrono_literals;

/// Answers as Spark Connect does, and notes what was asked.
struct FakeSpark {
  std::string version = "4.3.0";
  std::string application_id = "local-1";
  int analyze_status = 0, config_status = 0, release_status = 0;
  std::vector<std::string> asked{};     ///< methods
  std::vector<std::string> sessions{};  ///< their session ids

  void operator()(FakeServer& server, const FakeServer::Request& request) {
    const std::string path = request.headers.at(":path");
    const std::string method = path.substr(path.rfind('/') + 1);
    const std::string_view message = std::string_view(request.body).substr(5);
    asked.push_back(method);
    sessions.emplace_back(find_bytes(message, fields::config_session_id).value().value());  // 1 in every request
    if (request.headers.at("authorization") != "Bearer s3cret") return fail(server, request.stream, 16);
    if (method == "AnalyzePlan") return analyze(server, request.stream, message);
    if (method == "Config") return config(server, request.stream, message);
    if (method == "ReleaseSession" && release_status == 0) return server.reply(request.stream, "");
    fail(server, request.stream, method == "ReleaseSession" ? release_status : 12);
  }

  void analyze(FakeServer& server, std::int32_t stream, std::string_view message) {
    if (!find_bytes(message, fields::analyze_spark_version).value()) return fail(server, stream, 3);
    if (analyze_status != 0) return fail(server, stream, analyze_status);
    const std::string answer = ProtoWriter().bytes(fields::spark_version_version, version).take();
    server.reply(stream, ProtoWriter().bytes(fields::analyzed_spark_version, answer).take());
  }

  void config(FakeServer& server, std::int32_t stream, std::string_view message) {
    const auto operation = find_bytes(message, fields::config_operation).value().value_or("");
    const auto get = find_bytes(operation, fields::operation_get_option).value().value_or("");
    if (find_bytes(get, fields::get_option_keys).value() != "spark.app.id") return fail(server, stream, 3);
    if (config_status != 0) return fail(server, stream, config_status);
    ProtoWriter pair;
    pair.bytes(fields::pair_key, "spark.app.id");
    if (!application_id.empty()) pair.bytes(fields::pair_value, application_id);
    server.reply(stream, ProtoWriter().bytes(fields::configured_pairs, pair.take()).take());
  }

  static void fail(FakeServer& server, std::int32_t stream, int code) {
    server.respond_trailers_only(
        stream, {{":status", "200"}, {"grpc-status", std::to_string(code)}, {"grpc-message", "so%20it%20is"}});
  }
};

Result<ServerFacts> probe(FakeSpark& spark, std::string secret = "s3cret") {
  asio::io_context io(1);
  LoopbackServer server(io, [&spark](FakeServer& s, const FakeServer::Request& request) { spark(s, request); });
  return run(io, probe_server(server.endpoint().port(), std::move(secret), Steady::now() + 5s));
}

}  // namespace

TEST(SparkProbe, GivesTheFactsAndReleasesItsSession) {
  FakeSpark spark;
  const auto facts = probe(spark);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(*facts, (ServerFacts{"4.3.0", "local-1"}));
  EXPECT_THAT(spark.asked, ElementsAre("AnalyzePlan", "Config", "ReleaseSession"));
  EXPECT_THAT(spark.sessions, testing::Each(MatchesRegex("[0-9a-f-]{36}")));
  EXPECT_THAT(spark.sessions, testing::Each(spark.sessions[0]));
}

TEST(SparkProbe, AServerWithoutApplicationIsReadyToo) {
  FakeSpark unset{.application_id = ""};
  EXPECT_EQ(probe(unset).value(), (ServerFacts{"4.3.0", ""}));
  FakeSpark unimplemented{.config_status = 12};
  EXPECT_EQ(probe(unimplemented).value(), (ServerFacts{"4.3.0", ""}));
}

TEST(SparkProbe, AnotherSecretIsToldInWordsThatHoldNone) {
  FakeSpark spark;
  const auto facts = probe(spark, "wr0ng");
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Errc::internal);
  EXPECT_EQ(facts.error().message, "AnalyzePlan was answered with UNAUTHENTICATED: so it is");
  EXPECT_THAT(facts.error().advice, HasSubstr("another secret"));
  EXPECT_THAT(facts.error().message + facts.error().advice, testing::Not(HasSubstr("wr0ng")));
}

TEST(SparkProbe, AServerThatIsUnavailableIsNotReady) {
  FakeSpark spark{.analyze_status = 14};
  EXPECT_EQ(probe(spark).error().code, Errc::not_ready);
  FakeSpark slow{.analyze_status = 4};
  EXPECT_EQ(probe(slow).error().code, Errc::timed_out);
  FakeSpark broken{.config_status = 13};
  EXPECT_EQ(probe(broken).error().message, "Config was answered with INTERNAL: so it is");
  EXPECT_THAT(broken.asked, ElementsAre("AnalyzePlan", "Config", "ReleaseSession"));
}

TEST(SparkProbe, ASessionThatIsNotReleasedDoesNotHideTheFacts) {
  FakeSpark spark{.release_status = 13};
  EXPECT_TRUE(probe(spark));
}

TEST(SparkProbe, FactsThatAreNoShortWordsAreRefused) {
  for (const auto& version : {std::string(), std::string(257, '4'), std::string("4\n3"), std::string("\xff")}) {
    FakeSpark spark{.version = version};
    const auto facts = probe(spark);
    ASSERT_FALSE(facts) << version;
    EXPECT_THAT(facts.error().message, HasSubstr("doesn't answer as Spark Connect does"));
  }
  FakeSpark spark{.application_id = "<b> bold"};
  EXPECT_TRUE(probe(spark).has_error());
}

TEST(SparkProbe, BytesThatAreNoMessageAreRefused) {
  asio::io_context io(1);
  LoopbackServer server(io, [](FakeServer& s, const auto& request) { s.reply(request.stream, "\x42\x7f"); });
  const auto facts = run(io, probe_server(server.endpoint().port(), "s3cret", Steady::now() + 5s));
  ASSERT_FALSE(facts);
  EXPECT_THAT(facts.error().message, HasSubstr("field 8 claims 127 bytes"));
}

}  // namespace firesteel::spark
