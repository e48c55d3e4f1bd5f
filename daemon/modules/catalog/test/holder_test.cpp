// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/holder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace firesteel::catalogue {
namespace {

namespace fs = std::filesystem;

class HolderTest : public testing::Test {
 protected:
  HolderTest() {
    std::string pattern = (fs::temp_directory_path() / "holder-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    for (const char* each : {"user", "state", "system"}) fs::create_directory(root_ / each);
    locations_ = {
        .named = {}, .user = root_ / "user", .jupyter = root_ / "state/jupyter.json", .system_wide = root_ / "system"};
  }
  ~HolderTest() override { fs::remove_all(root_); }

  void write(const fs::path& file, const std::string& content) { std::ofstream(root_ / file) << content; }
  Holder holder() {
    return Holder([this] { return sources_at(locations_); }, {.env = [this](const char* name) {
                    return std::string(name) == "SPARK_CLUSTER_NAME" ? named_ : "";
                  }});
  }
  static std::string names(const Holder& holder) {
    std::string out;
    for (const Cluster& each : holder.catalogue().clusters) out += each.name + ":" + each.display_name + " ";
    return out;
  }

  fs::path root_;
  Locations locations_;
  std::string named_;
};

constexpr const char* jupyters = R"({"config_files": ["/etc/jupyter/a.py", "/home/x/b.json"], "directory": "/srv",
  "SparkConnectorApp": {"clusters": {"a": {"display_name": "J"}, "b": {"display_name": "J"}, "bad": {"optss": 1, "engine": "x"}},
    "config_bundles": {"t": {"displayName": "T", "clusterFilter": ["c"], "options": []}}}})";

TEST_F(HolderTest, WithoutAnyFileThereIsTheLocalCluster) {
  const Holder none = holder();
  EXPECT_EQ(names(none), "local:Local ");
  EXPECT_EQ(none.revision(), 1U);
  EXPECT_TRUE(none.problems().empty());
  EXPECT_EQ(none.find_cluster("").value()->master, "local[*]");
  EXPECT_EQ(none.find_cluster("x").error().code, Errc::unknown_cluster);
}

TEST_F(HolderTest, TheUsersEntriesGoBeforeJupytersAndThoseBeforeTheSystems) {
  write("user/catalog.yaml", "clusters: {a: {display_name: U}}");
  write("state/jupyter.json", jupyters);
  write("system/catalog.json", R"({"clusters": {"b": {"display_name": "S"}, "c": {"display_name": "S"}}})");
  const Holder all = holder();
  EXPECT_EQ(names(all), "a:U b:J c:S ");
  // A bundle may be for a cluster of another file: nothing to warn of.
  for (const Problem& each : all.problems()) {
    EXPECT_EQ(each.file, "Jupyter's configuration (/etc/jupyter/a.py, /home/x/b.json)") << each.message;
    EXPECT_EQ(each.line, 0);
    EXPECT_TRUE(each.path.starts_with("SparkConnectorApp.clusters.bad")) << each.path;
  }
  EXPECT_EQ(all.problems().size(), 3U);
}

TEST_F(HolderTest, TheNamedFileStandsInPlaceOfTheUsers) {
  write("user/catalog.yaml", "clusters: {a: {display_name: U}}");
  write("mine.yaml", "clusters: {n: {display_name: N}}");
  locations_.named = root_ / "mine.yaml";
  EXPECT_EQ(names(holder()), "n:N ");
  locations_.named = root_ / "absent.yaml";
  const Holder absent = holder();
  EXPECT_EQ(names(absent), "local:Local ");
  ASSERT_EQ(absent.problems().size(), 1U);
  EXPECT_EQ(absent.problems()[0].severity, Severity::error);
}

