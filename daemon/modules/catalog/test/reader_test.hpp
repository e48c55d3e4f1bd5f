// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "firesteel/catalog/reader.hpp"

namespace firesteel::catalogue {

/// Reads files in a directory of its own.
class ReaderTest : public testing::Test {
 protected:
  ReaderTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "firesteel-catalog-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
    options.env = [this](const char* name) { return environment[name]; };
  }
  ~ReaderTest() override { std::filesystem::remove_all(directory); }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((directory / name).parent_path());
    std::ofstream(directory / name, std::ios::binary) << text;
    return directory / name;
  }

  Catalogue read(const std::string& text, const std::string& name = "catalog.yaml") {
    Reading reading = read_catalogue(write(name, text), options);
    problems = std::move(reading.problems);
    return std::move(reading.catalogue);
  }

  /// Each problem as "severity path:line".
  std::vector<std::string> places() const {
    std::vector<std::string> out;
    for (const Problem& each : problems)
      out.push_back(std::string(to_string(each.severity)) + " " + each.path + ":" + std::to_string(each.line));
    return out;
  }

  Problem problem_at(const std::string& path) const {
    for (const Problem& each : problems)
      if (each.path == path) return each;
    ADD_FAILURE() << "no problem at " << path << ", but at " << testing::PrintToString(places());
    return {};
  }

  std::filesystem::path directory;
  std::map<std::string, std::string> environment;
  ReadOptions options;
  std::vector<Problem> problems;
};

}  // namespace firesteel::catalogue
