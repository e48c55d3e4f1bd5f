// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "firesteel/logs/log_index.hpp"

namespace firesteel {

/// A log in a directory of its own, on the file system that the tests run on: not below /tmp, which may be memory.
class LogOnDisk {
 public:
  LogOnDisk() {
    std::string name = (std::filesystem::current_path() / "logs-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  ~LogOnDisk() { std::filesystem::remove_all(directory_); }
  LogOnDisk(const LogOnDisk&) = delete;
  LogOnDisk& operator=(const LogOnDisk&) = delete;

  std::filesystem::path path() const { return directory_ / "spark.log"; }

  /// As a server does, to which the daemon gave the file.
  void append(std::string_view bytes) const {
    const int fd = ::open(path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
      ASSERT_GT(wrote, 0);
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    ::close(fd);
  }
  std::uint64_t allocated() const {
    struct stat status {};
    EXPECT_EQ(::stat(path().c_str(), &status), 0);
    return static_cast<std::uint64_t>(status.st_blocks) * 512;
  }

 private:
  std::filesystem::path directory_;
};

inline void index_all(LogIndex& index) {
  for (int steps = 0; steps < 100'000; ++steps)
    if (index.advance().value()) return;
  FAIL() << "the index doesn't come to an end";
}

/// Line `number` of a log in which each line tells its own number.
inline std::string numbered(std::uint64_t number) {
  return "26/11/22 08:30:36 " + std::string(number % 1000 == 999 ? "ERROR" : "INFO") + " Foo: line " +
         std::to_string(number) + "\n";
}
inline std::string numbered(std::uint64_t from, std::uint64_t to) {
  std::string out;
  for (; from < to; ++from) out += numbered(from);
  return out;
}

inline std::vector<std::string> texts_of(const LogWindow& window) {
  std::vector<std::string> out;
  for (const auto& line : window.lines) out.push_back(line.shown.text);
  return out;
}

}  // namespace firesteel
