// SPDX-License-Identifier: Apache-2.0
#include "java_options.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "firesteel/core/utf8.hpp"

namespace firesteel {
namespace {

/// The end of the message for the first pattern that an argument matches.
struct Refusal {
  const char* pattern;
  const char* why;
};

constexpr std::array refusals{
    Refusal{"-Xmx.*|-XX:MaxHeapSize=.*", "sets the memory; set spark.driver.memory instead"},
    Refusal{"-XX:On(Error|OutOfMemoryError)=.*", "runs a command"},
    Refusal{"-XX:(Flags|VMOptionsFile)=.*|@.*", "reads further options from a file"},
    Refusal{"-(agentlib:|Xrun)jdwp.*", "opens a debugger's port, through which anybody on it can run code"},
    Refusal{"-Dcom\\.sun\\.management\\.jmxremote.*", "opens a management port, through which others can run code"},
    Refusal{"-Dspark\\..*", "sets a Spark option; set it as an option of its own"},
};

/// Options whose value may be the argument after them.
constexpr const char* takes_next = "--(add-opens|add-exports|add-modules|add-reads|limit-modules|enable-native-access)";
constexpr const char* is_option =
    "-(D|X|javaagent:|agentlib:|agentpath:).+|"
    "-(ea|da|enableassertions|disableassertions)(:.+)?|-(esa|dsa|server|verbose(:.+)?)|"
    "--(add-opens|add-exports|add-modules|add-reads|limit-modules|enable-native-access|illegal-access|"
    "illegal-native-access|sun-misc-unsafe-memory-access|illegal-final-field-mutation)=.+|--enable-preview";

/// For messages, which are one short line.
std::string shown(std::string_view argument) {
  std::string out(cut_utf8(argument, 80));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return out.size() < argument.size() ? out + "…" : out;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f'); }

}  // namespace

std::optional<std::vector<std::string>> split_java_options(std::string_view text) {
  std::vector<std::string> out;
  std::string current;
  bool started = false;
  char quote = 0;
  bool escaped = false;
  for (const char c : text) {
    if (escaped) {
      current += c;
      escaped = false;
    } else if (c == '\\' && quote != '\'') {
      escaped = true;
      started = true;
    } else if (quote ? c == quote : (c == '"' || c == '\'')) {
      quote = quote ? char{0} : c;
      started = true;
    } else if (!quote && is_space(c)) {
      if (started) out.push_back(std::exchange(current, {}));
      started = false;
    } else {
      current += c;
      started = true;
    }
  }
  if (quote || escaped) return std::nullopt;
  if (started) out.push_back(current);
  return out;
}

std::string to_argument_file(const std::vector<std::string>& arguments) {
  std::string out;
  for (const std::string& argument : arguments) {
    out += '"';
    for (const char c : argument) {
      const std::size_t special = std::string_view("\n\r\t\f\\\"").find(c);
      if (special == std::string_view::npos)
        out += c;
      else
        out += {'\\', "nrtf\\\""[special]};
    }
    out += "\"\n";
  }
  return out;
}

std::string problem_with_java_options(std::string_view text) {
  const auto arguments = split_java_options(text);
  if (!arguments) return "has a quote that is not closed, or ends with a backslash";
  bool is_value = false;
  for (const auto& argument : *arguments) {
    for (const auto& [pattern, why] : refusals)
      if (RE2::FullMatch(argument, RE2(fmt::format("(?s:{})", pattern))))
        return fmt::format("holds '{}', which {}", shown(argument), why);
    if (std::exchange(is_value, false) && !argument.starts_with("-")) continue;
    is_value = RE2::FullMatch(argument, takes_next);
    if (!is_value && !RE2::FullMatch(argument, RE2(fmt::format("(?s:{})", is_option))))
      return fmt::format("holds '{}', which is not an option that a running JVM takes", shown(argument));
  }
  return is_value ? fmt::format("ends with '{}', which needs a value", arguments->back()) : std::string();
}

}  // namespace firesteel
