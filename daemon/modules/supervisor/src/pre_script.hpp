// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/local_launch.hpp"

namespace firesteel {

/// What a script may say in the log, and what its environment may have, in bytes each.
inline constexpr std::size_t max_pre_script_bytes = 1024 * 1024;

/// A cluster's script (`pre_script` of the catalogue), to run before its server.
struct PreScript {
  std::string script{};         ///< the administrator's bash; nothing is ever joined to it
  std::string cluster{};        ///< as users see it, for messages
  ServerId server{};            ///< its processes bear the mark of this server
  Variables base{};             ///< the environment that it starts from; scrubbed here
  std::string directory{};      ///< the server's own, mode 0700: the script is a file there while it runs
  std::filesystem::path log{};  ///< what it says goes there, line by line
  std::chrono::milliseconds patience{};
};

/// Runs it with bash in a session of its own and gives the environment that it exports, scrubbed. Its process group is
/// killed at the deadline, when the coroutine is cancelled, and when this process dies.
/// What it has started in the background goes on, and ends with the server.
boost::asio::awaitable<Outcome<Variables>> run_pre_script(PreScript script);

}  // namespace firesteel
