// SPDX-License-Identifier: Apache-2.0
// bench_logs index FILE | open FILE | search FILE text|regex case|nocase PATTERN  → one JSON object
#include <fmt/format.h>
#include <sys/resource.h>

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

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
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
    const auto since = Clock::now();
    done = index.advance().value();
    steps.each.push_back(milliseconds(since));
  }
  return steps;
}

void measure_index(const std::string& file) {
  const long before = peak_kib();
  firesteel::LogIndex index(file);
  Steps steps = build(index);
  const double sum = steps.sum();
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
  auto search = firesteel::LogSearch::begin(index, masker, std::move(query)).value();
  for (;;) {
    const auto since = Clock::now();
    const firesteel::SearchStep step = search.step().value();
    steps.each.push_back(milliseconds(since));
    if (!step.finished) continue;
    const double sum = steps.sum();
    fmt::print(R"({{"ms":{},"found":{},"bytes":{},"step_ms_p99":{},"step_ms_max":{},"rss_kib":{}}})", sum,
               step.lines_found, step.total, steps.at(0.99), steps.at(1), peak_kib());
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
    measure_search(argv[2],
                   {.pattern = argv[5], .regex = arguments[3] == "regex", .ignore_case = arguments[4] == "nocase"});
  } else {
    std::fputs("bench_logs index FILE | open FILE | search FILE text|regex case|nocase PATTERN\n", stderr);
    return 2;
  }
  std::puts("");
  return 0;
}
