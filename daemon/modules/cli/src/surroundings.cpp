// SPDX-License-Identifier: Apache-2.0
#include "surroundings.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace firesteel::cli {
namespace fs = std::filesystem;
namespace {

bool is_executable_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::string absolute_text(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  return error ? std::string() : whole.lexically_normal().string();
}

}  // namespace

std::string find_executable(std::string_view name, std::string_view path) {
  if (name.empty()) return {};
  if (name.find('/') != std::string_view::npos) return is_executable_file(name) ? absolute_text(name) : std::string();
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    path = colon == std::string_view::npos ? std::string_view() : path.substr(colon + 1);
    if (directory.empty()) continue;  // means the working directory: nothing is run from there unasked
    if (const fs::path candidate = fs::path(directory) / name; is_executable_file(candidate))
      return absolute_text(candidate);
  }
  return {};
}

std::string find_executable(std::string_view name) {
  const char* path = std::getenv("PATH");
  return find_executable(name, path ? path : "/usr/local/bin:/usr/bin:/bin");
}

std::string caller_python() {
  std::error_code error;
  if (const fs::path self = fs::read_symlink("/proc/self/exe", error); !error)
    for (const char* name : {"python3", "python"})
      if (const fs::path beside = self.parent_path() / name; is_executable_file(beside)) return beside.string();
  return find_executable("python3");
}

}  // namespace firesteel::cli
