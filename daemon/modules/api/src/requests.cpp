// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <initializer_list>
#include <string_view>

#include "firesteel/core/utf8.hpp"

namespace firesteel::api {

namespace json = boost::json;

namespace {

// As in api/openapi.yaml.
constexpr std::size_t longest_cluster = 64;
constexpr std::size_t longest_path = 4096;
constexpr std::size_t longest_option_name = 512;
constexpr std::size_t longest_option_value = 65536;
constexpr std::size_t most_options = 1000;
constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_bundle = 256;
constexpr std::size_t most_bundles = 100;
constexpr std::size_t longest_preset = 64;

Error wrong(std::string field, std::string_view what) {
  return {.code = Errc::bad_request,
          .message = fmt::format("'{}' {}.", field, what),
          .advice = {},
          .field = std::move(field)};
}

Result<void> only_known(const json::object& from, std::initializer_list<std::string_view> known, std::string_view in) {
  for (const auto& [key, value] : from) {
    if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
    const std::string field = fmt::format("{}{}", in, std::string_view(key).substr(0, longest_option_name));
    return Error{.code = Errc::unknown_field,
                 .message = fmt::format("There is no field '{}'.", field),
                 .advice = fmt::format("Known here: {}.", fmt::join(known, ", ")),
                 .field = field};
  }
  return {};
}

/// Characters as JSON Schema counts them: code points.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Result<std::string> text_from(const json::value& value, const std::string& field, std::size_t longest) {
  if (!value.is_string()) return wrong(field, "must be a string");
  const json::string& text = value.get_string();
  if (length(text) > longest) return wrong(field, fmt::format("has more than {} characters", longest));
  return std::string(text);
}

Result<std::vector<std::string>> bundles_from(const json::value& value) {
  if (!value.is_array()) return wrong("bundles", "must be an array of names");
  if (value.get_array().size() > most_bundles) return wrong("bundles", fmt::format("holds more than {}", most_bundles));
  std::vector<std::string> out;
  for (const json::value& each : value.get_array()) {
    auto name = text_from(each, "bundles", longest_bundle);
    if (!name) return name.error();
    if (name->empty()) return wrong("bundles", "holds an empty name");
    out.push_back(std::move(*name));
  }
  return out;
}

}  // namespace

Result<Options> options_from(const json::value& value) {
  if (!value.is_object()) return wrong("options", "must be an object of strings");
  if (value.get_object().size() > most_options)
    return wrong("options", fmt::format("holds more than {} options", most_options));
  Options options;
  for (const auto& [key, option] : value.get_object()) {
    const std::string name(key);
    if (length(name) > longest_option_name)
      return wrong("options", fmt::format("holds a name of more than {} characters", longest_option_name));
    auto text = text_from(option, "options." + name, longest_option_value);
    if (!text) return text.error();
    options.emplace(name, std::move(*text));
  }
  return options;
}

