// SPDX-License-Identifier: Apache-2.0
#include "java_options.hpp"

#include <gmock/gmock.h>

namespace firesteel {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

TEST(SplitJavaOptions, ReadsQuotesAsSparkDoes) {
  EXPECT_THAT(split_java_options(""), Optional(IsEmpty()));
  EXPECT_THAT(split_java_options("  -Da=b \t -Xss4m\n"), Optional(ElementsAre("-Da=b", "-Xss4m")));
  EXPECT_THAT(split_java_options(R"(-Da="two words" '-Db=it is' -Dc=x"y"'z')"),
              Optional(ElementsAre("-Da=two words", "-Db=it is", "-Dc=xyz")));
  EXPECT_THAT(split_java_options(R"(-Da=\"q\" -Db=a\ b -Dc='\n' "-Dd=\\")"),
              Optional(ElementsAre("-Da=\"q\"", "-Db=a b", "-Dc=\\n", "-Dd=\\")));
  EXPECT_THAT(split_java_options(R"("" '')"), Optional(ElementsAre("", "")));
}

TEST(SplitJavaOptions, RefusesWhatIsNotClosed) {
  for (const char* text : {"-Da=\"x", "-Da='x", "-Da=x\\", "'\""})
    EXPECT_EQ(split_java_options(text), std::nullopt) << text;
}

TEST(ToArgumentFile, QuotesWhatJavaWouldReadOtherwise) {
  EXPECT_EQ(to_argument_file({"-Da=b c", "-Dd=\"#\\", "-De=f\ng"}), "\"-Da=b c\"\n\"-Dd=\\\"#\\\\\"\n\"-De=f\\ng\"\n");
  EXPECT_EQ(to_argument_file({}), "");
}

TEST(ProblemWithJavaOptions, LetsOptionsThrough) {
  for (const char* text :
       {"", "-Dlog4j2.configurationFile=file:/x", "-XX:+UseZGC -Xss4m -Xlog:gc", "-javaagent:/x.jar=port=1",
        "--add-opens java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED", "-ea -ea:a.b",
        "-verbose:gc -server", "--enable-preview", "-agentpath:/opt/profiler.so=start", "-Dx=$(id)"})
    EXPECT_EQ(problem_with_java_options(text), "") << text;
}

TEST(ProblemWithJavaOptions, RefusesWhatRunsCommandsOrOpensPorts) {
  EXPECT_THAT(problem_with_java_options("-XX:OnOutOfMemoryError=\"kill -9 %p\""), HasSubstr("runs a command"));
  EXPECT_THAT(problem_with_java_options("-ea '-XX:OnError=touch x'"), HasSubstr("runs a command"));
  EXPECT_THAT(problem_with_java_options("\"-XX:OnError=a\nb\""), HasSubstr("runs a command"));
  EXPECT_THAT(problem_with_java_options("@/tmp/options"), HasSubstr("from a file"));
  EXPECT_THAT(problem_with_java_options("-XX:Flags=/x"), HasSubstr("from a file"));
  EXPECT_THAT(problem_with_java_options("-XX:VMOptionsFile=/x"), HasSubstr("from a file"));
  EXPECT_THAT(problem_with_java_options("-agentlib:jdwp=transport=dt_socket,server=y"), HasSubstr("debugger"));
  EXPECT_THAT(problem_with_java_options("-Xrunjdwp:server=y"), HasSubstr("debugger"));
  EXPECT_THAT(problem_with_java_options("-Dcom.sun.management.jmxremote.port=1"), HasSubstr("management port"));
}

TEST(ProblemWithJavaOptions, RefusesWhatBelongsElsewhere) {
  EXPECT_THAT(problem_with_java_options("-Xmx4g"), HasSubstr("spark.driver.memory"));
  EXPECT_THAT(problem_with_java_options("-XX:MaxHeapSize=4g"), HasSubstr("spark.driver.memory"));
  EXPECT_THAT(problem_with_java_options("-Dspark.master=yarn"), HasSubstr("option of its own"));
}

TEST(ProblemWithJavaOptions, RefusesWhatJavaWouldTakeForAClassOrAJar) {
  for (const char* text : {"Evil", "-ea Evil", "-jar", "-jar /x.jar", "-cp /x", "-classpath", "--class-path=/x",
                           "-m evil/Evil", "--module=evil", "--source 17", "-version", "--help", "-", "\"\"",
                           "--add-opens a=b Evil", "--enable-preview Evil"})
    EXPECT_THAT(problem_with_java_options(text), HasSubstr("not an option")) << text;
  EXPECT_THAT(problem_with_java_options("--add-opens"), HasSubstr("needs a value"));
  EXPECT_THAT(problem_with_java_options("--add-opens -XX:OnError=x"), HasSubstr("runs a command"));
}

TEST(ProblemWithJavaOptions, IsOneShortLine) {
  const std::string problem = problem_with_java_options("\"bad\n" + std::string(1000, 'x') + "\"");
  EXPECT_LT(problem.size(), 200U);
  EXPECT_EQ(problem.find('\n'), problem.npos);
}

}  // namespace firesteel
