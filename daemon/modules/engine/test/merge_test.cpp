// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/merge.hpp"

#include <gtest/gtest.h>

namespace firesteel {
namespace {

catalogue::SparkOption option(std::string name, std::string value) {
  catalogue::SparkOption out;
  out.name = std::move(name);
  out.value = std::move(value);
  return out;
}

catalogue::SparkOption joined(std::string name, std::string value, std::string between) {
  catalogue::SparkOption out = option(std::move(name), std::move(value));
  out.concatenate = std::move(between);
  return out;
}

TEST(Merge, TheUserGoesBeforeBundlesThoseBeforeTheClusterAndThatBeforeSparksDefaults) {
  const Options defaults{
      {"spark.a", "defaults"}, {"spark.d", "defaults"}, {"spark.ui.port", "1"}, {"spark.master", "yarn"}};
  catalogue::Cluster cluster;
  cluster.name = "c";
  cluster.opts = {option("spark.a", "cluster"), option("spark.b", "cluster"), option("spark.c", "cluster")};
  catalogue::Bundle first;
  first.name = "first";
  first.options = {option("spark.b", "first"), option("spark.c", "first")};
  catalogue::Bundle second;
  second.name = "second";
  second.options = {option("spark.c", "second")};
  const Options user{{"spark.a", "user"}};
  const MergedOptions out =
      merge_options({.spark_defaults = &defaults, .cluster = &cluster, .bundles = {&first, &second}, .user = &user});
  EXPECT_EQ(values_of(out), (Options{{"spark.a", "user"},
                                     {"spark.b", "first"},
                                     {"spark.c", "second"},
                                     {"spark.d", "defaults"},
                                     {"spark.master", "local[*]"}}));
  ASSERT_EQ(out.at("spark.a").sources.size(), 3U);
  EXPECT_EQ(out.at("spark.a").sources[0].origin, OptionOrigin::user);
  EXPECT_EQ(out.at("spark.a").sources[1].name, "c");
  EXPECT_EQ(out.at("spark.a").sources[2].origin, OptionOrigin::spark_defaults);
}

TEST(Merge, AnAddressForExecutorsElsewhereIsNotForAUserWhoRunsThemHere) {
  const Options defaults{{"spark.driver.bindAddress", "0.0.0.0"}};
  catalogue::Cluster cluster;
  cluster.master = "yarn";
  cluster.opts = {option("spark.driver.host", "node7")};
  const Options user{{"spark.master", "local[2]"}};
  EXPECT_EQ(
      values_of(merge_options({.spark_defaults = &defaults, .cluster = &cluster})),
      (Options{{"spark.driver.bindAddress", "0.0.0.0"}, {"spark.driver.host", "node7"}, {"spark.master", "yarn"}}));
  EXPECT_EQ(values_of(merge_options({.spark_defaults = &defaults, .cluster = &cluster, .user = &user})), user);
  const Options asked{{"spark.master", "local[2]"}, {"spark.driver.host", "x"}};  // to be refused
  EXPECT_EQ(values_of(merge_options({.cluster = &cluster, .user = &asked})), asked);
}

TEST(Merge, JoinsWhereABundleSaysSo) {
  const Options defaults{{"spark.jars", "a.jar"}};
  catalogue::Bundle bundle;
  bundle.name = "b";
  bundle.options = {joined("spark.jars", "b.jar", ","), joined("spark.driver.extraJavaOptions", "-Dx=1", " "),
                    joined("spark.jars", "c.jar", ",")};
  const MergedOptions out = merge_options({.spark_defaults = &defaults, .bundles = {&bundle}});
  EXPECT_EQ(out.at("spark.jars").value, "a.jar,b.jar,c.jar");
  EXPECT_TRUE(out.at("spark.jars").sources[0].joined);
  EXPECT_EQ(out.at("spark.driver.extraJavaOptions").value, "-Dx=1");
  EXPECT_FALSE(out.at("spark.driver.extraJavaOptions").sources[0].joined);
  const Options user{{"spark.jars", "mine.jar"}};
  EXPECT_EQ(merge_options({.bundles = {&bundle}, .user = &user}).at("spark.jars").value, "mine.jar");
}

TEST(Merge, ABundleForAMinorVersionIsForItsPatches) {
  catalogue::Bundle bundle;
  EXPECT_TRUE(is_for_spark(bundle, "4.1.2"));
  bundle.spark_version_filter = {"3.5", "4.1"};
  EXPECT_TRUE(is_for_spark(bundle, "4.1"));
  EXPECT_TRUE(is_for_spark(bundle, "4.1.2"));
  EXPECT_TRUE(is_for_spark(bundle, ""));
  EXPECT_FALSE(is_for_spark(bundle, "4.10.0"));
  EXPECT_FALSE(is_for_spark(bundle, "4.2.0"));
}

}  // namespace
}  // namespace firesteel
