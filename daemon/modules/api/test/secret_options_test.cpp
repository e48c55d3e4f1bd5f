// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/secret_options.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "firesteel/logs/masker.hpp"

namespace firesteel::api {
namespace {

const SecretOptions secrets("a key for tests");
class StandInKey : public testing::Test {
 protected:
  StandInKey() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stand-in-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~StandInKey() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_;
};

const Options kept{{"spark.app.name", "first"}, {"spark.x.token", "hunter2"}, {"spark.y.password", ""}};

}  // namespace

TEST(SecretOptions, OnlyTheValueOfASecretIsHidden) {
  const Options hidden = secrets.hidden(kept);
  EXPECT_EQ(hidden.at("spark.app.name"), "first");
  EXPECT_EQ(hidden.at("spark.y.password"), "");
  EXPECT_TRUE(hidden.at("spark.x.token").starts_with("*****#"));
  EXPECT_EQ(hidden.at("spark.x.token").size(), 6U + 32U);
}

TEST(SecretOptions, AStandInIsTheSameForTheSameAndForNothingElse) {
  const auto stand_in = [](const SecretOptions& by, const std::string& name, const std::string& value) {
    return by.hidden({{name, value}}).at(name);
  };
  const std::string one = stand_in(secrets, "spark.x.token", "hunter2");
  EXPECT_EQ(one, stand_in(SecretOptions("a key for tests"), "spark.x.token", "hunter2"));
  EXPECT_NE(one, stand_in(secrets, "spark.x.token", "hunter3"));
  EXPECT_NE(one, stand_in(secrets, "spark.y.token", "hunter2"));
  EXPECT_NE(one, stand_in(SecretOptions("another key"), "spark.x.token", "hunter2"));
}

TEST(SecretOptions, WhatIsSentBackIsWhatIsKept) {
  Options sent = secrets.hidden(kept);
  sent["spark.new.secret"] = "typed";
  EXPECT_TRUE(secrets.reveal(sent, {&kept}).empty());
  Options expected = kept;
  expected["spark.new.secret"] = "typed";
  EXPECT_EQ(sent, expected);
}

TEST(SecretOptions, AStandInThatStandsForNothingIsTakenOutWithAnError) {
  const std::string stand_in = secrets.hidden(kept).at("spark.x.token");
  const Options others{{"spark.x.token", "another"}};
  struct Case {
    std::string name, value;
    std::vector<const Options*> kept;
  };
  for (const Case& each : {Case{"spark.x.token", stand_in, {&others}}, Case{"spark.x.token", stand_in, {}},
                           Case{"spark.y.token", stand_in, {&kept}}, Case{"spark.app.name", stand_in, {&kept}},
                           Case{"spark.x.token", "*****", {&kept}}}) {
    Options sent{{each.name, each.value}, {"spark.z", "1"}};
    const auto errors = secrets.reveal(sent, each.kept);
    ASSERT_EQ(errors.size(), 1U) << each.name << each.value;
    EXPECT_EQ(errors[0].code, Errc::invalid_option);
    EXPECT_EQ(errors[0].field, "options." + each.name);
    EXPECT_EQ(sent, (Options{{"spark.z", "1"}}));
  }
}

TEST(SecretOptions, StarsAreAValueWhereNothingIsSecret) {
  Options sent{{"spark.app.name", "*****"}, {"spark.x.token", "*****#short"}};
  EXPECT_TRUE(secrets.reveal(sent, {}).empty());
  EXPECT_EQ(sent.size(), 2U);
}

TEST(SecretOptions, WhichNamesAreSecretIsWhatThePanelThinksToo) {
  std::ifstream file(std::string(FIRESTEEL_GOLDEN) + "/../secret-names.json");
  const auto names = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  ASSERT_FALSE(names.as_object().empty());
  for (const auto& [name, secret] : names.as_object()) EXPECT_EQ(names_secret(name), secret.as_bool()) << name;
}

TEST_F(StandInKey, IsKeptForTheNextTimeAndForNobodyElse) {
  const auto file = directory_ / "key";
  const std::string key = stand_in_key(file);
  EXPECT_GE(key.size(), 32U);
  EXPECT_EQ(stand_in_key(file), key);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(StandInKey, OneThatCannotBeKeptOrUsedIsNew) {
  const auto nowhere = directory_ / "no" / "key";
  EXPECT_NE(stand_in_key(nowhere), stand_in_key(nowhere));
  const auto cut = directory_ / "cut";
  std::ofstream(cut) << "short";
  EXPECT_GE(stand_in_key(cut).size(), 32U);
}

}  // namespace firesteel::api
