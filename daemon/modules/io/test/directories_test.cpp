// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/directories.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

namespace firesteel::io {
namespace {

Directories with(std::map<std::string, std::string> variables) {
  return find_directories([variables = std::move(variables)](const char* name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::string() : at->second;
  });
}

}  // namespace

TEST(Directories, OneVariableIsolatesAWholeInstance) {
  const auto found = with({{"FIRESTEEL_RUNTIME_DIR", "/x/y/"}, {"XDG_RUNTIME_DIR", "/run/1"}, {"HOME", "/h"}});
  EXPECT_EQ(found.api_socket(), "/x/y/api.sock");
  EXPECT_EQ(found.gateway_socket(), "/x/y/gateway.sock");
  EXPECT_EQ(found.endpoint_record(), "/x/y/endpoint.json");
  EXPECT_EQ(found.state, "/x/y/state");
}

TEST(Directories, FollowTheXdgVariables) {
  const auto found = with({{"XDG_RUNTIME_DIR", "/run/1"}, {"XDG_STATE_HOME", "/s"}, {"HOME", "/h"}});
  EXPECT_EQ(found.runtime, "/run/1/firesteel");
  EXPECT_EQ(found.state.parent_path(), "/s/firesteel");
}

TEST(Directories, FallBackToTheTemporaryDirectoryAndHome) {
  const auto found = with({{"HOME", "/h"}, {"TMPDIR", "/t"}, {"XDG_RUNTIME_DIR", "relative"}});
  EXPECT_EQ(found.runtime, "/t/firesteel-" + std::to_string(::geteuid()));
  EXPECT_EQ(found.state.parent_path(), "/h/.local/state/firesteel");
}

}  // namespace firesteel::io
