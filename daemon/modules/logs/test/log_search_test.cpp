// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_search.hpp"

#include <re2/re2.h>

#include "firesteel/core/utf8.hpp"
#include "literal.hpp"
#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t query_limit = SearchQuery{}.max_hits + 1;

class Search : public testing::Test {
 protected:
  struct Outcome {
    std::vector<SearchHit> hits;
    std::uint64_t found = 0;
  };
  Outcome run(SearchQuery query, std::size_t max_bytes = 1024 * 1024, std::size_t max_hits = 100) {
    auto search = LogSearch::begin(index, masker, std::move(query)).value();
    Outcome out;
    std::uint64_t done = 0;
    for (int steps = 0; steps < 100'000; ++steps) {
      SearchStep step = search.step(max_bytes, max_hits).value();
      EXPECT_LE(step.hits.size(), max_hits);
      EXPECT_LE(step.done, step.total);
      EXPECT_GE(step.done, done);
      done = step.done;
      std::ranges::move(step.hits, std::back_inserter(out.hits));
      out.found = step.lines_found;
      if (step.finished) return out;
    }
    ADD_FAILURE() << "the search doesn't end";
    return out;
  }
  std::vector<std::uint64_t> lines(SearchQuery query) {
    std::vector<std::uint64_t> out;
    for (const auto& hit : run(std::move(query)).hits) out.push_back(hit.place.line);
    return out;
  }
  std::string refused(std::string pattern) {
    const auto search = LogSearch::begin(index, masker, {.pattern = std::move(pattern), .regex = true});
    if (search) return "";
    EXPECT_EQ(search.error().code, Errc::bad_request);
    return search.error().message;
  }

  LogOnDisk log;
  LogIndex index{log.path()};
  Masker masker{{"kn0wn"}};
};

}  // namespace

TEST_F(Search, GivesLinesWithTheirPlaceAndWhereTheyMatch) {
  log.append("one\ntwo three two\r\nTwo");
  const auto hits = run({.pattern = "two"}).hits;
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].place, (LogPlace{1, 4}));
  EXPECT_EQ(hits[0].shown.text, "two three two");
  EXPECT_THAT(hits[0].spans, ElementsAre(SearchHit::Span{0, 3}, SearchHit::Span{10, 13}));
  EXPECT_THAT(lines({.pattern = "two", .ignore_case = true}), ElementsAre(1, 2));
  EXPECT_THAT(lines({.pattern = "two", .ignore_case = true, .backwards = true}), ElementsAre(2, 1));
  EXPECT_THAT(lines({.pattern = ""}), ElementsAre(0, 1, 2));
  EXPECT_THAT(lines({.pattern = "x*", .regex = true}), ElementsAre(0, 1, 2));
  EXPECT_THAT(lines({.pattern = "t.o", .regex = false}), IsEmpty());
}

