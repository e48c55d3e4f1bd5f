// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "command_line.hpp"
#include "problem.hpp"

namespace firesteel::cli {

/// What `start` has to ask the daemon for, given what exists.
///
/// | a connection of that name | and                                   | step                                   |
/// |---------------------------|---------------------------------------|----------------------------------------|
/// | none                      |                                       | create                                 |
/// | stopped, failed           |                                       | start_again, with what was given       |
/// | stopping                  |                                       | settle, then plan again                |
/// | starting, ready           | what was given is what it has         | nothing: it is what was asked for      |
/// | starting, ready           | something given differs               | a problem (`connection_exists`)        |
///
/// Without --name the cluster's name is taken; when a live connection of that name differs (or another cluster's
/// connection has it), the next free of name-2, name-3, ….
struct StartPlan {
  enum class Step { create, start_again, settle, nothing };
  Step step = Step::create;
  std::string name{};
  boost::json::object body{};  ///< NewConnection or StartRequest of the API
};

/// `connections` and `clusters` are the replies of listConnections and listClusters; `python` is the caller's.
Answer<StartPlan> plan_start(const StartCommand& command, const boost::json::object& connections,
                             const boost::json::object& clusters, const std::string& python);

}  // namespace firesteel::cli
