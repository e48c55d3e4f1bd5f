// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/documented.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "embedded.hpp"
#include "option_data.hpp"

// daemon/modules/catalog/data/spark-options.tsv; scripts/spark_options.py makes it.
EMBEDDED_FILE(spark_options, FIRESTEEL_SPARK_OPTIONS);

namespace firesteel::catalogue {
namespace {

constexpr std::string_view versions_line = "# versions: ";

std::pair<int, int> nearest_version(std::string_view wanted) {
  const std::vector<std::string> known = known_spark_versions();
  if (known.empty()) return {0, 0};
  if (wanted.empty()) return number_of(known.back());
  std::pair<int, int> out = number_of(known.front());
  for (const std::string& each : known)
    if (number_of(each) <= number_of(wanted)) out = number_of(each);
  return out;
}

/// What administrators call types, in our words.
std::string type_word(const std::string& type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 20> words{{
      {"boolean", "boolean"}, {"bool", "boolean"},      {"integer", "integer"}, {"int", "integer"},
      {"long", "integer"},    {"number", "number"},     {"double", "number"},   {"float", "number"},
      {"size", "size"},       {"bytes", "size"},        {"memory", "size"},     {"duration", "duration"},
      {"time", "duration"},   {"interval", "duration"}, {"text", "text"},       {"string", "text"},
      {"str", "text"},        {"list", "list"},         {"seq", "list"},        {"array", "list"},
  }};
  const std::string asked = lower(type);
  const auto at = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == asked; });
  return at == words.end() ? std::string() : std::string(at->second);
}

/// The hits in four groups: the name is what was asked for, begins with it, holds all words, or the description does.
class Found {
 public:
  explicit Found(std::string_view query) : query_(lower(query)) {
    for (std::string_view rest = query_; !rest.empty();)
      if (const std::string_view word = take_until(rest, ' '); !word.empty()) words_.emplace_back(word);
  }

  template <class Make>
  void look_at(std::string_view name, std::string_view description, const Make& make) {
    const std::string in_name = lower(name);
    std::size_t group = 3;
    if (holds_all(in_name))
      group = in_name == query_ ? 0 : in_name.starts_with(query_) || in_name.starts_with("spark." + query_) ? 1 : 2;
    else if (!holds_all(in_name + " " + lower(description)))
      return;
    groups_[group].push_back(make());
  }

  OptionHits take(std::size_t limit) {
    OptionHits out;
    for (auto& group : groups_) {
      out.total += group.size();
      std::sort(group.begin(), group.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
      for (OptionHit& hit : group)
        if (out.hits.size() < limit) out.hits.push_back(std::move(hit));
    }
    return out;
  }

 private:
  bool holds_all(const std::string& text) const {
    return std::all_of(words_.begin(), words_.end(),
                       [&](const std::string& word) { return text.find(word) != std::string::npos; });
  }

  const std::string query_;
  std::vector<std::string> words_;
  std::array<std::vector<OptionHit>, 4> groups_;
};

}  // namespace

std::vector<std::string> known_spark_versions() {
  std::vector<std::string> out;
  for (std::string_view rest = embedded_spark_options(); rest.starts_with('#');) {
    std::string_view line = take_until(rest, '\n');
    if (!line.starts_with(versions_line)) continue;
    line.remove_prefix(versions_line.size());
    while (!line.empty()) out.emplace_back(take_until(line, ' '));
  }
  return out;
}

void each_documented(const std::function<void(const DocumentedLine&)>& told) {
  for (std::string_view rest = embedded_spark_options(); !rest.empty();) {
    std::string_view text = take_until(rest, '\n');
    if (text.empty() || text.front() == '#') continue;
    DocumentedLine line;
    line.name = take_until(text, '\t');
    line.first = take_until(text, '\t');
    line.last = take_until(text, '\t');
    line.category = take_until(text, '\t');
    line.type = take_until(text, '\t');
    line.default_value = take_until(text, '\t');
    line.since = take_until(text, '\t');
    line.description = text;
    told(line);
  }
}

OptionHits search_options(const Catalogue& catalogue, std::string_view query, std::string_view spark_version,
                          std::size_t limit) {
  Found found(query);
  std::unordered_set<std::string_view> in_catalogue;
  for (const DocumentedOption& option : catalogue.options) {
    if (!in_catalogue.insert(option.name).second) continue;
    found.look_at(option.name, option.description, [&] {
      return OptionHit{.name = option.name,
                       .category = option.category,
                       .type = type_word(option.type),
                       .default_value = option.default_value,
                       .description = option.description,
                       .is_sparks = false};
    });
  }
  const std::pair<int, int> version = nearest_version(spark_version);
  each_documented([&](const DocumentedLine& line) {
    if (version < number_of(line.first) || number_of(line.last) < version || in_catalogue.contains(line.name)) return;
    found.look_at(line.name, line.description, [&] {
      return OptionHit{.name = std::string(line.name),
                       .category = std::string(line.category),
                       .type = std::string(line.type),
                       .default_value = std::string(line.default_value),
                       .description = std::string(line.description),
                       .since = std::string(line.since)};
    });
  });
  return found.take(limit);
}

}  // namespace firesteel::catalogue
