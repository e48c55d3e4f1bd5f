// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "json_path.hpp"
#include "placeholders.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

using testing::ElementsAre;

TEST(JsonPath, LeadsToOnePlace) {
  const auto path = [](std::string_view text) {
    const auto steps = parse_json_path(text);
    return steps ? "=" + to_path(*steps) : "none";
  };
  EXPECT_EQ(path("$"), "=");
  EXPECT_EQ(path("$.a.b-c"), "=a.b-c");
  EXPECT_EQ(path("a.b[0].c"), "=a.b[0].c");
  EXPECT_EQ(path("$['a b'][\"c\"][12]"), "=a b.c[12]");
  for (const char* wrong : {"", ".", "a.", "a..b", "$a", "$.a[*]", "a[-1]", "a[1", "a['x]", "a['x'", "a[?(@.b)]", "*",
                            "$..a", "a b", "a[99999999999999999999]", "a]"})
    EXPECT_EQ(path(wrong), "none") << wrong;
}

TEST(Placeholders, AreReplacedOnce) {
  const auto env = [](const char* name) { return std::string(name) == "A" ? "{B}" : ""; };
  EXPECT_EQ(expand("x{A}y{{A}}", env).text, "x{B}y{A}");
  EXPECT_THAT(expand("{B}{C}{B}", env).missing, ElementsAre("B", "C"));
  for (const char* wrong : {"{", "}", "{}", "{0}", "{A", "A}", "{A:>3}", "{A.b}", "{ A }", "{{A}"})
    EXPECT_FALSE(expand(wrong, env).fault.empty()) << wrong;
}

TEST(Shown, FindsTheNearestWord) {
  const std::vector<std::string> known{"display_name", "opts", "pre_script"};
  EXPECT_EQ(nearest("displayname", known), "display_name");
  EXPECT_EQ(nearest("Opts", known), "opts");
  EXPECT_EQ(nearest("prescrpt", known), "pre_script");
  EXPECT_EQ(nearest("colour", known), "");
  EXPECT_EQ(choice_advice("colour", known), "There are: display_name, opts, pre_script.");
}

}  // namespace
}  // namespace firesteel::catalogue
