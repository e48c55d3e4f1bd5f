// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/documented.hpp"

#include <gmock/gmock.h>

namespace firesteel::catalogue {
namespace {

using testing::Contains;
using testing::IsEmpty;

TEST(Documented, KnowsTheOldestAndTheLatestSpark) {
  EXPECT_THAT(known_spark_versions(), Contains("3.5"));
  EXPECT_THAT(known_spark_versions(), Contains("4.3"));
}

TEST(Documented, AnOptionOfEachKindIsThere) {
  for (const char* name :
       {"spark.executor.memory", "spark.executor.cores", "spark.sql.shuffle.partitions", "spark.ui.port",
        "spark.kubernetes.namespace", "spark.yarn.queue", "spark.driver.memory", "spark.sql.warehouse.dir",
        "spark.connect.grpc.binding.port", "spark.dynamicAllocation.enabled", "spark.eventLog.dir"}) {
    const OptionHits found = search_options({}, name, "", 5);
    ASSERT_FALSE(found.hits.empty()) << name;
    EXPECT_EQ(found.hits[0].name, name);
  }
  const OptionHit memory = search_options({}, "spark.executor.memory", "4.3", 1).hits[0];
  EXPECT_EQ(memory.type, "size");
  EXPECT_EQ(memory.default_value, "1g");
  EXPECT_EQ(memory.since, "0.7.0");
  EXPECT_EQ(memory.category, "Executors");
}

TEST(Documented, EveryOptionOfEveryVersionHasItsTypeAndItsWords) {
  const std::vector<std::string> types{"boolean", "integer", "number", "size", "duration", "text", "list"};
  for (const std::string& version : known_spark_versions()) {
    const OptionHits found = search_options({}, "", version, 10'000);
    EXPECT_GE(found.hits.size(), 800U) << version;
    for (const OptionHit& each : found.hits) {
      EXPECT_THAT(types, Contains(each.type)) << version << " " << each.name;
      EXPECT_FALSE(each.description.empty()) << version << " " << each.name;
      EXPECT_FALSE(each.category.empty()) << version << " " << each.name;
    }
  }
}

TEST(Documented, TypesAreWhatSparkTakesAndNotWhatADefaultLooksLike) {
  const auto type = [](const char* name) { return search_options({}, name, "4.3", 1).hits.at(0).type; };
  EXPECT_EQ(type("spark.sql.session.timeZone"), "text");
  EXPECT_EQ(type("spark.sql.hive.metastore.version"), "text");
  EXPECT_EQ(type("spark.deploy.appIdPattern"), "text");
  EXPECT_EQ(type("spark.sql.extensions"), "list");
  EXPECT_EQ(type("spark.sql.broadcastTimeout"), "duration");
  EXPECT_EQ(type("spark.speculation.quantile"), "number");
}

TEST(Documented, NamesGoBeforeDescriptionsAndAllWordsCount) {
  const OptionHits found = search_options({}, "Shuffle PARTITIONS", "", 500);
  ASSERT_GT(found.total, 2U);
  EXPECT_EQ(found.hits[0].name, "spark.sql.shuffle.partitions");
  EXPECT_EQ(found.hits.size(), found.total);
  EXPECT_EQ(search_options({}, "shuffle", "", 3).hits.size(), 3U);
  EXPECT_THAT(search_options({}, "nosuchword", "", 3).hits, IsEmpty());
  EXPECT_GT(search_options({}, "", "", 1).total, 500U);
}

TEST(Documented, EachVersionHasItsOwn) {
  const auto total = [](const char* version) { return search_options({}, "", version, 1).total; };
  EXPECT_NE(total("3.5"), total("4.3"));
  EXPECT_EQ(total("4.3.7"), total("4.3"));
  EXPECT_EQ(total("99.0"), total("4.3"));
  EXPECT_EQ(total("2.4"), total("3.5"));
  EXPECT_EQ(total("nonsense"), total("3.5"));
}

TEST(Documented, TheCataloguesWordsGoBeforeSparks) {
  Catalogue catalogue;
  catalogue.options = {{.name = "spark.executor.memory", .category = "Ours", .type = "bytes", .default_value = "8g"},
                       {.name = "spark.site.zone", .category = "Site", .type = "?"}};
  const OptionHits found = search_options(catalogue, "spark.executor.memory", "", 1);
  EXPECT_EQ(found.hits[0].category, "Ours");
  EXPECT_EQ(found.hits[0].type, "size");
  EXPECT_FALSE(found.hits[0].is_sparks);
  EXPECT_EQ(search_options(catalogue, "site.zone", "", 1).hits[0].type, "");
}

}  // namespace
}  // namespace firesteel::catalogue
