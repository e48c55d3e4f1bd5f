// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/proc.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "firesteel/io/loopback.hpp"

namespace firesteel::io {

using boost::asio::ip::tcp;

TEST(Proc, KnowsThisProcess) {
  EXPECT_GT(start_ticks(::getpid()).value(), 0U);
  EXPECT_FALSE(start_ticks(-1).has_value());
  EXPECT_EQ(boot_id().size(), 36U);
  EXPECT_GT(resident_bytes(), 100'000U);
}

TEST(ListensOn, OnlyTheProcessThatReallyDoes) {
  boost::asio::io_context loop;
  tcp::acceptor acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0});
  const auto port = acceptor.local_endpoint().port();
  EXPECT_TRUE(listens_on(::getpid(), port));
  EXPECT_FALSE(listens_on(::getppid(), port));
  EXPECT_NE(free_port().value(), port);
  EXPECT_TRUE(is_taken(port));
  acceptor.close();
  EXPECT_FALSE(is_taken(port));
  EXPECT_FALSE(listens_on(::getpid(), port));
}

}  // namespace firesteel::io
