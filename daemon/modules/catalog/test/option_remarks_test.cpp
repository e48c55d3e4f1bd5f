// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/option_remarks.hpp"

#include <gmock/gmock.h>

namespace firesteel::catalogue {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string said(std::string_view name, std::string_view version, const Catalogue& catalogue = {}) {
  const auto remark = OptionRemarks(catalogue, version).on(name);
  return remark ? remark->message + " " + remark->advice : "";
}

TEST(OptionRemarks, OfWhatIsRightOrOfAPlugInNothingIsSaid) {
  for (const char* name : {"spark.executor.memory", "spark.sql.shuffle.partitions", "spark.hadoop.fs.s3a.endpoint",
                           "spark.site.zone", "spark.executorEnv.LANG", "spark.sql.catalog.mine",
                           "spark.kubernetes.driver.label.team", "spark.plugin.x", "", "spark."})
    for (const char* version : {"", "3.5.1", "4.3.0", "9.1", "nonsense"})
      EXPECT_THAT(said(name, version), IsEmpty()) << name << " " << version;
}

TEST(OptionRemarks, DeprecatedAndRemovedOnesAreToldWithWhatToDo) {
  EXPECT_THAT(said("spark.yarn.access.hadoopFileSystems", "4.3.0"),
              AllOf(HasSubstr("deprecated"), HasSubstr("since version 3.0"),
                    HasSubstr("Please use spark.kerberos.access.hadoopFileSystems.")));
  EXPECT_THAT(said("spark.sql.hive.verifyPartitionPath", "4.3.0"),
              AllOf(HasSubstr("removed"), HasSubstr("4.0.0"), HasSubstr("spark.sql.files.ignoreMissingFiles")));
  EXPECT_THAT(said("spark.sql.hive.verifyPartitionPath", "3.5.0"), HasSubstr("deprecated"));
}

TEST(OptionRemarks, WithoutAVersionOnlyWhatHoldsForAll) {
  EXPECT_THAT(said("spark.yarn.access.hadoopFileSystems", ""), HasSubstr("deprecated"));
  EXPECT_THAT(said("spark.sql.hive.verifyPartitionPath", ""), IsEmpty());
  EXPECT_THAT(said("spark.deploy.appIdPattern", ""), IsEmpty());
}

TEST(OptionRemarks, AnotherVersionsOption) {
  EXPECT_THAT(said("spark.deploy.appIdPattern", "3.5.4"),
              HasSubstr("Spark 3.5 documents no option 'spark.deploy.appIdPattern': 4.0 is the first that does."));
  EXPECT_THAT(said("spark.mesos.maxDrivers", "4.1.2"), HasSubstr("3.5 is the last that does."));
  EXPECT_THAT(said("spark.mesos.maxDrivers", "3.5.0"), IsEmpty());
}

TEST(OptionRemarks, SlipsOfThePen) {
  EXPECT_THAT(said("spark.sql.shufle.partitions", "4.3.0"), HasSubstr("Did you mean 'spark.sql.shuffle.partitions'?"));
  EXPECT_THAT(said("spark.executor.Memory", ""), HasSubstr("Did you mean 'spark.executor.memory'?"));
  EXPECT_THAT(said("spark.executor.memoy\xff", ""), HasSubstr("Did you mean"));
  EXPECT_THAT(said("spark.exectuor.memroy", ""), IsEmpty()) << "four letters are not two";
  EXPECT_THAT(said(std::string(100'000, 'x'), ""), IsEmpty());
}

TEST(OptionRemarks, TheCataloguesOptionsAreAsGoodAsSparks) {
  Catalogue catalogue;
  catalogue.options = {{.name = "spark.site.zone"}, {.name = "spark.sql.shuffle.partition"}};
  EXPECT_THAT(said("spark.site.zones", "", catalogue), HasSubstr("'spark.site.zone'"));
  EXPECT_THAT(said("spark.sql.shuffle.partition", "", catalogue), IsEmpty());
}

TEST(OptionRemarks, GuessesHaveABound) {
  const Catalogue catalogue;
  OptionRemarks remarks(catalogue, "4.3");
  for (std::size_t i = 0; i < OptionRemarks::most_compared; ++i) EXPECT_FALSE(remarks.on("spark.mine"));
  EXPECT_FALSE(remarks.on("spark.executor.memor"));
  EXPECT_TRUE(remarks.on("spark.mesos.maxDrivers")) << "that needs no guess";
}

}  // namespace
}  // namespace firesteel::catalogue
