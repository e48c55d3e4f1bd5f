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

/// The command's options, as the API takes them.
boost::json::object options_of(const StartCommand& command);

/// Whether a start with options has to be compared with something that runs: the reply of listConnections.
bool has_live(const boost::json::object& connections);

/// What the daemon said before a start.
struct KnownToDaemon {
  boost::json::object connections{};  ///< reply of listConnections
  boost::json::object clusters{};     ///< reply of listClusters
  boost::json::object options{};  ///< the command's, as connections show them (secrets are hidden); where one is live
};

/// `python` is the caller's.
Answer<StartPlan> plan_start(const StartCommand& command, const KnownToDaemon& known, const std::string& python);

}  // namespace firesteel::cli
