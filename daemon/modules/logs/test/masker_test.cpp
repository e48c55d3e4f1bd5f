// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/masker.hpp"

#include <gmock/gmock.h>

namespace firesteel {

TEST(Masker, MasksTheValuesOfKeysThatNameASecret) {
  const Masker masker;
  for (const auto& [line, masked] : std::vector<std::pair<std::string, std::string>>{
           {"spark.hadoop.fs.s3a.secret.key=abc def", "spark.hadoop.fs.s3a.secret.key=***** def"},
           {"PASSWORD: hunter2", "PASSWORD: *****"},
           {"fs.s3a.access.key = A1,B2", "fs.s3a.access.key = *****"},
           {"accessKey=x&y", "accessKey=*****"},
           {R"({"password":"a b\"c","user":"u"})", R"({"password":"*****","user":"u"})"},
           {R"({"msg":"{\"token\":\"a b\"} x"})", R"({"msg":"{\"token\":\"*****\"} x"})"},
           {"--conf 'spark.my.password=a b' x", "--conf 'spark.my.password=***** b' x"},
           {R"(["k.token=abc", "x=y"])", R"(["k.token=*****", "x=y"])"},
           {"Authorization: Bearer abcdef.123-4=", "Authorization: Bearer *****"},
           {"X-Auth-Token: Bearer abcdef.123", "X-Auth-Token: Bearer *****"},
           {"token=a token=b", "token=***** token=*****"},
           {"http://x/?token=abc", "http://x/?token=*****"},
           {"25/01/31 12:00:00 INFO Foo: password=x", "25/01/31 12:00:00 INFO Foo: password=*****"},
           {"password=", "password="},
           {"password", "password"},
           {"bearer of news", "bearer of news"},
           {"token", "token"},
           {"the token is lost", "the token is lost"},
           {"25/01/31 12:00:00 INFO HadoopDelegationTokenManager: Updating",
            "25/01/31 12:00:00 INFO HadoopDelegationTokenManager: Updating"}})
    EXPECT_EQ(masker.apply(line), masked);
}

TEST(Masker, KnownSecretsGoEverywhereTheLongerFirst) {
  const Masker masker({"abc", "", "abcdef"});
  EXPECT_EQ(masker.apply("x abcdef y abc z"), "x ***** y ***** z");
  EXPECT_EQ(masker.apply("nothing"), "nothing");
  EXPECT_EQ(masker.longest(), 6U);
}

TEST(Masker, FindsWhatMayBeMaskedWhereverItStands) {
  const Masker masker({"s3cr3t"});
  for (const std::string word : {"Secret", "passWord", "TOKEN", "access.key", "AccessKey", "Bearer", "s3cr3t"})
    for (std::size_t before = 0; before < 150; ++before) {
      const std::string text = std::string(before, 'k') + word + std::string(before % 67, ' ');
      EXPECT_EQ(masker.next_suspect(text, 0), before) << text;
      EXPECT_EQ(masker.next_suspect(text, before + 1), std::string::npos) << text;
    }
  EXPECT_FALSE(masker.suspects("26/11/22 08:30:48 INFO ShutdownHookManager: broke the monkey's keys"));
  EXPECT_FALSE(masker.suspects(""));
}

}  // namespace firesteel
