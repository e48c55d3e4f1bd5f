// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "activity_views.hpp"
#include "default_connection.hpp"
#include "fakes.hpp"

namespace firesteel::cli::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace json = boost::json;

json::value parsed(const std::string& text) { return json::parse(text); }

constexpr const char* session = R"({"session_id":"0b9c7a52","user_id":"ana",)"
                                R"("client_type":"_SPARK_CONNECT_PYTHON spark/4.3.0 os/linux python/3.11.2",)"
                                R"("notebook":"work/a.ipynb","local":true,"started_at":"2024-02-29T12:00:00.123Z",)"
                                R"("idle_ms":245000,"running":0})";
constexpr const char* stranger = R"({"session_id":"1\u001b[2J","user_id":"","client_type":"sc-go",)"
                                 R"("notebook":"","local":false,"started_at":"soon","idle_ms":0,"running":2})";

std::string operation(std::string_view id, std::string_view state, std::string_view more = "") {
  return fmt::format(
      R"({{"operation_id":"{}","session_id":"0b9c7a52","kind":"command","detail":"write_operation","state":"{}",)"
      R"("attended":true,"started_at":"2024-02-29T12:00:00.000Z","elapsed_ms":17000,"rows":1000,"bytes":5242880,)"
      R"("tasks":200,"completed_tasks":148,"notebook":"a.ipynb","cell":""{}}})",
      id, state, more);
}

std::string operations_of(std::string_view list) { return fmt::format(R"({{"operations":[{}]}})", list); }

}  // namespace

TEST_F(Commands, SessionsAreATableInWords) {
  clock.wall_time = WallTime(std::chrono::milliseconds(1'709'208'000'000)) + std::chrono::minutes(12);
  daemon.ok(fmt::format(R"({{"sessions":[{},{}]}})", session, stranger));
  EXPECT_EQ(run({"sessions", "a"}), exit_done);
  EXPECT_THAT(daemon.calls, ElementsAre("GET /api/v1/connections/a/sessions"));
  EXPECT_EQ(console.out_text,
            "CLIENT                      NOTEBOOK      USER  COMES BY  SINCE   NOW             SESSION\n"
            "Python 3.11.2, Spark 4.3.0  work/a.ipynb  ana   socket    12 min  idle for 4 min  0b9c7a52\n"
            "sc-go                       -             -     TCP       -       2 operations    1\\x1b[2J\n");
}

