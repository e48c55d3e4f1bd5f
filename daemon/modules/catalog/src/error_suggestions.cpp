// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <optional>
#include <utility>

#include "fields.hpp"
#include "firesteel/core/names.hpp"
#include "sections.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

constexpr std::size_t longest_pattern = 8 * 1024;

using Type = ErrorSuggestion::Type;
constexpr NameTable<Type, 3> types{{{Type::error, "error"}, {Type::warn, "warn"}, {Type::info, "info"}}};

/// Why RE2 takes the pattern not; empty when it does.
std::string pattern_fault(const std::string& pattern) {
  if (pattern.size() > longest_pattern) return fmt::format("The pattern has more than {} bytes.", longest_pattern);
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(1024 * 1024);
  const RE2 compiled(pattern, options);
  return compiled.ok() ? std::string() : fmt::format("The pattern can't be read: {}.", shown(compiled.error()));
}

bool check_pattern(Context& context, const Fields& fields, const std::string& pattern) {
  std::string fault = pattern_fault(pattern);
  if (fault.empty()) return true;
  context.error(fields.find("pattern")->second, std::move(fault),
                "Patterns are RE2's: as usual, but without look-around (?=…) (?!…) (?<=…) and back references \\1.");
  return false;
}

/// `error` when it isn't said; nothing when it is none of the three.
std::optional<Type> read_type(Context& context, const Fields& fields) {
  const auto found = fields.find("type");
  if (!found) return Type::error;
  const auto text = read_text(context, *found->first, found->second);
  if (!text) return std::nullopt;
  const std::optional<Type> type = value_of(types, *text);
  if (!type)
    context.error(found->second, fmt::format("There is no type '{}'.", shown(*text)),
                  choice_advice(*text, {"error", "warn", "info"}));
  return type;
}

}  // namespace

void read_error_suggestions(Context& context, const Node& node, const Place& place, bool lenient,
                            std::vector<ErrorSuggestion>& out) {
  static const std::vector<Field> known{{"pattern"}, {"type"}, {"message"}};
  each_item(context, node, place, [&](const Node& item, const Place& here) {
    if (item.kind == Node::Kind::broken) return;
    if (item.kind != Node::Kind::map)
      return context.error(here, fmt::format("A suggestion must be a map, but there is {}.", kind_words(item)),
                           "Write {\"pattern\": …, \"type\": …, \"message\": …}.");
    const Fields fields(context, item, here, known, lenient);
    auto pattern = fields.required_text("pattern", "Say what to look for in the log.");
    auto message = fields.required_text("message", "Say what to tell the user.");
    const std::optional<Type> type = read_type(context, fields);
    if (!pattern || !check_pattern(context, fields, *pattern) || !message || !type) return;
    out.push_back({.pattern = std::move(*pattern), .type = *type, .message = std::move(*message)});
  });
}

}  // namespace firesteel::catalogue
