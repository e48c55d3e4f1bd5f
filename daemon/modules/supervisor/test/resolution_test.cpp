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

}  // namespace
}  // namespace firesteel
