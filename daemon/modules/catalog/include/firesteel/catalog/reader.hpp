// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/catalog/problem.hpp"

namespace firesteel::catalogue {

inline constexpr std::size_t max_file_bytes = 1024 * 1024;  // yaml-cpp takes some hundred bytes for each
inline constexpr std::size_t max_problems = 1000;

/// Why an option can't be set, in words.
struct OptionRefusal {
  std::string message{};
  std::string advice{};
};

struct ReadOptions {
  /// The environment: a variable's value, empty when it isn't set. Must be there.
  std::function<std::string(const char* name)> env;
  /// Says of an option that a cluster or a bundle sets whether it can be; without it all can. `value` is null when it
  /// asks for a variable that isn't set, so that only the name can be judged.
  std::function<std::optional<OptionRefusal>(const std::string& name, const std::string* value)> check_option{};
  /// The engines that clusters can name; the first is meant where none is named. Must not be empty.
  std::vector<std::string> engines{"local"};
};

struct Reading {
  Catalogue catalogue{};            ///< what can be used of it
  std::vector<Problem> problems{};  ///< by file in the order of reading, then by line; at most max_problems and one
  bool has_errors() const;
};

/// Reads a catalogue (YAML or JSON) and what it refers to. The file holds the catalogue itself or, as in Jupyter's
/// configuration, has it below one of the keys `Firesteel`, `SparkConnectorApp` and `SparkConnectConfig`.
/// Never throws because of what a file holds: all that is wrong is in `problems`, and the rest can be used.
Reading read_catalogue(const std::filesystem::path& file, const ReadOptions& options);

}  // namespace firesteel::catalogue
