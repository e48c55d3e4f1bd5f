// SPDX-License-Identifier: Apache-2.0
#include "firesteel/http/router.hpp"

#include <gtest/gtest.h>

namespace firesteel::http {
namespace {

Router example() {
  Router router;
  router.add("GET", "/api/v1/connections", Access::read, {});
  router.add("POST", "/api/v1/connections", Access::change, {});
  router.add("GET", "/api/v1/connections/{name}/log", Access::read, {});
  return router;
}

}  // namespace

TEST(Router, BindsDecodedVariablesAndQuery) {
  const Router router = example();
  const auto match = router.match("GET", "/api/v1/connections/a%20b/log?after=7&limit=%31");
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->path.at("name"), "a b");
  EXPECT_EQ(match->query.at("after"), "7");
  EXPECT_EQ(match->query.at("limit"), "1");
}

TEST(Router, AnEncodedSlashStaysInsideItsSegment) {
  const Router router = example();
  const auto match = router.match("GET", "/api/v1/connections/a%2Flog/log");
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->path.at("name"), "a/log");
}

TEST(Router, TellsUnknownPathFromUnknownMethod) {
  const Router router = example();
  EXPECT_EQ(router.match("GET", "/api/v1/nothing").error().code, Errc::not_found);
  EXPECT_EQ(router.match("PUT", "/api/v1/connections").error().code, Errc::method_not_allowed);
  EXPECT_EQ(router.allowed("/api/v1/connections"), "GET, POST");
  EXPECT_EQ(router.match("GET", "no path").error().code, Errc::bad_request);
}

}  // namespace firesteel::http
