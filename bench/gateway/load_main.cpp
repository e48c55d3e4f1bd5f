// SPDX-License-Identifier: Apache-2.0
// bench_load bulk TARGET BYTES MESSAGE_BYTES | unary TARGET CALLS AT_ONCE | many TARGET CHANNELS
//            | stalled TARGET BYTES MESSAGE_BYTES
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "load.hpp"

namespace {

void allow_many_files() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t at) { return std::stoull(words.at(at)); };
  const std::string mode = words.at(0) + "/" + std::to_string(words.size());
  if (mode == "bulk/4") {
    std::puts(bench::bulk(words[1], number(2), number(3)).c_str());
  } else if (mode == "unary/4") {
    std::puts(bench::unary(words[1], number(2), number(3)).c_str());
  } else if (mode == "many/3") {
    bench::many(words[1], number(2));
  } else if (mode == "stalled/4") {
    bench::stalled(words[1], number(2), number(3));
  } else {
    std::fputs("bench_load: see the first lines of load_main.cpp\n", stderr);
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  allow_many_files();
  try {
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 1;
  }
}
