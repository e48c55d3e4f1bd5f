// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/options.hpp"

#include <gmock/gmock.h>

#include "firesteel/catalog/holder.hpp"
#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

const catalogue::Cluster local = catalogue::local_cluster();

/// The error for one option; its fields are empty when the option is taken.
Error refusal(const std::string& name, const std::string& value) {
  const auto result = validate_options({{name, value}}, local);
  return result.has_error() ? result.error() : Error{};
}

}  // namespace

TEST(ValidateOptions, TakesValuesAsTheyAre) {
  for (const std::string value : {"", "two  words", "q\"uo'te", "a;b", "$(touch x)", "`id`", "line\nbreak\r\n", "\nx\n",
                                  "🔥", "back\\slash", "a=b:c#d!e", "#lead", "tab\tin", "${env:HOME}",
                                  "${spark.app.name}", "\u00a0nbsp\u00a0", "-flag", "--conf x=y", "a\x01z"})
    EXPECT_EQ(refusal("spark.x", value).message, "") << value;
  EXPECT_EQ(refusal("spark.ключ", "x").message, "");
  EXPECT_EQ(refusal("spark.hadoop.fs.s3a.access.key", "x").message, "");
}

TEST(ValidateOptions, RefusesNamesThatSparkWouldIgnoreOrMisread) {
  for (const std::string name :
       {"", "x", "spark", "spark.", "sparkx.y", "Spark.x", "--conf", "hadoop.x", "spark.a b", "spark.a=b", "spark.a:b",
        "spark.a\nspark.b", "spark.a\t", "spark.\x7f", "spark.\xFF"}) {
    const Error error = refusal(name, "x");
    EXPECT_EQ(error.code, Errc::invalid_option) << name;
    EXPECT_EQ(error.field, "options." + to_valid_utf8(name));
    EXPECT_THAT(error.message, Not(IsEmpty()));
    EXPECT_THAT(error.advice, Not(IsEmpty()));
    EXPECT_TRUE(is_valid_utf8(error.message + error.field));
    EXPECT_EQ(error.message.find('\n'), std::string::npos);
  }
}

TEST(ValidateOptions, RefusesValuesThatWouldNotArriveUnchanged) {
  for (const std::string& value :
       {std::string(" x"), std::string("x "), std::string("x\t"), std::string("\x01x"), std::string(" "),
        std::string(" \n"), std::string("a\0b", 3), std::string("\xFF"), std::string("\xED\xA0\x80")})
    EXPECT_EQ(refusal("spark.x", value).field, "options.spark.x") << value;
}

TEST(ValidateOptions, RefusesWhatFiresteelSetsItself) {
  for (const char* name :
       {"spark.connect.grpc.binding.address", "spark.connect.grpc.binding.port", "spark.connect.grpc.port.maxRetries",
        "spark.connect.authenticate.token", "spark.hadoop.yarn.web-proxy.address", "spark.ui.port", "spark.ui.filters",
        "spark.org.apache.spark.ui.JWSFilter.param.secretKey", "spark.ui.proxyBase", "spark.ui.reverseProxy",
        "spark.remote", "spark.api.mode"}) {
    EXPECT_THAT(refusal(name, "x").message, HasSubstr("can't be set")) << name;
    EXPECT_TRUE(is_reserved(name));
  }
  for (const char* name : {"spark.connect.progress.reportInterval", "spark.ui.portMaxRetries", "spark.driver.hostname",
                           "spark.ui.enabled", "spark.local.dir"}) {
    EXPECT_EQ(refusal(name, "x").message, "") << name;
    EXPECT_FALSE(is_reserved(name));
  }
}

TEST(ValidateOptions, TakesAnAddressOfTheDriverWhereExecutorsAreElsewhere) {
  catalogue::Cluster yarn = local;
  yarn.master = "yarn";
  for (const char* name : {"spark.driver.host", "spark.driver.bindAddress"}) {
    EXPECT_THAT(refusal(name, "x").message, HasSubstr("can't be set"));
    EXPECT_THAT(refusal(name, "x").advice, HasSubstr("on this machine only"));
    EXPECT_TRUE(validate_options({{name, "x"}}, yarn).has_value());
    EXPECT_FALSE(validate_options({{name, "x"}, {"spark.master", "local[2]"}}, yarn).has_value());
    const std::string value = "0.0.0.0";
    EXPECT_FALSE(refusal_in_catalogue(name, &value));  // of a bundle it isn't known which cluster it is for
  }
  for (const char* name :
       {"spark.driver.port", "spark.blockManager.port", "spark.driver.blockManager.port", "spark.port.maxRetries"}) {
    EXPECT_EQ(refusal(name, "5001").message, "") << name;
    EXPECT_TRUE(validate_options({{name, "5001"}}, yarn).has_value()) << name;
  }
  EXPECT_FALSE(validate_options({{"spark.connect.grpc.binding.address", "0.0.0.0"}}, yarn).has_value());
}