TEST_F(Search, GoesOnInSmallStepsFromWhereAnotherSearchWas) {
  log.append(numbered(0, 20'000));
  log.append("unfinished line 7");
  for (const bool backwards : {false, true}) {
    for (const std::size_t max_hits : {3000UL, 500UL}) {
      const SearchQuery query{.pattern = "line [0-9]*7", .regex = true, .backwards = backwards, .max_hits = max_hits};
      const Outcome whole = run(query);
      std::optional<SearchPosition> position;
      Outcome pieces;
      for (bool finished = false; !finished;) {
        auto search = position ? LogSearch::resume(index, masker, query, *position).value()
                               : LogSearch::begin(index, masker, query).value();
        SearchStep step = search.step(100'000, 7).value();
        EXPECT_LE(step.hits.size(), 7);
        std::ranges::move(step.hits, std::back_inserter(pieces.hits));
        pieces.found += step.lines_found;
        position = search.position();
        finished = step.finished;
      }
      EXPECT_EQ(pieces.found, whole.found);
      ASSERT_EQ(pieces.hits.size(), whole.hits.size());
      for (std::size_t i = 0; i < whole.hits.size(); ++i) EXPECT_EQ(pieces.hits[i].place, whole.hits[i].place) << i;
    }
  }
}

TEST_F(Search, GoesOnlyOnFromWhereALineBegins) {
  log.append("first\npassword=abcdef\nlast\n");
  index_all(index);
  const SearchQuery query{.pattern = ""};
  const SearchPosition fine{.end = 27, .at = 6, .lines_end = {3, 27}, .indexed = true};
  const auto goes_on = [&](auto change) {
    SearchPosition position = fine;
    change(position);
    return LogSearch::resume(index, masker, query, position).has_value();
  };
  EXPECT_TRUE(goes_on([](auto&) {}));
  EXPECT_FALSE(goes_on([](auto& p) { p.at = 15; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.at = 28; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.end = 28; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.end = 26; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.lines_end = {2, 15}; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.lines_end = {1, 22}; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.shown = query_limit; }));
  EXPECT_FALSE(goes_on([](auto& p) { p.last_line_done = true; }));
}

TEST_F(Search, EndsWhenAllItWasToLookThroughIsGivenBack) {
  log.append(numbered(0, 40'000));
  index_all(index);
  const SearchQuery query{.pattern = "line"};
  auto search = LogSearch::begin(index, masker, query).value();
  ASSERT_FALSE(search.step(64'000, 10).value().finished);
  log.append(numbered(40'000, 200'000));
  index_all(index);
  ASSERT_EQ(index.give_back(LogIndex::least_limit).value(), GivenBack::done);
  ASSERT_GT(index.first_line(), 40'000);
  EXPECT_THAT(search.step().value().hits, IsEmpty());
  EXPECT_TRUE(search.step().value().finished);
}

TEST_F(Search, NothingIsInAnEmptyOrMissingLog) {
  EXPECT_THAT(lines({.pattern = "x"}), IsEmpty());
  log.append("");
  EXPECT_THAT(lines({.pattern = "", .backwards = true}), IsEmpty());
}

TEST_F(Search, NoMatchGoesFromOneLineToTheNext) {
  log.append("a b\nc d\n\ne\n");
  EXPECT_THAT(lines({.pattern = "b\\sc", .regex = true}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "b[^x]c", .regex = true}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "(?s)b.c", .regex = true}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "b\\nc", .regex = true}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "^c", .regex = true}), ElementsAre(1));
  EXPECT_THAT(lines({.pattern = "d$", .regex = true}), ElementsAre(1));
  EXPECT_THAT(lines({.pattern = "^$", .regex = true}), ElementsAre(2));
  EXPECT_THAT(lines({.pattern = "\\A[ce]", .regex = true}), ElementsAre(1, 3));
  EXPECT_THAT(lines({.pattern = "(?i)B\\z", .regex = true}), ElementsAre(0));
}

TEST_F(Search, FindsTheSameAsLineByLineWhateverTheWayAndTheEnd) {
  std::string text;
  std::vector<std::string> all;
  const std::vector<std::string> words{"INFO",      "Executor", "executor", "token=abc", "Error",
                                       "lost task", "é",        "\xFF",     "100%"};
  std::uint32_t seed = 12345;
  const auto next = [&seed] { return (seed = seed * 1664525U + 1013904223U) >> 16U; };
  for (int i = 0; i < 20'000; ++i) {
    std::string line;
    for (std::uint32_t n = next() % 6; n > 0; --n) line += words[next() % words.size()] + " ";
    line += std::to_string(next() % 1000);
    text += line + "\n";
    all.push_back(masker.apply(line));
  }
  log.append(text);
  for (const std::string pattern : {"Executor", "(task|INFO).*executor 9", "Err|100", "(lost)? ?task", "executor .*99",
                                    "[Ee]rror|task", "abc", "[*]{5}", "t 1+$", "^[^a-z]*$", "é.*I"})
    for (const bool ignore_case : {false, true}) {
      std::vector<std::uint64_t> expected;
      RE2::Options options(RE2::Quiet);
      options.set_case_sensitive(!ignore_case);
      const RE2 regex(pattern, options);
      for (std::size_t i = 0; i < all.size(); ++i)
        if (RE2::PartialMatch(all[i], regex)) expected.push_back(i);
      const auto query = [&](bool backwards) {
        return SearchQuery{
            .pattern = pattern, .regex = true, .ignore_case = ignore_case, .backwards = backwards, .max_hits = 100'000};
      };
      EXPECT_EQ(lines(query(false)), expected) << pattern;
      std::ranges::reverse(expected);
      EXPECT_EQ(lines(query(true)), expected) << pattern;
    }
}

TEST_F(Search, StepsAreBoundedAndHitsBeyondTheMostAreCounted) {
  log.append(numbered(0, 40'000));
  const Outcome forwards = run({.pattern = "ERROR", .max_hits = 5}, 100'000, 2);
  EXPECT_EQ(forwards.found, 40U);
  ASSERT_THAT(forwards.hits, SizeIs(5));
  EXPECT_EQ(forwards.hits[4].place.line, 4999U);
  const Outcome backwards = run({.pattern = "ERROR", .backwards = true, .max_hits = 5}, 100'000, 2);
  EXPECT_EQ(backwards.found, 40U);
  EXPECT_EQ(backwards.hits.at(0).place.line, 39'999U);
  EXPECT_EQ(backwards.hits.at(4).place.line, 35'999U);
}

TEST_F(Search, LevelsHoldForTheLinesThatBelongToThem) {
  log.append(
      "before\n26/11/22 08:30:36 INFO Foo: x\n26/11/22 08:30:36 ERROR Foo: x\njava.lang.X: x\n\tat x\n"
      "26/11/22 08:30:37 INFO Foo: x\n\tat x\n");
  SearchQuery query{.pattern = "x"};
  query.levels.set(static_cast<std::size_t>(LogLevel::error));
  EXPECT_THAT(lines(query), ElementsAre(2, 3, 4));
  query.pattern = "at";
  EXPECT_THAT(lines(query), ElementsAre(4));
  query.backwards = true;
  query.pattern = "";
  EXPECT_THAT(lines(query), ElementsAre(4, 3, 2));
}

TEST_F(Search, WhatIsMaskedIsNotFound) {
  log.append("password=hunter2 and more\nhunter2 in the open\nwith kn0wn inside\nno z here token=zzz\n");
  const auto hits = run({.pattern = "hunter"}).hits;
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].place.line, 1U);
  EXPECT_THAT(lines({.pattern = "n0w"}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "password=[a-z]", .regex = true}), IsEmpty());
  EXPECT_THAT(lines({.pattern = "KN0", .ignore_case = true}), IsEmpty());
  // What the secret lacks isn't told either.
  EXPECT_THAT(lines({.pattern = "^[^h]*more$", .regex = true}), ElementsAre(0));
  const auto masked = run({.pattern = "and more"}).hits;
  ASSERT_THAT(masked, SizeIs(1));
  EXPECT_EQ(masked[0].shown.text, "password=***** and more");
  EXPECT_THAT(masked[0].spans, ElementsAre(SearchHit::Span{15, 23}));
}

TEST_F(Search, LongLinesAndOddBytes) {
  log.append("start " + std::string(10'000'000, 'z') + " end\n" + std::string("\0x\xFFneedle\0\r\n", 13) + "needle");
  const auto hits = run({.pattern = "needle", .line_bytes = 5}).hits;
  ASSERT_THAT(hits, SizeIs(2));
  for (const auto& hit : hits) EXPECT_TRUE(is_valid_utf8(hit.shown.text));
  EXPECT_EQ(hits[0].place.line, 1U);
  EXPECT_EQ(hits[1].place.line, 2U);
  const auto start = run({.pattern = "start z", .line_bytes = 8}).hits;
  ASSERT_THAT(start, SizeIs(1));
  EXPECT_EQ(start[0].shown.cut, 10'000'010U - 8);
}

TEST_F(Search, EndsWhenTheLogIsBegunAnew) {
  log.append(numbered(0, 50'000));
  auto search = LogSearch::begin(index, masker, {.pattern = "line"}).value();
  EXPECT_FALSE(search.step(1000).value().finished);
  std::filesystem::resize_file(log.path(), 0);
  const SearchStep step = search.step().value();
  EXPECT_TRUE(step.finished);
  EXPECT_TRUE(step.begun_anew);
}

TEST_F(Search, SeesTheLogAsItWasAndEachLineOnceWhileItGrows) {
  log.append(numbered(0, 30'000) + "unfinished");
  index_all(index);
  auto search = LogSearch::begin(index, masker, {.pattern = "", .max_hits = 1'000'000}).value();
  std::uint64_t expected = 0;
  for (std::uint64_t more = 30'000; expected <= 30'000; more += 2000) {
    const SearchStep step = search.step(1, 1000).value();
    for (const auto& hit : step.hits) ASSERT_EQ(hit.place.line, expected++);
    if (step.finished) break;
    log.append("\n" + numbered(more, more + 2000));
    static_cast<void>(index.advance().value());
  }
  EXPECT_EQ(expected, 30'001U);
}

TEST_F(Search, WrongPatternsAreRefusedInWords) {
  EXPECT_THAT(refused("a["), HasSubstr("closing ]"));
  EXPECT_THAT(refused("(a"), HasSubstr("closing )"));
  EXPECT_THAT(refused("*a"), HasSubstr("nothing before it to repeat"));
  EXPECT_THAT(refused("(?=a)"), HasSubstr("isn't supported"));
  EXPECT_THAT(refused("a{99999}"), HasSubstr("repeats too often"));
  EXPECT_THAT(refused("((a{100}){100}){100}"), HasSubstr("repeats too often"));
  EXPECT_THAT(refused(std::string(1001, 'a')), HasSubstr("longer than 1000 bytes"));
  EXPECT_THAT(refused("a\nb"), HasSubstr("line end"));
  EXPECT_THAT(refused("\xFF"), HasSubstr("UTF-8"));
  EXPECT_EQ(refused("a|b"), "");
}

TEST(RequiredTexts, OneIsInEveryMatch) {
  using Texts = std::vector<std::string>;
  for (const auto& [pattern, texts] : std::vector<std::pair<std::string, Texts>>{{"plain", {"plain"}},
                                                                                 {"ab.*lost task", {"lost task"}},
                                                                                 {"abc*de", {"ab"}},
                                                                                 {"abc?", {"ab"}},
                                                                                 {"abc|de.f", {"abc", "de"}},
                                                                                 {"abc|.*", {}},
                                                                                 {"abc|", {}},
                                                                                 {"(abc|def)+: ", {"abc", "def"}},
                                                                                 {"(abc|def)?: xyz", {": xyz"}},
                                                                                 {"(?:a(bcd|efg)*)hij", {"hij"}},
                                                                                 {"(?i:abc)def", {}},
                                                                                 {"x[abc]def", {"def"}},
                                                                                 {"[[:alpha:]]z", {"z"}},
                                                                                 {"[]a]bc", {"bc"}},
                                                                                 {"a\\.b", {"a.b"}},
                                                                                 {"\\d+ms", {"ms"}},
                                                                                 {"\\x{41}b", {}},
                                                                                 {"\\Qa*b\\E", {}},
                                                                                 {"abc{0}d", {"ab"}},
                                                                                 {"^abc$", {"abc"}},
                                                                                 {"abc+d", {"abc"}},
                                                                                 {"é?ab", {"ab"}},
                                                                                 {"", {}}})
    EXPECT_EQ(required_texts(pattern), texts) << pattern;
}

}  // namespace firesteel