TEST_F(HolderTest, AChangeGivesARevisionAndAHalfWrittenFileKeepsWhatWasThere) {
  Holder changing = holder();
  int told = 0;
  const auto watch = changing.watch([&] { ++told; });
  EXPECT_FALSE(changing.refresh());
  write("user/catalog.yaml", "clusters: {a: {display_name: U}}");
  EXPECT_TRUE(changing.refresh());
  EXPECT_EQ(names(changing), "a:U ");
  EXPECT_FALSE(changing.refresh());
  write("user/catalog.yaml", R"({"clusters": {"a": {"display_name": )");
  EXPECT_TRUE(changing.refresh());
  EXPECT_EQ(names(changing), "a:U ");
  EXPECT_FALSE(changing.problems().empty());
  write("user/catalog.yaml", "");
  EXPECT_TRUE(changing.refresh());
  EXPECT_EQ(names(changing), "a:U ");
  fs::remove(root_ / "user/catalog.yaml");
  EXPECT_TRUE(changing.refresh());
  EXPECT_EQ(names(changing), "local:Local ");
  EXPECT_TRUE(changing.problems().empty());
  EXPECT_EQ(changing.revision(), 5U);
  EXPECT_EQ(told, 4);
}

TEST_F(HolderTest, AFileThatIsReferredToIsWatchedToo) {
  write("user/catalog.yaml", "bundles_from_file: {file: more.json}");
  Holder changing = holder();
  EXPECT_TRUE(changing.catalogue().bundles.empty());
  write("user/more.json", R"({"b": {"display_name": "B", "options": []}})");
  EXPECT_TRUE(changing.refresh());
  ASSERT_EQ(changing.catalogue().bundles.size(), 1U);
}

TEST_F(HolderTest, ThePreselectedClusterIsTheDefaultAndCanBeTheOnlyOne) {
  named_ = "b";
  write("user/catalog.yaml",
        "clusters: {a: {display_name: A}, b: {display_name: B}}\ndisable_cluster_selection_on_preselected: true");
  const Holder fixed = holder();
  EXPECT_EQ(names(fixed), "b:B a:A ");
  EXPECT_TRUE(fixed.cluster_is_fixed());
  EXPECT_EQ(fixed.choose_cluster("").value()->name, "b");
  EXPECT_EQ(fixed.choose_cluster("a").error().code, Errc::unknown_cluster);
  EXPECT_EQ(fixed.find_cluster("a").value()->name, "a");
  named_ = "";
  EXPECT_FALSE(holder().cluster_is_fixed());
}

TEST_F(HolderTest, ABundleMayBeForOtherClusters) {
  write("user/catalog.yaml", R"(
clusters: {a: {display_name: A}, b: {display_name: B}}
bundles: {t: {display_name: T, cluster_filter: [b], options: []}})");
  const Holder all = holder();
  const Cluster& a = *all.find_cluster("a").value();
  const Cluster& b = *all.find_cluster("b").value();
  EXPECT_EQ(all.find_bundle("t", b).value()->name, "t");
  EXPECT_EQ(all.find_bundle("t", a).error().field, "bundles.t");
  EXPECT_EQ(all.find_bundle("x", b).error().field, "bundles.x");
}

TEST(Locations, AreTheUsersFolderAndTheInstancesOwn) {
  std::map<std::string, std::string> env{{"HOME", "/home/x"}};
  const auto get = [&](const char* name) { return env[name]; };
  EXPECT_EQ(find_locations(get, "/s").user, "/home/x/.config/firesteel");
  EXPECT_EQ(find_locations(get, "/s").jupyter, "/s/jupyter.json");
  EXPECT_EQ(find_locations(get, "/s").system_wide, "/etc/firesteel");
  env["XDG_CONFIG_HOME"] = "/c";
  env["FIRESTEEL_CATALOG"] = "/n.yaml";
  EXPECT_EQ(find_locations(get, "/s").user, "/c/firesteel");
  EXPECT_EQ(find_locations(get, "/s").named, "/n.yaml");
}

}  // namespace
}  // namespace firesteel::catalogue
