// SPDX-License-Identifier: Apache-2.0
#include "prefix_replacer.hpp"

#include <gtest/gtest.h>

namespace firesteel::http {
namespace {

std::string in_pieces(std::string_view text, std::size_t size, const std::string& from, const std::string& to) {
  PrefixReplacer replacer(from, to);
  std::string out;
  for (; text.size() > size; text.remove_prefix(size)) out += replacer.feed(text.substr(0, size), false);
  return out + replacer.feed(text, true);
}

TEST(PrefixReplacer, FindsItWhereverAPieceEnds) {
  constexpr std::string_view page = "/p/pp/p/a <a href=\"/p/a/jobs\"> /p/a/p/a/p/ /p/";
  for (std::size_t size = 1; size <= page.size(); ++size) {
    EXPECT_EQ(in_pieces(page, size, "/p/a", "/ui/x/p"), "/p/pp/ui/x/p <a href=\"/ui/x/p/jobs\"> /ui/x/p/ui/x/p/p/ /p/");
    EXPECT_EQ(in_pieces(page, size, "/p/a", ""), "/p/pp <a href=\"/jobs\"> /p/ /p/");
    EXPECT_EQ(in_pieces(page, size, "", "x"), page);
  }
}

TEST(PrefixReplacer, KeepsBackNoMoreThanMayBecomeIt) {
  PrefixReplacer replacer("/proxy/a", "/ui");
  EXPECT_EQ(replacer.feed("a page /pro", false), "a page ");
  EXPECT_EQ(replacer.feed("be", false), "/probe");
  EXPECT_EQ(replacer.feed("", true), "");
}

}  // namespace
}  // namespace firesteel::http