TEST(RemarksInCatalogue, AreOfOpenPortsAndOfAnAddressThatIsNotUsed) {
  catalogue::Cluster cluster = local;
  EXPECT_THAT(remarks_in_catalogue(cluster), IsEmpty());
  cluster.opts.push_back({.name = "spark.driver.host", .value = "h"});
  ASSERT_EQ(remarks_in_catalogue(cluster).size(), 1U);
  EXPECT_THAT(remarks_in_catalogue(cluster)[0].message, HasSubstr("'spark.driver.host' is not used"));
  cluster.master = "yarn";
  EXPECT_THAT(remarks_in_catalogue(cluster), IsEmpty());
  cluster.opts.push_back({.name = "spark.shuffle.service.enabled", .value = "true"});
  ASSERT_EQ(remarks_in_catalogue(cluster).size(), 1U);
  EXPECT_THAT(remarks_in_catalogue(cluster)[0].message, HasSubstr("can run code as you"));
}

TEST(ValidateOptions, TakesOnlyMastersOfTheCluster) {
  for (const char* master : {"local", "local[*]", "local[4]", "local[*,3]", "local[2, 3]"})
    EXPECT_EQ(refusal("spark.master", master).message, "") << master;
  for (const char* master : {"", "yarn", "spark://h:1", "local[0]", "local[]", "local[4", "local[*]x",
                             "local-cluster[1,1,1024]", "k8s://x", "local[*]\n"})
    EXPECT_THAT(refusal("spark.master", master).message, HasSubstr("'Local' does not run")) << master;
}

TEST(ValidateOptions, TakesOnlyTheClientDeployMode) {
  EXPECT_EQ(refusal("spark.submit.deployMode", "client").message, "");
  EXPECT_NE(refusal("spark.submit.deployMode", "cluster").message, "");
}

TEST(ValidateOptions, NeedsADriverMemoryThatItUnderstands) {
  for (const char* size : {"1g", "4096m", "4096", "1T", "512mb", "2Gb", "600000k"})
    EXPECT_EQ(refusal("spark.driver.memory", size).message, "") << size;
  for (const char* size : {"", "much", "-1g", "1.5g", "4 g", "4gbb", "99999999999999999999g", "4g; x"})
    EXPECT_THAT(refusal("spark.driver.memory", size).message, HasSubstr("not a size")) << size;
  EXPECT_THAT(refusal("spark.driver.memory", "100m").message, HasSubstr("450 MiB"));
  EXPECT_EQ(refusal("spark.executor.memory", "whatever").message, "");
}

TEST(ValidateOptions, RefusesJvmOptionsThatRunCommands) {
  for (const char* name : {"spark.driver.extraJavaOptions", "spark.driver.defaultJavaOptions"}) {
    EXPECT_THAT(refusal(name, "-XX:OnOutOfMemoryError=reboot").message, HasSubstr("runs a command"));
    EXPECT_EQ(refusal(name, "-Da=b").message, "");
  }
}

TEST(ValidateOptions, KeepsTheSecretOutOfValues) {
  EXPECT_THAT(refusal("spark.x", "${env:SPARK_CONNECT_AUTHENTICATE_TOKEN}").message, HasSubstr("secret"));
}

TEST(ValidateOptions, BoundsTheirSize) {
  Options options{{"spark.a", std::string(max_options_bytes - 7, 'x')}};
  EXPECT_TRUE(validate_options(options, local).has_value());
  options["spark.b"] = "";
  const auto result = validate_options(options, local);
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().field, "options");
}

TEST(ParseMemory, IsInMebibytes) {
  EXPECT_THAT(parse_memory_mib("1g"), Optional(1024U));
  EXPECT_THAT(parse_memory_mib("512"), Optional(512U));
  EXPECT_THAT(parse_memory_mib("3072K"), Optional(3U));
  EXPECT_THAT(parse_memory_mib("1048576b"), Optional(1U));
  EXPECT_THAT(parse_memory_mib("2tb"), Optional(2U * 1024 * 1024));
  for (const char* text : {"", "g", "0g", "1023k", "1bb", "1x", "1e3", "18446744073709551615p", "2000000p"})
    EXPECT_EQ(parse_memory_mib(text), std::nullopt) << text;
}

}  // namespace firesteel
