// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace firesteel::io {

/// Where a daemon and its clients meet, and where it keeps things. Pure names: nothing is made or checked.
struct Directories {
  std::filesystem::path runtime;  ///< sockets, lock, secrets; mode 0700; may be emptied at logout
  std::filesystem::path state;    ///< connection records and logs; mode 0700

  std::filesystem::path api_socket() const { return runtime / "api.sock"; }
  std::filesystem::path kernel_socket() const { return runtime / "kernel.sock"; }
  std::filesystem::path gateway_socket() const { return runtime / "gateway.sock"; }
  std::filesystem::path endpoint_record() const { return runtime / "endpoint.json"; }
  std::filesystem::path lock() const { return runtime / "daemon.lock"; }
  std::filesystem::path daemon_log() const { return state / "daemon.log"; }
};

/// Looks a variable up; empty when it isn't set.
using GetEnv = std::function<std::string(const char* name)>;

/// `$FIRESTEEL_RUNTIME_DIR` holds a whole instance when set. Otherwise the runtime directory is
/// `$XDG_RUNTIME_DIR/firesteel`, else `$TMPDIR/firesteel-<uid>` (or /tmp), and the state directory is
/// `$XDG_STATE_HOME/firesteel/<host>`, else `~/.local/state/firesteel/<host>`.
Directories find_directories(const GetEnv& get_env);

/// Reads the process's own environment.
std::string get_env(const char* name);

}  // namespace firesteel::io
