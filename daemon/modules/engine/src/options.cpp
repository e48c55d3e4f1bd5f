// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/options.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/executors.hpp"
#include "java_options.hpp"

namespace firesteel {
namespace {

/// What Firesteel sets itself, or must not be set at all; a name that ends with '.' stands for all that begin with it.
struct Reserved {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view the_binding = "Firesteel chooses where the server listens, on this machine only.";
constexpr std::string_view the_secret = "Firesteel makes a new secret for each server.";
constexpr std::string_view the_ui = "Firesteel chooses where the Spark UI listens and guards it with a key of its own.";
constexpr std::string_view the_ui_links =
    "Firesteel passes the Spark UI on and tells it its address with each request.";
constexpr std::string_view the_mode = "The server runs Spark itself; it is not a client of another one.";

constexpr std::array reserved{
    Reserved{"spark.connect.grpc.binding.", the_binding},
    Reserved{"spark.connect.grpc.port.maxRetries", the_binding},
    Reserved{"spark.connect.authenticate.token", the_secret},
    Reserved{"spark.ui.port", the_ui},
    Reserved{"spark.ui.filters", the_ui},
    Reserved{"spark.org.apache.spark.ui.JWSFilter.", the_ui},
    Reserved{"spark.ui.proxyBase", the_ui_links},
    Reserved{"spark.ui.proxyRedirectUri", the_ui_links},
    Reserved{"spark.hadoop.yarn.web-proxy.address", the_ui_links},
    Reserved{"spark.ui.reverseProxy", the_ui_links},
    Reserved{"spark.ui.reverseProxyUrl", the_ui_links},
    Reserved{"spark.remote", the_mode},
    Reserved{"spark.api.mode", the_mode},
    Reserved{"spark.submit.deployMode", the_mode},
};

const Reserved* find_reserved(std::string_view name) {
  const auto at = std::find_if(reserved.begin(), reserved.end(), [&](const Reserved& each) {
    return each.name.ends_with('.') ? name.starts_with(each.name) : name == each.name;
  });
  return at == reserved.end() ? nullptr : at;
}

/// For messages, which are one line of text whatever the name holds.
std::string shown(std::string_view name) {
  std::string out = to_valid_utf8(cut_utf8(name, 100));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return out.size() < name.size() ? out + "…" : out;
}

Error refused(std::string_view name, std::string_view what, std::string_view advice) {
  return {.code = Errc::invalid_option,
          .message = fmt::format("The option '{}' {}.", shown(name), what),
          .advice = std::string(advice),
          .field = "options." + to_valid_utf8(name)};
}

Result<void> check_name(std::string_view name) {
  constexpr std::string_view advice = "Names look like spark.executor.cores.";
  if (!is_valid_utf8(name)) return refused(name, "has a name that is not valid UTF-8", advice);
  if (!name.starts_with("spark.") || name.size() == 6)
    return refused(name, "does not begin with 'spark.'; Spark would ignore it",
                   "Set an option of Hadoop as spark.hadoop.<its name>.");
  for (const char c : name)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '=' || c == ':')
      return refused(name, "has a space, a control character, '=' or ':' in its name", advice);
  return {};
}

Result<void> check_value(std::string_view name, std::string_view value) {
  if (!is_valid_utf8(value)) return refused(name, "has a value that is not valid UTF-8", "Write it in UTF-8.");
  if (value.find('\0') != value.npos) return refused(name, "has a NUL character in its value", "Remove it.");
  const auto is_trimmed = [](char c) { return static_cast<unsigned char>(c) <= ' ' && c != '\r' && c != '\n'; };
  if (!value.empty() && (is_trimmed(value.front()) || is_trimmed(value.back())))
    return refused(name, "has a value that begins or ends with a space or a control character; Spark would remove it",
                   "Remove it.");
  if (value.find("SPARK_CONNECT_AUTHENTICATE_TOKEN") != value.npos)
    return refused(name, "refers to the server's secret, which would show up in its user interface and log",
                   "Leave SPARK_CONNECT_AUTHENTICATE_TOKEN out.");
  return {};
}

/// Where the executors of a server with these options run. Where it is not known which cluster it is for: elsewhere.
Executors executors_with(const Options& options, const catalogue::Cluster& cluster) {
  if (cluster.engine.empty()) return Executors::elsewhere;
  const auto master = options.find("spark.master");
  return executors_of(master == options.end() ? master_of(cluster) : master->second);
}

Result<void> check_meaning(const std::string& name, const std::string& value, const catalogue::Cluster& cluster,
                           Executors executors) {
  if (name == "spark.master") {
    if (cluster.engine != "local" || value == master_of(cluster) ||
        RE2::FullMatch(value, R"(local|local\[(\*|[1-9]\d{0,3})(,\s*[1-9]\d{0,3})?\])"))
      return {};
    return refused(name,
                   fmt::format("is '{}', which the cluster '{}' does not run", shown(value), cluster.display_name),
                   "Use local[*] for all cores, or local[4] for four; leave it out for the cluster's own.");
  }
  if (name == "spark.submit.deployMode" && value == "client") return {};
  if (const Reserved* found = find_reserved(name)) return refused(name, "can't be set", found->why);
  if (is_drivers_address(name) && executors == Executors::here) return refused(name, "can't be set", the_binding);
  if (name == "spark.driver.memory") {
    constexpr std::uint64_t least = 450;  // Spark refuses to start with less
    const auto mib = parse_memory_mib(value);
    if (!mib)
      return refused(name, fmt::format("is '{}', which is not a size", shown(value)), "Write it like 4g or 800m.");
    if (*mib < least)
      return refused(name, fmt::format("is less than Spark needs, {} MiB", least), "Write it like 4g or 800m.");
  }
  if (name == "spark.driver.extraJavaOptions" || name == "spark.driver.defaultJavaOptions") {
    const std::string problem = problem_with_java_options(value);
    if (!problem.empty()) return refused(name, problem, "Remove that part of it.");
  }
  return {};
}

}  // namespace

bool is_reserved(std::string_view name) { return find_reserved(name) != nullptr; }

Result<void> validate_options(const Options& options, const catalogue::Cluster& cluster) {
  std::vector<Error> problems = problems_with_options(options, cluster);
  if (problems.empty()) return {};
  return std::move(problems.front());
}

std::vector<Error> problems_with_options(const Options& options, const catalogue::Cluster& cluster) {
  std::vector<Error> out;
  const Executors executors = executors_with(options, cluster);
  std::size_t bytes = 0;
  for (const auto& [name, value] : options) {
    bytes += name.size() + value.size();
    if (bytes > max_options_bytes) {
      out.push_back({.code = Errc::invalid_option,
                     .message = fmt::format("The options have more than {} KiB together.", max_options_bytes / 1024),
                     .advice = "Put large values into files that the server can read.",
                     .field = "options"});
      return out;
    }
    if (auto named = check_name(name); !named)
      out.push_back(std::move(named.error()));
    else if (auto valued = check_value(name, value); !valued)
      out.push_back(std::move(valued.error()));
    else if (auto meant = check_meaning(name, value, cluster, executors); !meant)
      out.push_back(std::move(meant.error()));
  }
  return out;
}

std::string master_of(const catalogue::Cluster& cluster) {
  for (const catalogue::SparkOption& option : cluster.opts)
    if (option.name == "spark.master" && !option.value.empty()) return option.value;
  return cluster.master.empty() ? "local[*]" : cluster.master;
}

std::optional<catalogue::OptionRefusal> refusal_in_catalogue(const std::string& name, const std::string* value) {
  if (!value && !is_reserved(name)) return std::nullopt;
  catalogue::Cluster any_cluster;
  any_cluster.name = "any";
  const Result<void> valid = validate_options({{name, value ? *value : std::string()}}, any_cluster);
  if (valid) return std::nullopt;
  return catalogue::OptionRefusal{valid.error().message,
                                  (is_reserved(name) ? "Leave it out. " : "") + valid.error().advice};
}

std::vector<catalogue::OptionRefusal> remarks_in_catalogue(const catalogue::Cluster& cluster) {
  Options options;
  for (const catalogue::SparkOption& each : cluster.opts) options[each.name] = each.value;
  options["spark.master"] = master_of(cluster);
  std::vector<catalogue::OptionRefusal> out;
  for (Error& each : remarks_on_executors(options)) out.push_back({std::move(each.message), std::move(each.advice)});
  if (executors_of(options) == Executors::here)
    for (const auto& [name, value] : options)
      if (is_drivers_address(name))
        out.push_back({fmt::format("The option '{}' is not used: this cluster's executors run on this machine.", name),
                       "Leave it out, or name the master of a cluster elsewhere."});
  return out;
}

std::optional<std::uint64_t> parse_memory_mib(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string unit(end, text.data() + text.size());
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::string_view powers = "bkmgtp";
  if (unit.size() == 2 && unit != "bb" && unit.back() == 'b') unit.pop_back();
  if (unit.empty()) unit = "m";
  if (unit.size() != 1 || powers.find(unit) == powers.npos) return std::nullopt;
  const auto shift = static_cast<int>(powers.find(unit)) * 10;
  if (number > (std::numeric_limits<std::uint64_t>::max() >> shift)) return std::nullopt;
  const std::uint64_t mib = (number << shift) >> 20;
  constexpr std::uint64_t one_eib = std::uint64_t{1} << 40;
  if (mib < 1 || mib > one_eib) return std::nullopt;
  return mib;
}

}  // namespace firesteel
