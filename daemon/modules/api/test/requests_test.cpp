// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace firesteel::api {
namespace {

namespace json = boost::json;

Result<NewConnection> read(const char* text) { return new_connection_from(json::parse(text).as_object()); }

void expect_refused(const char* text, Errc code, const std::string& field) {
  const auto parsed = read(text);
  ASSERT_TRUE(parsed.has_error()) << text;
  EXPECT_EQ(parsed.error().code, code) << text;
  EXPECT_EQ(parsed.error().field, field) << text;
}

}  // namespace

TEST(NewConnection, TakesAllThatTheContractNames) {
  const auto parsed = read(R"json({"name": "a", "cluster": "local", "options": {"spark.x": "1 ; $(y)"},
      "environment": {"python": "/p", "java_home": "/j", "spark_home": "/s"}})json");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->name, "a");
  EXPECT_EQ(parsed->definition.cluster, "local");
  EXPECT_EQ(parsed->definition.options, (Options{{"spark.x", "1 ; $(y)"}}));
  EXPECT_EQ(parsed->definition.environment, (Environment{"/p", "/j", "/s"}));
}

TEST(NewConnection, WhatIsWrongIsNamed) {
  expect_refused(R"({})", Errc::bad_request, "name");
  expect_refused(R"({"name": 1})", Errc::bad_request, "name");
  expect_refused(R"({"name": "a", "shell": "x"})", Errc::unknown_field, "shell");
  expect_refused(R"({"name": "a", "options": []})", Errc::bad_request, "options");
  expect_refused(R"({"name": "a", "options": {"spark.x": 1}})", Errc::bad_request, "options.spark.x");
  expect_refused(R"({"name": "a", "environment": {"home": "/"}})", Errc::unknown_field, "environment.home");
  expect_refused(R"({"name": "a", "environment": {"python": "a\u0000b"}})", Errc::bad_request, "environment.python");
}

TEST(NewConnection, SizesAreBounded) {
  const std::string long_value = R"({"name": "a", "options": {"spark.x": ")" + std::string(65537, 'x') + "\"}}";
  expect_refused(long_value.c_str(), Errc::bad_request, "options.spark.x");
  const std::string long_cluster = R"({"name": "a", "cluster": ")" + std::string(65, 'x') + "\"}";
  expect_refused(long_cluster.c_str(), Errc::bad_request, "cluster");
}

TEST(Replacements, OnlyWhatIsPresentReplaces) {
  const auto parsed = replacements_from(json::parse(R"({"options": {}})").as_object());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_FALSE(parsed->cluster.has_value());
  EXPECT_TRUE(parsed->options.has_value());
  EXPECT_FALSE(parsed->environment.has_value());
  EXPECT_TRUE(replacements_from(json::parse(R"({"name": "b"})").as_object()).has_error());
}

TEST(InterruptRequest, NamesASessionAnOperationOrNeither) {
  const auto read_one = [](const char* text) { return interrupt_request_from(json::parse(text).as_object()); };
  EXPECT_FALSE(read_one("{}")->session || read_one("{}")->operation);
  EXPECT_EQ(read_one(R"({"session_id": "s"})")->session, SessionId("s"));
  EXPECT_EQ(read_one(R"({"session_id": "s", "operation_id": "o"})")->operation, OperationId("o"));
  const std::string too_long = R"({"session_id": ")" + std::string(129, 'x') + "\"}";
  for (const auto& [text, field] :
       std::vector<std::pair<std::string, std::string>>{{R"({"session_id": ""})", "session_id"},
                                                        {too_long, "session_id"},
                                                        {R"({"operation_id": 1})", "operation_id"},
                                                        {R"({"operation_id": null})", "operation_id"},
                                                        {R"({"operation": "o"})", "operation"}}) {
    const auto refused = read_one(text.c_str());
    ASSERT_TRUE(refused.has_error()) << text;
    EXPECT_EQ(refused.error().field, field);
  }
}

TEST(UrlRequest, NamesAConnectionOrNone) {
  EXPECT_EQ(url_connection_from({}).value(), std::nullopt);
  EXPECT_EQ(url_connection_from({{"connection", "a"}}).value(), "a");
  EXPECT_EQ(url_connection_from({{"connection", 1}}).error().code, Errc::bad_request);
  EXPECT_EQ(url_connection_from({{"name", "a"}}).error().code, Errc::unknown_field);
}

}  // namespace firesteel::api