TEST_F(Commands, WithoutANameTheDefaultConnectionIsMeant) {
  daemon.ok(connections_of(connection("a", "ready")));
  daemon.ok(R"({"sessions":[]})");
  EXPECT_EQ(run({"sessions"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a/sessions");
  EXPECT_EQ(console.out_text, "No session is open on a.\n");

  daemon.ok(connections_of(""));
  EXPECT_EQ(run({"operations", "--json"}), exit_no_such_connection);
}

TEST(DefaultConnection, IsFoundAsTheDaemonFindsIt) {
  const auto one = [](std::string_view name, std::string_view state, bool is_default) {
    return fmt::format(R"({{"name":"{}","state":"{}","is_default":{}}})", name, state, is_default);
  };
  const auto found = [](const std::string& list) {
    return default_connection(parsed(connections_of(list)).get_object());
  };
  EXPECT_EQ(found(one("a", "failed", true)).value(), "a");
  EXPECT_EQ(found(one("a", "ready", false) + "," + one("b", "starting", true)).value(), "b");
  EXPECT_EQ(found(one("a", "failed", true) + "," + one("b", "ready", false)).value(), "b");
  EXPECT_EQ(found("").error().code, "connection_not_found");
  const std::string two = one("b", "ready", false) + "," + one("c", "ready", false);
  const auto none = found(one("a", "failed", true) + "," + two);
  ASSERT_TRUE(none.has_error());
  EXPECT_EQ(none.error().code, "no_default");
  EXPECT_EQ(exit_code_of(none.error()), exit_usage);
  EXPECT_THAT(none.error().connections, ElementsAre("a", "b", "c"));
}

TEST_F(Commands, OperationsAreThoseThatRunUnlessAllAreWanted) {
  const std::string both =
      operations_of(operation("one", "running") + "," + operation("two", "failed", R"(,"error":"It exists.")"));
  daemon.ok(both);
  EXPECT_EQ(run({"operations", "a", "--json"}), exit_done);
  EXPECT_EQ(document(), parsed(fmt::format(R"({{"connection":"a","operations":[{}]}})", operation("one", "running"))));
  EXPECT_EQ(daemon.calls.back(), "GET /api/v1/connections/a/operations?limit=1000");

  console.out_text.clear();
  daemon.ok(both);
  EXPECT_EQ(run({"operations", "a", "--all"}), exit_done);
  EXPECT_EQ(console.out_text,
            "WHAT                      STATE      TIME  PROGRESS          RESULT            NOTEBOOK  OPERATION\n"
            "command: write operation  ◌ running  17 s  148 of 200 tasks  1000 rows, 5 MiB  a.ipynb   one\n"
            "command: write operation  ✕ failed   17 s  148 of 200 tasks  1000 rows, 5 MiB  a.ipynb   two\n"
            "✕ two: It exists.\n");
}

TEST(ActivityViews, SayWhenNothingIsThere) {
  const json::object none = parsed(operations_of("")).get_object();
  EXPECT_EQ(operations_text(none, "a", false, false), "Nothing runs on a.\n");
  EXPECT_EQ(operations_text(none, "a", true, false), "Nothing has run on a yet.\n");
}

TEST(ActivityViews, AnOperationThatNobodyListensToIsSaidToBeOne) {
  const std::string lonely = R"({"kind":"analyze","detail":"","state":"running","attended":false,"elapsed_ms":0,)"
                             R"("rows":0,"bytes":0,"tasks":0,"operation_id":"o"})";
  EXPECT_THAT(operations_text(parsed(operations_of(lonely)).get_object(), "a", false, false),
              HasSubstr("analysis  ◌ running, nobody listens  0 s   -         -       -         o\n"));
}

TEST(ActivityViews, ClientsAreNamedInWords) {
  EXPECT_EQ(client_words("_SPARK_CONNECT_SCALA spark/4.1.0 scala/2.13.16 jvm/17 os/linux"),
            "Scala 2.13.16, Spark 4.1.0");
  EXPECT_EQ(client_words("_SPARK_CONNECT_PYTHON"), "Python");
  EXPECT_EQ(client_words(""), "-");
  EXPECT_EQ(client_words("a\tb\x1b[1m"), "a\tb\\x1b[1m");
  EXPECT_EQ(client_words(std::string(100, 'x')), std::string(39, 'x') + "…");
}

TEST_F(Commands, InterruptSaysWhatItIsAbout) {
  daemon.ok(R"({"operation_ids":["one","two"]})");
  EXPECT_EQ(run({"interrupt", "a"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "POST /api/v1/connections/a/interrupt");
  EXPECT_EQ(daemon.bodies.back(), "");
  EXPECT_EQ(console.out_text, "2 operations interrupted on a.\n");

  console.out_text.clear();
  daemon.ok(R"({"operation_ids":[]})");
  EXPECT_EQ(run({"interrupt", "a", "--session", "s", "--operation", "o", "--json"}), exit_done);
  EXPECT_EQ(parsed(daemon.bodies.back()), parsed(R"({"session_id":"s","operation_id":"o"})"));
  EXPECT_EQ(document(), parsed(R"({"connection":"a","operation_ids":[]})"));

  daemon.error(404, "operation_not_found", "There is no such operation.");
  EXPECT_EQ(run({"interrupt", "a", "--operation", "o"}), exit_failed);
}

TEST_F(Commands, ReleaseNamesTheSessionInThePath) {
  daemon.ok("{}");
  EXPECT_EQ(run({"release", "a", "s/../x y", "--json"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "POST /api/v1/connections/a/sessions/s%2F..%2Fx%20y/release");
  EXPECT_EQ(document(), parsed(R"({"connection":"a","released":"s/../x y"})"));
}

constexpr const char* open_endpoint = R"({"host":"127.0.0.1","port":15002,"socket":"/r/gateway.sock"})";

TEST_F(Commands, EndpointShowsNoTokenUnlessTheUrlIsAskedFor) {
  daemon.ok(open_endpoint);
  EXPECT_EQ(run({"endpoint"}), exit_done);
  EXPECT_THAT(daemon.calls, ElementsAre("GET /api/v1/endpoint"));
  EXPECT_EQ(console.out_text,
            "● 127.0.0.1:15002 takes every Spark Connect client that has the token\n"
            "  socket  /r/gateway.sock (for your own processes, without a token)\n"
            "  `firesteel endpoint --url` prints a URL with the token: whoever has it can run code as you.\n");

  console.out_text.clear();
  daemon.ok(R"({"url":"sc://127.0.0.1:15002/;authorization=Bearer%20geheim"})");
  EXPECT_EQ(run({"endpoint", "--url", "--name", "a"}), exit_done);
  EXPECT_EQ(daemon.calls.back(), "POST /api/v1/endpoint/url");
  EXPECT_EQ(parsed(daemon.bodies.back()), parsed(R"({"connection":"a"})"));
  EXPECT_EQ(console.out_text, "sc://127.0.0.1:15002/;authorization=Bearer%20geheim\n");
}

TEST_F(Commands, EndpointWithoutAPortSaysWhy) {
  daemon.ok(R"({"host":"127.0.0.1","port":0,"socket":"/r/g","problem":"Every port is taken."})");
  EXPECT_EQ(run({"endpoint"}), exit_done);
  EXPECT_THAT(console.out_text, HasSubstr("✕ There is no TCP endpoint: Every port is taken.\n"));
}

TEST_F(Commands, EndpointRotatesBeforeItMakesTheUrl) {
  daemon.ok("{}");
  daemon.ok(R"({"url":"sc://new"})");
  daemon.ok(open_endpoint);
  EXPECT_EQ(run({"endpoint", "--rotate", "--url", "--json"}), exit_done);
  EXPECT_THAT(daemon.calls,
              ElementsAre("POST /api/v1/endpoint/rotate", "POST /api/v1/endpoint/url", "GET /api/v1/endpoint"));
  EXPECT_EQ(document(), parsed(R"({"host":"127.0.0.1","port":15002,"socket":"/r/gateway.sock","url":"sc://new"})"));

  console.out_text.clear();
  daemon.ok("{}");
  daemon.ok(open_endpoint);
  EXPECT_EQ(run({"endpoint", "--rotate"}), exit_done);
  EXPECT_THAT(console.out_text, HasSubstr("The token is a new one"));
}

TEST_F(Commands, GatewayGetsItsUpstreamsTokenFromTheEnvironment) {
  environment["FIRESTEEL_UPSTREAM_TOKEN"] = "geheim";
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1/;use_ssl=true", "--listen", "[::1]:15003", "--socket",
                 "/tmp/g.sock", "--token-file", "/tmp/token"}),
            44);
  ASSERT_TRUE(host.gateway_options);
  const GatewayOptions& options = *host.gateway_options;
  EXPECT_EQ(options.upstream.host, "h");
  EXPECT_TRUE(options.upstream.tls);
  EXPECT_EQ(options.upstream.token, "geheim");
  EXPECT_EQ(options.listen_host, "::1");
  EXPECT_EQ(options.listen_port, 15003);
  EXPECT_EQ(options.socket, "/tmp/g.sock");
  EXPECT_EQ(options.token_file, "/tmp/token");
  EXPECT_TRUE(options.needs_token);
  EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(Commands, GatewayDoesNotSendATokenInClearText) {
  environment["FIRESTEEL_UPSTREAM_TOKEN"] = "geheim";
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1"}), exit_usage);
  EXPECT_THAT(console.err_text, HasSubstr("use_ssl=true"));
  EXPECT_THAT(console.err_text, Not(HasSubstr("geheim")));
  EXPECT_FALSE(host.gateway_options);

  environment.clear();
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1", "--no-token"}), 44);
  EXPECT_FALSE(host.gateway_options->needs_token);
  EXPECT_EQ(host.gateway_options->listen_port, 15002);
}

TEST_F(Commands, GatewaySpeaksTlsWithTheFilesThatItIsGiven) {
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1/;use_ssl=true", "--upstream-ca", "/tmp/ca.pem", "--tls-cert",
                 "/tmp/own.pem", "--tls-key", "/tmp/own.key"}),
            44);
  ASSERT_TRUE(host.gateway_options);
  EXPECT_EQ(host.gateway_options->upstream.authorities, "/tmp/ca.pem");
  EXPECT_EQ(host.gateway_options->certificate, "/tmp/own.pem");
  EXPECT_EQ(host.gateway_options->key, "/tmp/own.key");
  host.gateway_options.reset();

  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1", "--upstream-ca", "/tmp/ca.pem"}), exit_usage);
  EXPECT_THAT(console.err_text, HasSubstr("use_ssl=true"));
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1", "--tls-cert", "/tmp/own.pem"}), exit_usage);
  EXPECT_EQ(run({"gateway", "--upstream", "sc://h:1", "--tls-key", "/tmp/own.key"}), exit_usage);
  EXPECT_FALSE(host.gateway_options);
}

}  // namespace firesteel::cli::test
