// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/option_remarks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "embedded.hpp"
#include "firesteel/catalog/documented.hpp"
#include "option_data.hpp"
#include "shown.hpp"

// daemon/modules/catalog/data/spark-option-notes.tsv
EMBEDDED_FILE(option_notes, FIRESTEEL_OPTION_NOTES);

namespace firesteel::catalogue {
namespace {

/// With more letters changed than these, or than one of ten, it is another name.
constexpr std::size_t most_slips = 2;
constexpr std::size_t letters_for_a_slip = 10;
constexpr std::size_t longest_compared = 100;
constexpr std::string_view may_do_nothing = "It may do nothing there. Leave it out, or choose another Spark.";

struct Note {
  std::string_view first{}, last{}, kind{}, since{}, words{};
};

/// The lines about `name`, the oldest version first.
std::vector<Note> notes_on(std::string_view name) {
  std::vector<Note> out;
  std::string_view rest = embedded_option_notes();
  while (!rest.empty()) {
    std::string_view line = take_until(rest, '\n');
    if (line.empty() || line.front() == '#' || take_until(line, '\t') != name) continue;
    Note note;
    note.first = take_until(line, '\t');
    note.last = take_until(line, '\t');
    note.kind = take_until(line, '\t');
    note.since = take_until(line, '\t');
    note.words = line;
    out.push_back(note);
  }
  return out;
}

}  // namespace

OptionRemarks::OptionRemarks(const Catalogue& catalogue, std::string_view spark_version)
    : catalogue_(catalogue), versions_(known_spark_versions()) {
  for (const std::string& each : versions_)
    if (number_of(each) == number_of(spark_version)) version_ = each;
  each_documented([&](const DocumentedLine& line) {
    const auto [at, is_new] = options_.try_emplace(line.name, Range{line.first, line.last});
    if (!is_new) at->second.last = line.last;
  });
}

bool OptionRemarks::holds(const Range& range) const {
  if (version_.empty()) return range.first == versions_.front() && range.last == versions_.back();
  const auto number = number_of(version_);
  return number_of(range.first) <= number && number <= number_of(range.last);
}

std::optional<OptionRemark> OptionRemarks::note_on(std::string_view name) const {
  for (const Note& note : notes_on(name))
    if (note.kind != "internal" && holds({note.first, note.last}))
      return OptionRemark{
          .message = fmt::format("Spark has {} the option '{}', since version {}.", note.kind, shown(name), note.since),
          .advice = std::string(note.words)};
  return std::nullopt;
}

std::optional<OptionRemark> OptionRemarks::on(std::string_view name) {
  const auto& own = catalogue_.options;
  if (std::any_of(own.begin(), own.end(), [&](const auto& each) { return each.name == name; })) return std::nullopt;
  if (auto note = note_on(name)) return note;
  const auto at = options_.find(name);
  if (at == options_.end()) return notes_on(name).empty() ? likely_slip(name) : std::nullopt;
  const Range& range = at->second;
  if (version_.empty() || holds(range)) return std::nullopt;
  const bool is_later = number_of(version_) < number_of(range.first);
  return OptionRemark{.message = fmt::format("Spark {} documents no option '{}': {} is the {} that does.", version_,
                                             name, is_later ? range.first : range.last, is_later ? "first" : "last"),
                      .advice = std::string(may_do_nothing)};
}

std::optional<OptionRemark> OptionRemarks::likely_slip(std::string_view name) {
  if (name.size() > longest_compared || compared_ >= most_compared) return std::nullopt;
  ++compared_;
  const std::string wanted = lower(name);
  std::size_t least = std::min(most_slips, name.size() / letters_for_a_slip) + 1;
  std::string_view best;
  const auto compare = [&](std::string_view other) {
    if (other.size() > wanted.size() + most_slips || wanted.size() > other.size() + most_slips) return;
    const std::size_t slips = distance(wanted, lower(other));
    if (slips >= least) return;
    least = slips;
    best = other;
  };
  for (const auto& [other, range] : options_)
    if (version_.empty() || holds(range)) compare(other);
  for (const DocumentedOption& each : catalogue_.options) compare(each.name);
  if (best.empty()) return std::nullopt;
  return OptionRemark{.message = fmt::format("Spark documents no option '{}'.", shown(name)),
                      .advice = fmt::format("Did you mean '{}'? Leave it as it is if a plug-in has it.", shown(best))};
}

}  // namespace firesteel::catalogue
