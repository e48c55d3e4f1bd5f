// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "firesteel/engine/installation.hpp"

namespace firesteel {

namespace fs = std::filesystem;

FileView FileView::real() {
  FileView view;
  view.is_executable = [](const std::string& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
  };
  view.is_directory = [](const std::string& path) {
    std::error_code error;
    return fs::is_directory(path, error);
  };
  view.list = [](const std::string& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
      names.push_back(at->path().filename().string());
    return names;
  };
  view.read = [](const std::string& path) -> std::optional<std::string> {
    std::error_code error;
    // A pipe or a device in its place would block or never end.
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string content(max_config_bytes, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    return content;
  };
  view.resolve = [](const std::string& path) -> std::optional<std::string> {
    std::error_code error;
    const fs::path resolved = fs::canonical(path, error);
    if (error) return std::nullopt;
    return resolved.string();
  };
  return view;
}

}  // namespace firesteel
