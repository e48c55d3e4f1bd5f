// SPDX-License-Identifier: Apache-2.0
#include "location.hpp"

#include <gtest/gtest.h>

namespace firesteel::http {
namespace {

struct Case {
  const char* location;
  const char* path;
  const char* relative;
};

class LocationTest : public testing::TestWithParam<Case> {};

TEST_P(LocationTest, BecomesRelative) {
  const RedirectFrom from{.path = GetParam().path, .context = "/user/ana/firesteel/ui/main", .port = 4040};
  EXPECT_EQ(relative_location(GetParam().location, from), GetParam().relative);
}

INSTANTIATE_TEST_SUITE_P(
    All, LocationTest,
    testing::Values(Case{"/jobs/", "/", "./jobs/"}, Case{"/jobs/", "/jobs", "./jobs/"},
                    Case{"/jobs/", "/jobs/job/kill/", "../../../jobs/"}, Case{"/", "/jobs/", "../"},
                    Case{"/", "/", "./"}, Case{"/stages/?a=1#x", "/jobs/?id=/3", "../stages/?a=1#x"},
                    Case{"http://127.0.0.1:4040/jobs/", "/", "./jobs/"}, Case{"http://localhost:4040", "/jobs/", "../"},
                    Case{"/user/ana/firesteel/ui/main/jobs/", "/", "./jobs/"},
                    Case{"/user/ana/firesteel/ui/mainframe", "/", "./user/ana/firesteel/ui/mainframe"},
                    // What leads elsewhere, or is relative already, is left alone; nothing becomes "//host".
                    Case{"http://127.0.0.1:4041/jobs/", "/", "http://127.0.0.1:4041/jobs/"},
                    Case{"https://spark.apache.org/", "/", "https://spark.apache.org/"}, Case{"next", "/jobs/", "next"},
                    Case{"//elsewhere/x", "/", "//elsewhere/x"},
                    Case{"/user/ana/firesteel/ui/main//elsewhere/x", "/", "./elsewhere/x"},
                    Case{"javascript:alert(1)", "/", "javascript:alert(1)"}));

}  // namespace
}  // namespace firesteel::http