namespace {

Result<std::string> optional_text(const json::object& from, std::string_view key, const std::string& field,
                                  std::size_t longest) {
  const json::value* value = from.if_contains(key);
  return value ? text_from(*value, field, longest) : Result<std::string>(std::string());
}

Result<Environment> environment_from(const json::value& value) {
  if (!value.is_object()) return wrong("environment", "must be an object");
  const json::object& from = value.get_object();
  if (auto known = only_known(from, {"python", "java_home", "spark_home"}, "environment."); !known)
    return known.error();
  Environment environment;
  const auto read = [&](std::string_view key, std::string& into) -> Result<void> {
    auto text = optional_text(from, key, fmt::format("environment.{}", key), longest_path);
    if (!text) return text.error();
    if (text->find('\0') != std::string::npos)
      return wrong(fmt::format("environment.{}", key), "holds a NUL character");
    into = std::move(*text);
    return {};
  };
  if (auto done = read("python", environment.python); !done) return done.error();
  if (auto done = read("java_home", environment.java_home); !done) return done.error();
  if (auto done = read("spark_home", environment.spark_home); !done) return done.error();
  return environment;
}

/// The four keys that both bodies have.
Result<Replacements> definition_from(const json::object& body) {
  Replacements out;
  if (const auto* cluster = body.if_contains("cluster")) {
    auto text = text_from(*cluster, "cluster", longest_cluster);
    if (!text) return text.error();
    out.cluster = std::move(*text);
  }
  if (const auto* bundles = body.if_contains("bundles")) {
    auto read = bundles_from(*bundles);
    if (!read) return read.error();
    out.bundles = std::move(*read);
  }
  if (const auto* options = body.if_contains("options")) {
    auto read = options_from(*options);
    if (!read) return read.error();
    out.options = std::move(*read);
  }
  if (const auto* environment = body.if_contains("environment")) {
    auto read = environment_from(*environment);
    if (!read) return read.error();
    out.environment = std::move(*read);
  }
  return out;
}

template <class Name>
Result<std::optional<Id<Name>>> optional_id(const json::object& from, const std::string& key) {
  const json::value* value = from.if_contains(key);
  if (!value) return std::optional<Id<Name>>();
  auto text = text_from(*value, key, longest_id);
  if (!text) return text.error();
  if (text->empty()) return wrong(key, "is empty");
  return std::optional(Id<Name>(std::move(*text)));
}

}  // namespace

Result<NewConnection> new_connection_from(const json::object& body) {
  if (auto known = only_known(body, {"name", "cluster", "bundles", "options", "environment"}, ""); !known)
    return known.error();
  const json::value* name = body.if_contains("name");
  if (!name) return wrong("name", "is missing");
  if (!name->is_string()) return wrong("name", "must be a string");
  auto definition = definition_from(body);
  if (!definition) return definition.error();
  return NewConnection{std::string(name->get_string()), definition_of(std::move(*definition))};
}

Result<Replacements> replacements_from(const json::object& body) {
  if (auto known = only_known(body, {"cluster", "bundles", "options", "environment"}, ""); !known) return known.error();
  return definition_from(body);
}

Definition definition_of(Replacements replacements) {
  return {.cluster = replacements.cluster.value_or(""),
          .options = std::move(replacements.options).value_or(Options()),
          .environment = std::move(replacements.environment).value_or(Environment()),
          .bundles = std::move(replacements.bundles).value_or(std::vector<std::string>())};
}

Result<std::string> preset_name_from(const std::string& text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  if (text.empty() || length(text) > longest_preset || !is_valid_utf8(text) ||
      std::any_of(text.begin(), text.end(), is_control))
    return Error{.code = Errc::invalid_name,
                 .message = "A preset's name has 1 to 64 characters, none of them a control character.",
                 .field = "preset"};
  return text;
}

Result<std::string> only_text_from(const json::object& body, std::string_view key, std::size_t longest) {
  if (auto known = only_known(body, {key}, ""); !known) return known.error();
  const json::value* text = body.if_contains(key);
  if (!text) return wrong(std::string(key), "is missing");
  return text_from(*text, std::string(key), longest);
}

Result<Options> only_options_from(const json::object& body) {
  if (auto known = only_known(body, {"options"}, ""); !known) return known.error();
  const json::value* options = body.if_contains("options");
  if (!options) return wrong("options", "is missing");
  return options_from(*options);
}

Result<InterruptRequest> interrupt_request_from(const json::object& body) {
  if (auto known = only_known(body, {"session_id", "operation_id"}, ""); !known) return known.error();
  auto session = optional_id<SessionTag>(body, "session_id");
  if (!session) return session.error();
  auto operation = optional_id<OperationTag>(body, "operation_id");
  if (!operation) return operation.error();
  return InterruptRequest{std::move(*session), std::move(*operation)};
}

Result<std::optional<std::string>> url_connection_from(const json::object& body) {
  if (auto known = only_known(body, {"connection"}, ""); !known) return known.error();
  const json::value* name = body.if_contains("connection");
  if (!name) return std::optional<std::string>();
  if (!name->is_string()) return wrong("connection", "must be a string");
  return std::optional(std::string(name->get_string()));
}

}  // namespace firesteel::api
