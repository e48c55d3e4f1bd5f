// SPDX-License-Identifier: Apache-2.0
#include "firesteel/tls/identity.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "made_certificates.hpp"

namespace firesteel::tls {
namespace {

using test::Files;
using test::make_certificate;
using testing::HasSubstr;
using namespace std::chrono_literals;

std::string wrong(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  const auto made = Context::for_server(certificate, key);
  return made ? "nothing" : made.error().message + " " + made.error().advice;
}

const TimePoint start = TimePoint{} + 1h;

}  // namespace

TEST(Identity, AKeyThatOthersMayTouchIsRefused) {
  const Files files;
  EXPECT_EQ(wrong(files.certificate, files.key), "nothing");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U}) {
    ::chmod(files.key.c_str(), mode);
    EXPECT_THAT(wrong(files.certificate, files.key), HasSubstr("chmod 600 " + files.key.string()));
  }
  ::chmod(files.key.c_str(), 0400);
  EXPECT_EQ(wrong(files.certificate, files.key), "nothing");
}

TEST(Identity, FilesThatCantBeUsedAreNamed) {
  const Files files;
  const auto other = files.directory / "other";
  EXPECT_THAT(wrong(other, files.key), HasSubstr(other.string()));
  EXPECT_THAT(wrong(files.certificate, other), HasSubstr(other.string()));
  make_certificate("").write_key(other);
  EXPECT_THAT(wrong(files.certificate, other), HasSubstr("doesn't belong"));
  EXPECT_THAT(wrong(files.key, files.key), HasSubstr("There is no certificate in"));
  std::ofstream(other) << "nothing";
  EXPECT_THAT(wrong(files.certificate, other), HasSubstr("There is no private key in"));
  std::ofstream(files.certificate) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(wrong(files.certificate, files.key), HasSubstr("damaged"));
  const Files old("DNS:localhost", -3, -1);
  EXPECT_THAT(wrong(old.certificate, old.key), HasSubstr("expired on 20"));
}

TEST(Identity, FilesThatChangeAreReadAgainOnceASecond) {
  const Files files;
  Identity identity(files.certificate, files.key);
  ASSERT_TRUE(identity.load());
  const auto first = identity.current(start);
  EXPECT_EQ(identity.current(start + 2s), first);
  files.write(make_certificate("DNS:renewed", &files.authority));
  EXPECT_EQ(identity.current(start + 2500ms), first);
  const auto second = identity.current(start + 4s);
  EXPECT_NE(second, first);
  EXPECT_EQ(identity.name_for("127.0.0.1"), "renewed");
  std::ofstream(files.certificate) << "broken";
  EXPECT_EQ(identity.current(start + 6s), second);
}

TEST(Identity, IsReachedByANameThatStandsInIt) {
  Files files("DNS:*.example.org,DNS:spark.example.org,IP:127.0.0.1");
  const auto made = Context::for_server(files.certificate, files.key);
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)->name_for("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ((*made)->name_for("0.0.0.0"), "spark.example.org");
}

}  // namespace firesteel::tls
