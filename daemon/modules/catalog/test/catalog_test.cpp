// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/catalog.hpp"

#include <gmock/gmock.h>

namespace firesteel {

using testing::HasSubstr;

TEST(Catalog, BuiltInRunsOnThisMachine) {
  const Catalog catalog = Catalog::built_in();
  ASSERT_EQ(catalog.clusters().size(), 1U);
  const auto local = catalog.find("local");
  ASSERT_TRUE(local.has_value());
  EXPECT_EQ((*local)->engine, "local");
  EXPECT_EQ((*local)->master, "local[*]");
}

TEST(Catalog, NoNameMeansTheFirst) {
  const Catalog catalog({Cluster{.name = "b"}, Cluster{.name = "a"}});
  EXPECT_EQ(catalog.find("").value()->name, "b");
}

TEST(Catalog, UnknownNameListsWhatExists) {
  const Catalog catalog({Cluster{.name = "b"}, Cluster{.name = "a"}});
  const auto found = catalog.find("c");
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().code, Errc::unknown_cluster);
  EXPECT_EQ(found.error().field, "cluster");
  EXPECT_THAT(found.error().message, HasSubstr("'c'"));
  EXPECT_THAT(found.error().advice, HasSubstr("b, a"));
}

TEST(Catalog, NeedsClustersWithDifferentNames) {
  EXPECT_THROW(Catalog({}), std::invalid_argument);
  EXPECT_THROW(Catalog({Cluster{.name = "a"}, Cluster{.name = "a"}}), std::invalid_argument);
}

}  // namespace firesteel
