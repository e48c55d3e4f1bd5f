// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document.hpp"
#include "firesteel/catalog/reader.hpp"

namespace firesteel::catalogue {

/// A place in a file, to say what is wrong there.
struct Place {
  std::string file{};
  std::string path{};
  int line = 0;

  Place at(std::string_view key, int its_line) const;
  Place at(std::size_t index, int its_line) const;
};

/// What one reading collects.
class Context {
 public:
  explicit Context(const ReadOptions& options) : options_(options) {}

  const ReadOptions& options() const { return options_; }
  void error(const Place& place, std::string message, std::string advice);
  void warn(const Place& place, std::string message, std::string advice);

  /// How many errors there were until now: what had more at its end than at its beginning is not complete.
  std::size_t errors() const { return errors_; }
  /// Whether more would be counted only.
  bool full() const { return problems_.size() >= max_problems; }

  /// A file that was read or asked for.
  void note_file(const std::filesystem::path& file) { read_.push_back(file); }
  /// Problems in it are said of `label`, without lines.
  void call_file(const std::filesystem::path& file, std::string label) {
    labels_.insert_or_assign(file.string(), std::move(label));
  }
  void note_half_written() { half_written_ = true; }

  /// All of them, in order.
  std::vector<Problem> take_problems();
  std::vector<std::filesystem::path> take_files() { return std::move(read_); }
  bool is_half_written() const { return half_written_; }

 private:
  void add(Severity severity, const Place& place, std::string message, std::string advice);

  const ReadOptions& options_;
  std::vector<Problem> problems_{};
  std::vector<std::string> files_{};  ///< in the order of reading
  std::vector<std::filesystem::path> read_{};
  std::map<std::string, std::string> labels_{};
  bool half_written_ = false;
  std::size_t errors_ = 0;
  std::size_t dropped_ = 0;
};

/// What a node is, for messages: "a list".
std::string_view kind_words(const Node& node);

}  // namespace firesteel::catalogue
