// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "firesteel/engine/installation.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What a start is made of.
struct LaunchFacts {
  std::string connection;
  std::string cluster;
  Options options;
  Installation installation;
  std::string python_version;
  std::uint16_t grpc_port = 0;
  std::uint16_t ui_port = 0;            ///< 0: none
  std::string driver_host{};            ///< see LocalPlan
  std::vector<std::string> warnings{};  ///< sentences
};

/// The same in lines for the log; values of options that are secrets by their name, or hold one, are masked.
std::string launch_words(const LaunchFacts& facts);

}  // namespace firesteel
