// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shown.hpp"

namespace firesteel::catalogue {
namespace {

/// "cluster_filter" as "clusterFilter".
std::string camel(std::string_view name) {
  std::string out;
  bool up = false;
  for (const char c : name) {
    if (c != '_') out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    up = c == '_';
  }
  return out;
}

bool is_called(const Field& field, const std::string& key) {
  const auto matches = [&](const std::string& name) { return key == name || key == camel(name); };
  return matches(field.name) || std::any_of(field.others.begin(), field.others.end(), matches);
}

std::vector<std::string> names_of(const std::vector<Field>& fields) {
  std::vector<std::string> out;
  for (const Field& field : fields) {
    out.push_back(field.name);
    out.insert(out.end(), field.others.begin(), field.others.end());
  }
  return out;
}

void say_expected(Context& context, const Place& place, std::string_view expected, const Node& node,
                  std::string advice) {
  if (node.kind != Node::Kind::broken)
    context.error(place, fmt::format("Here must be {}, but there is {}.", expected, kind_words(node)),
                  std::move(advice));
}

}  // namespace

Fields::Fields(Context& context, const Node& map, Place place, const std::vector<Field>& known, bool lenient)
    : context_(context), place_(std::move(place)) {
  for (const Member& member : map.members) {
    const Place here = place_.at(member.key, member.line);
    const auto field =
        std::find_if(known.begin(), known.end(), [&](const Field& each) { return is_called(each, member.key); });
    if (field == known.end()) {
      if (context.full() && lenient) continue;
      std::string message = fmt::format("Firesteel knows no '{}' here; it is not used.", shown(member.key));
      std::string advice = choice_advice(member.key, names_of(known));
      if (lenient)
        context.warn(here, std::move(message), std::move(advice));
      else
        context.error(here, std::move(message), std::move(advice));
      continue;
    }
    const auto same =
        std::find_if(found_.begin(), found_.end(), [&](const Found& each) { return each.name == field->name; });
    if (same == found_.end()) {
      found_.push_back({field->name, &member});
      continue;
    }
    context.error(here,
                  fmt::format("'{}' is another name of '{}' in line {}; the first is used.", shown(member.key),
                              shown(same->member->key), same->member->line),
                  "Keep one of them.");
  }
}

std::optional<std::pair<const Node*, Place>> Fields::find(std::string_view name) const {
  const auto at = std::find_if(found_.begin(), found_.end(), [&](const Found& each) { return each.name == name; });
  if (at == found_.end()) return std::nullopt;
  const Node& value = at->member->value;
  if (value.kind == Node::Kind::null || value.kind == Node::Kind::broken) return std::nullopt;
  return std::pair(&value, place_.at(at->member->key, at->member->line));
}

std::string Fields::text(std::string_view name) const {
  const auto found = find(name);
  if (!found) return {};
  return read_text(context_, *found->first, found->second).value_or("");
}

std::optional<std::string> Fields::required_text(std::string_view name, std::string_view advice) const {
  const auto found = find(name);
  if (!found) {
    const auto at = std::find_if(found_.begin(), found_.end(), [&](const Found& each) { return each.name == name; });
    if (at == found_.end() || at->member->value.kind != Node::Kind::broken)
      context_.error(place_, fmt::format("'{}' is missing.", name), std::string(advice));
    return std::nullopt;
  }
  auto text = read_text(context_, *found->first, found->second);
  if (text && text->empty()) {
    context_.error(found->second, fmt::format("'{}' is empty.", name), std::string(advice));
    return std::nullopt;
  }
  return text;
}

bool Fields::flag(std::string_view name) const {
  const auto found = find(name);
  if (!found) return false;
  const auto& [node, place] = *found;
  if (node->kind == Node::Kind::scalar && !node->quoted && (node->text == "true" || node->text == "false"))
    return node->text == "true";
  say_expected(context_, place, "true or false", *node, "Write true or false, without quotes.");
  return false;
}

std::vector<std::pair<std::string, Place>> Fields::texts(std::string_view name) const {
  std::vector<std::pair<std::string, Place>> out;
  if (const auto found = find(name))
    each_item(context_, *found->first, found->second, [&](const Node& item, const Place& place) {
      if (auto text = read_text(context_, item, place)) out.emplace_back(std::move(*text), place);
    });
  return out;
}

std::optional<std::string> read_text(Context& context, const Node& node, const Place& place) {
  if (node.kind == Node::Kind::scalar) return node.text;
  say_expected(context, place, "a text", node,
               node.kind == Node::Kind::null ? "For an empty text write \"\"." : "Write a single value, in quotes.");
  return std::nullopt;
}

void each_member(Context& context, const Node& node, const Place& place,
                 const std::function<void(const Member&, const Place&)>& each) {
  if (node.kind != Node::Kind::map)
    return say_expected(context, place, "a map", node, "Write names with a value each: {\"name\": value}.");
  for (const Member& member : node.members) each(member, place.at(member.key, member.line));
}

void each_item(Context& context, const Node& node, const Place& place,
               const std::function<void(const Node&, const Place&)>& each) {
  if (node.kind != Node::Kind::list)
    return say_expected(context, place, "a list", node, "Put it into brackets: [value, value].");
  for (std::size_t i = 0; i < node.items.size(); ++i) each(node.items[i], place.at(i, node.items[i].line));
}

}  // namespace firesteel::catalogue
