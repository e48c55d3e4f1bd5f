// SPDX-License-Identifier: Apache-2.0
// config check.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "firesteel/catalog/holder.hpp"
#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/io/directories.hpp"
#include "text.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

using catalogue::Reading;
using catalogue::Severity;

/// As compilers write it, so that editors find the line.
std::string problem_lines(const catalogue::Problem& problem, bool colours) {
  const bool is_error = problem.severity == Severity::error;
  std::string out = paint(Colour::bold, printable(problem.file), colours);
  if (problem.line > 0) out += fmt::format(":{}", problem.line);
  out += ": " + paint(is_error ? Colour::red : Colour::amber, to_string(problem.severity), colours) + ": ";
  if (!problem.path.empty()) out += printable(problem.path) + ": ";
  return out + fmt::format("{}\n    {}\n", printable(problem.message), printable(problem.advice));
}

std::string found_line(const std::string& file, const Reading& reading) {
  const auto count = [](const auto& list, std::string_view one) {
    return count_words(static_cast<std::int64_t>(list.size()), one);
  };
  const catalogue::Catalogue& found = reading.catalogue;
  return fmt::format("{}: {}, {}, {}, {}\n", printable(file), count(found.clusters, "cluster"),
                     count(found.bundles, "bundle"), count(found.options, "documented option"),
                     count(found.error_suggestions, "error suggestion"));
}

template <class T>
json::array names_of(const std::vector<T>& entries) {
  json::array out;
  for (const T& each : entries) out.emplace_back(each.name);
  return out;
}

/// What the daemon reads, in words.
std::string names_of(const std::vector<catalogue::Source>& sources) {
  if (sources.empty()) return "No catalogue (there is the cluster 'local')";
  std::string out;
  for (const catalogue::Source& each : sources) out += (out.empty() ? "" : " + ") + each.file.string();
  return out;
}

json::object file_json(const std::string& file, const Reading& reading) {
  return {{"file", to_valid_utf8(file)},
          {"clusters", names_of(reading.catalogue.clusters)},
          {"bundles", names_of(reading.catalogue.bundles)},
          {"documented_options", reading.catalogue.options.size()},
          {"error_suggestions", reading.catalogue.error_suggestions.size()},
          {"preselected", reading.catalogue.preselected}};
}

json::object problem_json(const catalogue::Problem& problem) {
  return {{"severity", to_string(problem.severity)},
          {"file", to_valid_utf8(problem.file)},
          {"path", problem.path},
          {"line", problem.line},
          {"message", problem.message},
          {"advice", problem.advice}};
}

}  // namespace

int check_config(const Context& context, const ConfigCheckCommand& command) {
  const catalogue::ReadOptions options{
      .env = context.env, .check_option = refusal_in_catalogue, .check_cluster = remarks_in_catalogue};
  const bool colours = context.console.out_has_colours();
  json::array files;
  json::array problems;
  std::int64_t errors = 0;
  std::int64_t warnings = 0;
  const auto show = [&](const std::string& name, const Reading& reading) {
    if (context.json) files.push_back(file_json(name, reading));
    for (const catalogue::Problem& problem : reading.problems) {
      ++(problem.severity == Severity::error ? errors : warnings);
      if (context.json)
        problems.push_back(problem_json(problem));
      else
        context.console.out(problem_lines(problem, colours));
    }
    if (!context.json) context.console.out(found_line(name, reading));
  };
  for (const std::string& file : command.files) show(file, catalogue::read_catalogue(file, options));
  if (command.files.empty()) {
    const auto sources =
        catalogue::sources_at(catalogue::find_locations(context.env, io::find_directories(context.env).state));
    show(names_of(sources), catalogue::read_catalogues(sources, options));
  }
  if (context.json)
    context.done({{"ok", errors == 0}, {"files", std::move(files)}, {"problems", std::move(problems)}});
  else
    context.console.out(errors + warnings == 0
                            ? "Nothing is wrong.\n"
                            : fmt::format("{}, {}.\n", count_words(errors, "error"), count_words(warnings, "warning")));
  return errors == 0 ? exit_done : exit_failed;
}

}  // namespace firesteel::cli
