// SPDX-License-Identifier: Apache-2.0
// bench_logs index FILE | open FILE | search FILE text|regex case|nocase PATTERN  → one JSON object
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/logs/log_file.hpp"
#include "firesteel/logs/log_index.hpp"
#include "firesteel/logs/log_search.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// The most memory that was resident; the kernel's ru_maxrss has the parent's in it, too.
long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (long value = 0; word == "VmHWM:" && status >> value) return value;
  return 0;
}

/// Of this thread: a step's length without what others on the machine do.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Steps {
  std::vector<double> each;
  double sum() const {
    double all = 0;
    for (const double one : each) all += one;
    return all;
  }
  double at(double part) {
    std::ranges::sort(each);
    return each.empty() ? 0 : each[static_cast<std::size_t>(part * static_cast<double>(each.size() - 1))];
  }
};

Steps build(firesteel::LogIndex& index) {
  Steps steps;
  for (bool done = false; !done;) {
    const double since = cpu_ms();
    done = index.advance().value();
    steps.each.push_back(cpu_ms() - since);
  }
  return steps;
}

void measure_index(const std::string& file) {
  const long before = peak_kib();
  firesteel::LogIndex index(file);
  const auto began = Clock::now();
  Steps steps = build(index);
  const double sum = milliseconds(began);
  const firesteel::Masker masker({"a-known-secret"});
  Steps windows;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto since = Clock::now();
    static_cast<void>(index.read(index.end_line() / 200 * i, {.lines = 200}, masker).value());
    windows.each.push_back(milliseconds(since));
  }
  fmt::print(
      R"({{"ms":{},"bytes":{},"lines":{},"step_ms_p50":{},"step_ms_p99":{},"step_ms_max":{},"window_ms_p50":{},"window_ms_max":{},"index_bytes":{},"rss_kib":{},"rss_before_kib":{}}})",
      sum, index.end_offset(), index.end_line(), steps.at(0.5), steps.at(0.99), steps.at(1), windows.at(0.5),
      windows.at(1), index.memory(), peak_kib(), before);
}

void measure_open(const std::string& file) {
  const auto since = Clock::now();
  const auto chunk = firesteel::read_last_lines(file, 1000).value();
  fmt::print(R"({{"ms":{},"lines":{}}})", milliseconds(since), chunk.lines.size());
}

void measure_search(const std::string& file, firesteel::SearchQuery query) {
  firesteel::LogIndex index(file);
  build(index);
  const firesteel::Masker masker({"a-known-secret"});
  query.max_hits = 1000;
  Steps steps;
  const auto began = Clock::now();
  auto search = firesteel::LogSearch::begin(index, masker, std::move(query)).value();
  for (;;) {
    const double since = cpu_ms();
    const firesteel::SearchStep step = search.step().value();
    steps.each.push_back(cpu_ms() - since);
    if (!step.finished) continue;
    const double sum = milliseconds(began);
    fmt::print(R"({{"ms":{},"cpu_ms":{},"found":{},"bytes":{},"step_ms_p99":{},"step_ms_max":{},"rss_kib":{}}})", sum,
               steps.sum(), step.lines_found, step.total, steps.at(0.99), steps.at(1), peak_kib());
    return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv, argv + argc);
  if (argc == 3 && arguments[1] == "index") {
    measure_index(argv[2]);
  } else if (argc == 3 && arguments[1] == "open") {
    measure_open(argv[2]);
  } else if (argc == 6 && arguments[1] == "search") {
    firesteel::SearchQuery query;
    query.pattern = argv[5];
    query.regex = arguments[3] == "regex";
    query.ignore_case = arguments[4] == "nocase";
    measure_search(argv[2], std::move(query));
  } else {
    std::fputs("bench_logs index FILE | open FILE | search FILE text|regex case|nocase PATTERN\n", stderr);
    return 2;
  }
  std::puts("");
  return 0;
}
