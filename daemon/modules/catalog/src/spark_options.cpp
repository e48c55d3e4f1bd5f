// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fields.hpp"
#include "placeholders.hpp"
#include "sections.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {

bool check_entry_name(Context& context, const std::string& name, const Place& place) {
  constexpr std::size_t longest = 128;
  const bool is_printable =
      std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
  if (!name.empty() && name.size() <= longest && is_printable) return true;
  context.error(place, name.empty() ? "The name is empty." : fmt::format("'{}' can't be a name.", shown(name)),
                fmt::format("A name has 1 to {} bytes and no control characters.", longest));
  return false;
}

std::optional<SparkOption> read_spark_option(Context& context, const std::string& name, const Node& node,
                                             const Place& place) {
  const auto text = read_text(context, node, place);
  if (!text) return std::nullopt;
  Expanded expanded = expand(*text, context.options().env);
  if (!expanded.fault.empty()) {
    context.error(place, std::move(expanded.fault),
                  "{NAME} stands for a variable of the environment; write {{ and }} for braces that are meant so.");
    return std::nullopt;
  }
  if (const auto& check = context.options().check_option)
    if (auto refusal = check(name, expanded.missing.empty() ? &expanded.text : nullptr)) {
      context.error(place, std::move(refusal->message), std::move(refusal->advice));
      return std::nullopt;
    }
  for (const std::string& variable : expanded.missing)
    context.warn(place, fmt::format("The variable {} is not set here; nothing stands in its place.", shown(variable)),
                 "Set it where Jupyter runs, or take it out of the value.");
  return SparkOption{.name = name, .value = std::move(expanded.text), .missing = std::move(expanded.missing)};
}

void read_documented_options(Context& context, const Node& node, const Place& place, bool lenient,
                             std::vector<DocumentedOption>& out) {
  // The existing extension keeps the name in `value` and the category in `data`.
  static const std::vector<Field> fields{
      {"name", {"value"}}, {"category"}, {"data"}, {"type"}, {"default", {"default_value"}}, {"description"}};
  static const std::vector<Field> data_fields{{"category"}};
  each_item(context, node, place, [&](const Node& item, const Place& here) {
    if (item.kind == Node::Kind::broken) return;
    if (item.kind != Node::Kind::map)
      return context.error(here, fmt::format("An option must be a map, but there is {}.", kind_words(item)),
                           "Write {\"name\": …, \"category\": …}.");
    const Fields option(context, item, here, fields, lenient);
    auto name = option.required_text("name", "Say which option it is, e.g. \"name\": \"spark.executor.cores\".");
    std::string category = option.text("category");
    if (const auto data = option.find("data")) {
      if (data->first->kind != Node::Kind::map)
        context.error(data->second, fmt::format("Here must be a map, but there is {}.", kind_words(*data->first)),
                      "Write {\"category\": …}.");
      else
        category = Fields(context, *data->first, data->second, data_fields, true).text("category");
    }
    if (!name) return;
    out.push_back({.name = std::move(*name),
                   .category = std::move(category),
                   .type = option.text("type"),
                   .default_value = option.text("default"),
                   .description = option.text("description")});
  });
}

}  // namespace firesteel::catalogue
