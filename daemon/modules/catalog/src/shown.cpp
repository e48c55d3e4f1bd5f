// SPDX-License-Identifier: Apache-2.0
#include "shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "firesteel/core/utf8.hpp"

namespace firesteel::catalogue {
namespace {

constexpr std::size_t max_shown = 100;
constexpr std::size_t max_listed = 20;
constexpr std::size_t max_compared = 500;

/// Small letters without what separates words: "clusterFilter" and "cluster-filter" are the same word.
std::string plain(std::string_view word) {
  std::string out;
  for (const char c : word)
    if (c != '_' && c != '-' && c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out = to_valid_utf8(cut_utf8(text, max_shown));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return text.size() > max_shown ? out + "…" : out;
}

std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > max_shown || known.size() > max_compared) return {};
  const std::string wanted = plain(word);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& each : known) {
    if (each.size() > max_shown) continue;
    if (wanted.size() >= 3 && (plain(each).starts_with(wanted) || wanted.starts_with(plain(each)))) return each;
    if (const std::size_t far = distance(wanted, plain(each)); far < best_distance) {
      best_distance = far;
      best = each;
    }
  }
  return best;
}

std::string choice_advice(std::string_view word, const std::vector<std::string>& known) {
  if (const std::string best = nearest(word, known); !best.empty()) return fmt::format("Did you mean '{}'?", best);
  std::string list;
  for (std::size_t i = 0; i < known.size() && i < max_listed; ++i) list += (i > 0 ? ", " : "") + shown(known[i]);
  if (known.size() > max_listed) list += ", …";
  return fmt::format("There are: {}.", list);
}

}  // namespace firesteel::catalogue
