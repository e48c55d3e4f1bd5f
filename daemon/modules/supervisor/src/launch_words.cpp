// SPDX-License-Identifier: Apache-2.0
#include "launch_words.hpp"

#include <fmt/format.h>

#include "firesteel/core/utf8.hpp"
#include "firesteel/core/version.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel {
namespace {

constexpr std::size_t longest_value = 500;

/// On one line, whatever is in it.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : cut_utf8(text, longest_value)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\x{:02x}", byte);
    else
      out.push_back(c);
  }
  return text.size() > longest_value ? out + "…" : out;
}

std::string known(std::string_view text) { return text.empty() ? "of an unknown version" : std::string(text); }

}  // namespace

std::string launch_words(const LaunchFacts& facts) {
  const Installation& found = facts.installation;
  std::string out =
      fmt::format("Firesteel {} starts '{}' on {}\n", version(), facts.connection, one_line(facts.cluster));
  out += fmt::format("Python {}: {}\n", known(facts.python_version), one_line(found.python));
  out += fmt::format("Spark {}: {}\n", known(found.spark_version), one_line(found.spark_home));
  out += fmt::format("Java {}: {}\n", known(found.java_major > 0 ? std::to_string(found.java_major) : ""),
                     one_line(found.java));
  out += fmt::format("Spark Connect on 127.0.0.1:{}, {}\n", facts.grpc_port,
                     facts.ui_port > 0 ? fmt::format("Spark UI on 127.0.0.1:{}", facts.ui_port) : "no Spark UI");
  if (!facts.driver_host.empty())
    out += fmt::format("Executors on other machines find the driver at {}\n", one_line(facts.driver_host));
  for (const std::string& each : facts.warnings) out += fmt::format("warning: {}\n", one_line(each));
  const Masker masker;
  for (const auto& [name, value] : facts.options)
    out += names_secret(name) ? fmt::format("option {} = *****\n", one_line(name))
                              : masker.apply(fmt::format("option {} = {}", one_line(name), one_line(value))) + "\n";
  return out;
}

}  // namespace firesteel
