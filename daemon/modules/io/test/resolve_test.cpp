// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/resolve.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace firesteel::io {
namespace {

using boost::asio::ip::make_address;

Result<std::string> own_address_towards(const std::string& host) {
  boost::asio::io_context loop;
  auto answer = boost::asio::co_spawn(loop, own_address(host, 7077, Steady::now() + std::chrono::seconds(20)),
                                      boost::asio::use_future);
  loop.run();
  return answer.get();
}

TEST(OwnAddress, TowardsThisMachineIsItsLoopback) {
  EXPECT_EQ(source_towards(make_address("127.0.0.1")), make_address("127.0.0.1"));
  EXPECT_EQ(own_address_towards("127.0.0.1").value(), "127.0.0.1");
}

TEST(OwnAddress, OnTheDefaultRouteIsNeverLoopback) {
  const auto found = own_address_towards("");
  if (found) {
    EXPECT_FALSE(found->starts_with("127."));
    EXPECT_NE(*found, "[::1]");
  } else {  // a machine without a network
    EXPECT_THAT(found.error().message, testing::HasSubstr("no route"));
    EXPECT_EQ(found.error().field, "options.spark.driver.host");
  }
}

}  // namespace
}  // namespace firesteel::io
