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
  /// Says what should be known of a cluster that can be used; each is a warning.
  std::function<std::vector<OptionRefusal>(const Cluster& cluster)> check_cluster{};
  /// The engines that clusters can name; the first is meant where none is named. Must not be empty.
  std::vector<std::string> engines{"local"};
};

/// A file with a catalogue.
struct Source {
  std::filesystem::path file{};
  /// What the Jupyter server's extension wrote (python/firesteel/jupyter.py): Jupyter's configuration, with the files
  /// that it came from in `config_files` and the folder where relative paths begin in `directory`. Problems name
  /// those files, and no lines, as nobody wrote this file by hand.
  bool is_jupyters = false;
};

struct Reading {
  Catalogue catalogue{};            ///< what can be used of it
  std::vector<Problem> problems{};  ///< by file in the order of reading, then by line; at most max_problems and one
  /// The files that were read or asked for, those that they refer to among them.
  std::vector<std::filesystem::path> files{};
  /// A file is there whose content as a whole can't be understood: perhaps somebody is just writing it.
  bool is_half_written = false;
  bool has_errors() const;
};

/// Reads a catalogue (YAML or JSON) and what it refers to. The file holds the catalogue itself or, as in Jupyter's
/// configuration, has it below one of the keys `Firesteel`, `SparkConnectorApp` and `SparkConnectConfig`.
/// Never throws because of what a file holds: all that is wrong is in `problems`, and the rest can be used.
Reading read_catalogue(const std::filesystem::path& file, const ReadOptions& options);

/// Reads several as one. Of entries with the same name (clusters, bundles, documented options) the one in the earlier
/// source is used, as a whole; error suggestions are joined; clusters are in the sources' order, but the one that
/// $SPARK_CLUSTER_NAME names is the first; users are kept to that one if any source says so.
Reading read_catalogues(const std::vector<Source>& sources, const ReadOptions& options);

}  // namespace firesteel::catalogue
