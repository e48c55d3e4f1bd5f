// SPDX-License-Identifier: Apache-2.0
#include "gzip.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace firesteel::http {
namespace {

/// By the program gzip, which everybody else uses.
std::string unpacked(const std::string& bytes) {
  std::string name = (std::filesystem::current_path() / "gzip-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  ::close(fd);
  FILE* pipe = ::popen(("gzip -dc < " + name).c_str(), "r");
  std::string out(1 << 20, '\0');
  std::string all;
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(out.data(), 1, out.size(), pipe);
    all.append(out, 0, got);
  }
  EXPECT_EQ(::pclose(pipe), 0);
  std::filesystem::remove(name);
  return all;
}

std::string packed(const std::vector<std::string>& pieces) {
  Gzip gzip;
  std::string out;
  for (const auto& each : pieces) out += gzip.add(each);
  return out + gzip.finish();
}

}  // namespace

TEST(Gzip, IsWhatGzipReads) {
  EXPECT_EQ(unpacked(packed({})), "");
  EXPECT_EQ(unpacked(packed({"hello", "", " there\n"})), "hello there\n");
  std::vector<std::string> pieces;
  std::string whole;
  unsigned state = 7;
  for (int i = 0; i < 300; ++i) {
    std::string piece(static_cast<std::size_t>(i) * 37, 'x');
    for (char& c : piece) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> (i % 2 == 0 ? 24 : 30));
    whole += piece;
    pieces.push_back(std::move(piece));
  }
  EXPECT_EQ(unpacked(packed(pieces)), whole);
}

TEST(Gzip, MakesALogSmall) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "26/11/22 08:30:36 INFO TaskSetManager: Finished task " + std::to_string(i) + "\n";
  EXPECT_LT(packed({text}).size(), text.size() / 5);
}

TEST(Gzip, IsTakenOnlyWhenTheClientSaysSo) {
  EXPECT_TRUE(accepts_gzip("gzip, deflate, br"));
  EXPECT_TRUE(accepts_gzip("br;q=1.0, GZIP;q=0.8"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("identity"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("gzip; q=0.0, br"));
}

}  // namespace firesteel::http
