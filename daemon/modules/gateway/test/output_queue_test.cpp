// SPDX-License-Identifier: Apache-2.0
#include "output_queue.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "firesteel/io/unique_fd.hpp"

namespace firesteel::gateway {
namespace {

class OutputQueueTest : public testing::Test {
 protected:
  OutputQueueTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    near = io::UniqueFd(ends[0]);
    far = io::UniqueFd(ends[1]);
  }
  void add(const std::string& text) { queue.add(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()); }
  void add_slice(const std::string& text) {
    queue.add(pool.copy(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  std::string read_all() {
    std::string out(1 << 22, '\0');
    const ssize_t got = ::recv(far.get(), out.data(), out.size(), MSG_DONTWAIT);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }

  ReadPool pool;
  OutputQueue queue{pool};
  io::UniqueFd near, far;
};

TEST_F(OutputQueueTest, WritesEverythingInOrder) {
  const std::string large(100'000, 'L');
  add("head");
  add_slice(large);
  add("tail");
  EXPECT_EQ(queue.bytes(), large.size() + 8);
  ASSERT_EQ(queue.send(near.get()), OutputQueue::Sent::all);
  EXPECT_EQ(read_all(), "head" + large + "tail");
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST_F(OutputQueueTest, GoesOnWhereAFullSocketStoppedIt) {
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const std::string piece(10'000 + i, static_cast<char>('a' + i % 26));
    add("|");
    add_slice(piece);
    expected += "|" + piece;
  }
  std::string got;
  while (queue.send(near.get()) == OutputQueue::Sent::blocked) got += read_all();
  got += read_all();
  EXPECT_EQ(got, expected);
}

TEST_F(OutputQueueTest, GivesMemoryBackWhenItIsWritten) {
  const std::size_t before = pool.bytes();
  add_slice(std::string(50'000, 'x'));
  EXPECT_GT(pool.bytes(), before);
  queue.send(near.get());
  pool.release();
  EXPECT_EQ(pool.bytes(), before);
}

TEST_F(OutputQueueTest, SaysWhenThePeerIsGone) {
  far = io::UniqueFd();
  add("x");
  EXPECT_EQ(queue.send(near.get()), OutputQueue::Sent::broken);
}

TEST(ReadPool, ReadsIntoTheSameMemoryUnlessSomebodyHoldsIt) {
  ReadPool pool;
  const auto* first = pool.space().data();
  pool.commit(100'000);
  EXPECT_EQ(pool.space().data(), first);
  pool.commit(100'000);
  const Slice held = pool.keep(first, 100'000);
  EXPECT_EQ(pool.space().data(), first + 100'000);
}

TEST(ReadPool, FewBytesHoldNoBlock) {
  ReadPool pool;
  const auto* first = pool.space().data();
  pool.commit(100);
  const Slice held = pool.keep(first, 100);
  EXPECT_NE(held.data, first);
  EXPECT_EQ(pool.space().data(), first);
}

TEST_F(OutputQueueTest, ShowsItsFirstBytesToWhoWritesThemByOtherMeans) {
  std::string expected, got;
  for (int i = 0; i < 50; ++i) {
    const std::string piece(i * 97, static_cast<char>('a' + i % 26));
    add("|");
    add_slice(piece);
    expected += "|" + piece;
  }
  std::uint8_t space[1000];
  while (queue.bytes() > 0) {
    const auto first = queue.first_bytes(space);
    ASSERT_EQ(first.size(), std::min<std::size_t>(queue.bytes(), sizeof space));
    const std::size_t taken = std::min<std::size_t>(first.size(), 777);
    got.append(reinterpret_cast<const char*>(first.data()), taken);
    queue.took(taken);
  }
  EXPECT_EQ(got, expected);
  EXPECT_TRUE(queue.first_bytes(space).empty());
}

}  // namespace
}  // namespace firesteel::gateway
