// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/resolution.hpp"

#include <gmock/gmock.h>

namespace firesteel {
namespace {

catalogue::SparkOption option(std::string name, std::string value) {
  catalogue::SparkOption out;
  out.name = std::move(name);
  out.value = std::move(value);
  return out;
}

catalogue::Holder holder() {
  catalogue::Catalogue out;
  catalogue::Cluster a = catalogue::local_cluster();
  a.name = "a";
  a.opts = {option("spark.a", "1")};
  a.opts[0].missing = {"ZONE"};
  catalogue::Cluster b = catalogue::local_cluster();
  b.name = "b";
  b.master = "yarn";
  out.clusters = {a, b};
  catalogue::Bundle bundle;
  bundle.name = "t";
  bundle.display_name = "T";
  bundle.cluster_filter = {"b"};
  bundle.options = {option("spark.driver.extraJavaOptions", "-Dx=1")};
  bundle.options[0].concatenate = " ";
  out.bundles = {bundle};
  return catalogue::Holder(std::move(out));
}

std::vector<std::string> fields(const Resolution& resolution) {
  std::vector<std::string> out;
  for (const Error& each : resolution.problems) out.push_back(each.field);
  return out;
}

TEST(Resolve, SaysAllThatIsWrong) {
  const catalogue::Holder all = holder();
  const Resolution out = resolve(all,
                                 {.cluster = "a",
                                  .options = {{"spark.ui.port", "1"}, {"spark.driver.memory", "x"}, {"k", "v"}},
                                  .environment = {},
                                  .bundles = {"t", "x", "t"}},
                                 nullptr);
  EXPECT_THAT(fields(out), testing::UnorderedElementsAre("bundles.t", "bundles.x", "bundles.t", "options.spark.ui.port",
                                                         "options.spark.driver.memory", "options.k"));
  ASSERT_EQ(out.warnings.size(), 1U);
  EXPECT_EQ(out.warnings[0].field, "cluster");
}

TEST(SecretValues, AreThoseOfTheUserTheClusterAndTheChosenBundles) {
  catalogue::Catalogue from;
  catalogue::Cluster cluster = catalogue::local_cluster();
  cluster.opts = {option("spark.hadoop.fs.s3a.secret.key", "of the cluster"), option("spark.x", "no secret")};
  cluster.env = {{"STORE_PASSWORD", "of its environment"}, {"ZONE", "north west"}};
  from.clusters = {cluster};
  for (const char* name : {"chosen", "other"}) {
    catalogue::Bundle bundle;
    bundle.name = name;
    bundle.options = {option("spark.my.token", std::string("of ") + name)};
    from.bundles.push_back(bundle);
  }
  const catalogue::Holder all(std::move(from));
  const auto secrets = secret_values(all, {.cluster = "local",
                                           .options = {{"spark.my.password", "of the user"}, {"spark.my.token", "x"}},
                                           .environment = {},
                                           .bundles = {"chosen"}});
  EXPECT_THAT(secrets,
              testing::UnorderedElementsAre("of the user", "of the cluster", "of its environment", "of chosen"));
}

TEST(RemarksOn, PortsThatAskNobodyForASecretAreSaidWhereTheyAreOpened) {
  const catalogue::Holder all = holder();
  const auto fields_for = [&](const Options& options) {
    std::vector<std::string> out;
    const Resolution resolution =
        resolve(all, {.cluster = "b", .options = options, .environment = {}, .bundles = {}}, nullptr);
    for (const Error& each : remarks_on(resolution, all.catalogue(), "4.3.0")) out.push_back(each.field);
    return out;
  };
  EXPECT_THAT(fields_for({}), testing::IsEmpty());
  EXPECT_THAT(fields_for({{"spark.authenticate", "false"}}), testing::ElementsAre("options.spark.authenticate"));
}

TEST(Resolve, AnUnknownClusterDoesNotHideTheOptions) {
  const catalogue::Holder all = holder();
  const Resolution out =
      resolve(all, {.cluster = "x", .options = {{"spark.ui.port", "1"}}, .environment = {}, .bundles = {}}, nullptr);
  EXPECT_THAT(fields(out), testing::ElementsAre("cluster", "options.spark.ui.port"));
  EXPECT_EQ(out.cluster, nullptr);
}

TEST(Resolve, AClustersMasterIsTheUsersOnlyOtherChoice) {
  const catalogue::Holder all = holder();
  const auto with_master = [&](const char* cluster, const char* master) {
    return fields(resolve(
        all, {.cluster = cluster, .options = {{"spark.master", master}}, .environment = {}, .bundles = {}}, nullptr));
  };
  EXPECT_THAT(with_master("b", "yarn"), testing::IsEmpty());
  EXPECT_THAT(with_master("a", "local[2]"), testing::IsEmpty());
  EXPECT_THAT(with_master("a", "yarn"), testing::ElementsAre("options.spark.master"));
}

TEST(RemarksOn, TellWhoSetsWhatThisSparkDoesNotKnow) {
  catalogue::Catalogue catalogue;
  catalogue.clusters = {catalogue::local_cluster()};
  catalogue.clusters[0].opts = {option("spark.mesos.maxDrivers", "1")};
  catalogue::Bundle bundle;
  bundle.name = "b";
  bundle.display_name = "B";
  bundle.spark_version_filter = {"3.5"};
  bundle.options = {option("spark.yarn.access.hadoopFileSystems", "x"), option("spark.site.zone", "y"),
                    option("spark.sql.shufle.partitions", "1")};
  catalogue.bundles = {bundle};
  const catalogue::Holder holder(catalogue);
  const Options defaults{{"spark.mesos.retainedDrivers", "1"}};
  const Definition definition{.cluster = "local",
                              .options = {{"spark.executor.memoy", "1g"}, {"spark.sql.shufle.partitions", "2"}},
                              .environment = {},
                              .bundles = {"b"}};
  const Resolution resolution = resolve(holder, definition, &defaults);
  const auto fields_on = [&](const std::string& version) {
    std::vector<std::string> out;
    for (const Error& each : remarks_on(resolution, holder.catalogue(), version)) {
      EXPECT_FALSE(each.message.empty() || each.advice.empty());
      out.push_back(each.field);
    }
    return out;
  };
  using testing::ElementsAre;
  EXPECT_THAT(fields_on("4.3.0"), ElementsAre("bundles.b", "options.spark.executor.memoy", "cluster",
                                              "options.spark.sql.shufle.partitions", "bundles.b"));
  EXPECT_THAT(fields_on("3.5.2"),
              ElementsAre("options.spark.executor.memoy", "options.spark.sql.shufle.partitions", "bundles.b"));
  EXPECT_THAT(fields_on(""),
              ElementsAre("options.spark.executor.memoy", "options.spark.sql.shufle.partitions", "bundles.b"));
  EXPECT_THAT(remarks_on(resolution, holder.catalogue(), "4.3.0").front().message,
              testing::HasSubstr("The bundle 'B' is for Spark 3.5, and this is Spark 4.3.0."));
}

}  // namespace
}  // namespace firesteel
