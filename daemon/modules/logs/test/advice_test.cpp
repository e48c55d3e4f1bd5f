// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/advice.hpp"

#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Type = Suggestion::Type;

class Adviser : public testing::Test {
 protected:
  std::vector<Suggestion> told() {
    index_all(index);
    for (int steps = 0; steps < 10'000; ++steps)
      if (adviser.advance(index, masker, 4096).value()) return adviser.suggestions();
    ADD_FAILURE() << "there is no end";
    return {};
  }
  static std::shared_ptr<const AdvicePatterns> patterns(std::vector<Advice> all) {
    return std::make_shared<AdvicePatterns>(std::move(all));
  }

  LogOnDisk log;
  LogIndex index{log.path()};
  Masker masker{{"kn0wn"}};
  LogAdviser adviser{patterns(built_in_advice())};
};

constexpr std::string_view stamp = "26/11/22 08:30:36 ";

}  // namespace

TEST_F(Adviser, KnowsWhatGoesWrongInPractice) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"JAVA_HOME is not set", "Java was not found"},
      {"java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main has been compiled", "Java is too old"},
      {"java.net.BindException: Address already in use: Service 'sparkDriver' failed", "port that Spark wanted"},
      {std::string(stamp) + "WARN Utils: Service 'SparkUI' could not bind on port 4040. Attempting port 4041.",
       "SparkUI"},
      {std::string(stamp) + "WARN TaskSetManager: Lost task 0.0: java.lang.OutOfMemoryError: Java heap space",
       "(Java heap space)"},
      {"Container killed by YARN for exceeding physical memory limits.", "spark.executor.memoryOverhead"},
      {"Failed to submit application_1_2 to YARN : Application submitted by user x to unknown queue: gold",
       "queue gold"},
      {"Caused by: GSSException: No valid credentials provided (Mechanism level: Failed to find any Kerberos tgt)",
       "kinit"},
      {std::string(stamp) + "ERROR Foo: java.lang.ClassNotFoundException: org.postgresql.Driver",
       "org.postgresql.Driver"},
      {"java.lang.NoSuchMethodError: 'scala.collection.immutable.Seq'", "different versions"},
      {"java.io.IOException: No space left on device", "no space left"},
      {"[firesteel] Spark 3.5.6 " + std::string(asks_for_no_secret) + ".", "Spark 3.5.6 can't ask for a secret"},
      {"org.apache.hadoop.fs.UnsupportedFileSystemException: No FileSystem for scheme \"s3a\"", "`s3a://`"},
  };
  std::uint64_t line = 0;
  for (const auto& [text, said] : cases) {
    log.append(text + "\n");
    const auto all = told();
    const auto mine = std::ranges::find(all, line, &Suggestion::line_number);
    ASSERT_NE(mine, all.end()) << text;
    EXPECT_THAT(mine->message, HasSubstr(said));
    EXPECT_EQ(mine->line, text);
    ++line;
  }
}

TEST_F(Adviser, SaysNothingOfAUsualLog) {
  log.append(numbered(0, 5000));
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Adviser, CountsAndKeepsTheFirstLine) {
  log.append("x\njava.lang.ClassNotFoundException: a.B\n");
  EXPECT_THAT(told(), SizeIs(1));
  const std::uint64_t revision = adviser.revision();
  log.append("y\njava.lang.ClassNotFoundException: c.D\n");
  const auto all = told();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].count, 2);
  EXPECT_EQ(all[0].line_number, 1);
  EXPECT_THAT(all[0].message, HasSubstr("a.B"));
  EXPECT_NE(adviser.revision(), revision);
  EXPECT_THAT(told(), SizeIs(1));
}

TEST_F(Adviser, AnExceptionThatHangsOnAWarningIsSurvived) {
  log.append(std::string(stamp) + "WARN Foo: can't\njava.lang.ClassNotFoundException: a.B\n\tat x\n");
  EXPECT_THAT(told(), IsEmpty());
  log.append(std::string(stamp) + "ERROR Foo: can't\n");
  EXPECT_THAT(told(), IsEmpty());
  log.append("java.lang.ClassNotFoundException: a.B\n");
  EXPECT_THAT(told(), SizeIs(1));
}

TEST_F(Adviser, CatalogueComesWithItsTypeAndErrorsGoFirst) {
  adviser.use(patterns({{.pattern = "(?i)slow disk", .type = Type::info, .message = "Ask {} the *admins*."},
                        {.pattern = "^quota", .type = Type::error, .message = "Full."},
                        {.pattern = "(?=x)", .type = Type::error, .message = "RE2 has no such thing."}}));
  log.append("a SLOW disk\nno quota\nquota reached\n");
  const auto all = told();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].message, "Full.");
  EXPECT_EQ(all[0].line_number, 2);
  EXPECT_EQ(all[1].type, Type::info);
  EXPECT_EQ(all[1].message, "Ask {} the *admins*.");
}

TEST_F(Adviser, PatternsOfALinesBeginningAndEndHoldForEachLine) {
  adviser.use(patterns({{.pattern = R"(\Athis\z)", .message = "1"}, {.pattern = "a[^b]*c", .message = "2"}}));
  log.append("not this\nthis\na\nc\n");
  const auto all = told();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].line_number, 1);
}

TEST_F(Adviser, SecretsAreMaskedInLineAndMessage) {
  log.append("java.lang.ClassNotFoundException: kn0wn password=abc\n");
  const auto all = told();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].line, "java.lang.ClassNotFoundException: ***** password=*****");
  EXPECT_THAT(all[0].message, Not(HasSubstr("kn0wn")));
}

TEST_F(Adviser, TheDaemonsOwnLinesAreNoReason) {
  log.append("[firesteel] spark.x = JAVA_HOME is not set\n");
  EXPECT_THAT(told(), IsEmpty());
  log.append("[pre_script] JAVA_HOME is not set\n");
  EXPECT_THAT(told(), SizeIs(1));
}

TEST_F(Adviser, LongLinesAndALogBegunAnew) {
  log.append(std::string(300'000, 'x') + "JAVA_HOME is not set\nNo space left on device " + std::string(300'000, 'y') +
             "\n");
  auto all = told();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].line_number, 1);
  EXPECT_LE(all[0].line.size(), LogAdviser::longest_line);
  std::filesystem::remove(log.path());
  log.append("one\n");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Adviser, WhatIsLeftOutIsSaid) {
  log.append(numbered(0, 20'000) + "No space left on device\n");
  index_all(index);
  ASSERT_TRUE(adviser.skip(index, masker, 1000));
  const auto all = told();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].line_number, 20'000);
  EXPECT_EQ(all[1].type, Type::info);
  EXPECT_THAT(all[1].message, HasSubstr("kB were left out"));
  EXPECT_EQ(adviser.behind(index), 0);
}

TEST_F(Adviser, OfAHeadThatWentTheRestIsLookedAt) {
  log.append(numbered(0, 100'000));
  index_all(index);
  EXPECT_FALSE(adviser.advance(index, masker).value());
  ASSERT_EQ(index.give_back(LogIndex::least_limit).value(), GivenBack::done);
  log.append("No space left on device\n");
  const auto all = told();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].line_number, 100'000);
  EXPECT_THAT(all[1].message, HasSubstr("left out"));
}

}  // namespace firesteel
