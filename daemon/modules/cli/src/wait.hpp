// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "context.hpp"

namespace firesteel::cli {

/// Shows on stderr how a start goes: one line that changes on a terminal, else a line per phase. Silent with --json.
class Progress {
 public:
  explicit Progress(const Context& context);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const boost::json::object& connection);
  /// How long the daemon may keep an answer back before the display is stale.
  std::chrono::milliseconds interval() const;

 private:
  void show_lines(const boost::json::object& connection);

  const Context& context_;
  bool line_open_ = false;
  std::string told_{};  ///< the latest phase that has a line, "starting_jvm" or "starting_jvm done"
  std::string state_{};
};

/// What a wait is for: it goes on while the connection is on its way there.
enum class Goal { settled, ready };

/// Waits until the connection has settled. With Goal::ready a stop just before a start (a restart's) is waited
/// through for some seconds. Problems: `timed_out` past the deadline, and what the daemon answers.
Answer<boost::json::object> wait_for(const Context& context, const std::string& name, Goal goal, TimePoint deadline);

/// The problem (`start_failed`) of a connection that is not ready when it should be; nothing when it is.
std::optional<Problem> start_failure(const boost::json::object& connection);

}  // namespace firesteel::cli
