// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/directories.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace firesteel::io {

namespace fs = std::filesystem;

namespace {

/// XDG's rule: a relative path is as if it were not set.
fs::path absolute_or_empty(const std::string& text) {
  fs::path path(text);
  return path.is_absolute() ? path : fs::path();
}

fs::path home(const GetEnv& env) {
  if (fs::path path = absolute_or_empty(env("HOME")); !path.empty()) return path;
  const passwd* entry = ::getpwuid(::geteuid());
  return entry && entry->pw_dir ? fs::path(entry->pw_dir) : fs::path("/tmp");
}

fs::path runtime(const GetEnv& env) {
  if (fs::path path = absolute_or_empty(env("XDG_RUNTIME_DIR")); !path.empty()) return path / "firesteel";
  fs::path temporary = absolute_or_empty(env("TMPDIR"));
  if (temporary.empty()) temporary = "/tmp";
  return temporary / ("firesteel-" + std::to_string(::geteuid()));
}

/// One directory per machine: a home directory may be shared by many, and each has a daemon of its own.
fs::path state(const GetEnv& env) {
  fs::path base = absolute_or_empty(env("XDG_STATE_HOME"));
  if (base.empty()) base = home(env) / ".local" / "state";
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return base / "firesteel" / host;
}

}  // namespace

Directories find_directories(const GetEnv& env) {
  if (const std::string isolated = env("FIRESTEEL_RUNTIME_DIR"); !isolated.empty()) {
    const fs::path root = fs::absolute(isolated).lexically_normal();
    return {root, root / "state"};
  }
  return {runtime(env), state(env)};
}

std::string get_env(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace firesteel::io
