// SPDX-License-Identifier: Apache-2.0
#include "spare_blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>
#include <vector>

namespace firesteel::gateway {
namespace {

TEST(SpareBlocks, HaveRoomForWhatWasAskedFor) {
  SpareBlocks blocks(true);
  for (int round = 0; round < 3; ++round) {
    std::vector<unsigned char*> places;
    for (std::size_t size = 0; size < 2 * SpareBlocks::largest; ++size) {
      auto* const place = static_cast<unsigned char*>(blocks.get(size));
      ASSERT_NE(place, nullptr);
      std::memset(place, static_cast<int>(size % 251), size);
      places.push_back(place);
    }
    for (std::size_t size = 0; size < places.size(); ++size)
      ASSERT_TRUE(std::all_of(places[size], places[size] + size, [&](unsigned char c) { return c == size % 251; }))
          << size;
    for (unsigned char* place : places) blocks.put_back(place);
    EXPECT_LE(blocks.bytes(), SpareBlocks::most_bytes);
    EXPECT_GT(blocks.bytes(), 0U);
  }
  blocks.clear();
  EXPECT_EQ(blocks.bytes(), 0U);
}

TEST(SpareBlocks, GiveWhatWasGivenBack) {
  SpareBlocks blocks(true);
  std::set<void*> first;
  for (int i = 0; i < 64; ++i) first.insert(blocks.get(200));
  for (void* place : first) blocks.put_back(place);
  for (int i = 0; i < 64; ++i) {
    void* const place = blocks.get(195);
    EXPECT_TRUE(first.contains(place));
    first.erase(place);
    std::free(place);
  }
  EXPECT_EQ(blocks.bytes(), 0U);
}

TEST(SpareBlocks, AreNotKeptUnlessWanted) {
  SpareBlocks blocks(false);
  blocks.put_back(blocks.get(200));
  EXPECT_EQ(blocks.bytes(), 0U);
}

TEST(SpareBlocks, AreZeroedWhenThatWasAskedFor) {
  SpareBlocks blocks(true);
  void* const used = blocks.get(100);
  std::memset(used, 0xff, 100);
  blocks.put_back(used);
  auto* const place = static_cast<unsigned char*>(blocks.get_zeroed(10, 10));
  EXPECT_TRUE(std::all_of(place, place + 100, [](unsigned char c) { return c == 0; }));
  blocks.put_back(place);
}

}  // namespace
}  // namespace firesteel::gateway
