// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel::api {

/// The user's presets: definitions by name, one file with mode 0600 that is replaced as a whole.
class Presets {
 public:
  static constexpr std::size_t most = 200;
  static constexpr std::size_t most_bytes = 4 * 1024 * 1024;

  /// Reads the file if it is there; one that can't be read is set aside as `<file>.bad` and logged.
  explicit Presets(std::filesystem::path file);

  const std::map<std::string, Definition>& all() const { return presets_; }

  /// Errc::payload_too_large when there are too many, or they have too many bytes together.
  Result<void> save(const std::string& name, Definition definition);
  Result<void> remove(const std::string& name);

 private:
  Result<void> store(std::map<std::string, Definition> presets);

  const std::filesystem::path file_;
  std::map<std::string, Definition> presets_;
};

}  // namespace firesteel::api
