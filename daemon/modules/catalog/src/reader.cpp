// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "context.hpp"
#include "document.hpp"
#include "fields.hpp"
#include "firesteel/io/files.hpp"
#include "json_path.hpp"
#include "sections.hpp"
#include "shown.hpp"

namespace firesteel::catalogue {
namespace fs = std::filesystem;
namespace {

/// Where a catalogue may be within Jupyter's configuration, the first that is there; the rest is the older ones.
constexpr std::array sections{"Firesteel", "SparkConnectorApp", "SparkConnectConfig"};

const std::vector<Field>& catalogue_fields() {
  static const std::vector<Field> fields{{"clusters"},
                                         {"bundles", {"config_bundles"}},
                                         {"bundles_from_file", {"config_bundles_from_file"}},
                                         {"spark_options"},
                                         {"spark_options_from_file"},
                                         {"error_suggestions"},
                                         {"disable_cluster_selection_on_preselected"},
                                         {"$schema"}};
  return fields;
}

/// The file's content as a tree; what is wrong with it is said at `asked`, or in the file itself.
std::optional<Node> read_document(Context& context, const fs::path& file, const Place& asked) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    context.error(asked, fmt::format("'{}' is not a file.", shown(file.string())), "Name a file with a catalogue.");
    return std::nullopt;
  }
  const Result<std::string> content = io::read_file(file, max_file_bytes);
  if (!content) {
    context.error(
        asked, shown(content.error().message),
        content.error().code == Errc::payload_too_large
            ? "Leave out what the catalogue doesn't need."
            : "Look at its path and at who may read it; a path in a catalogue begins at the catalogue's folder.");
    return std::nullopt;
  }
  Document document = parse_document(*content);
  for (Fault& fault : document.faults)
    context.error({file.string(), {}, fault.line}, std::move(fault.message), std::move(fault.advice));
  return std::move(document.root);
}

/// What a reference {file, json_path} leads to. It owns the other file's tree.
struct Referred {
  Node root{};
  std::vector<Step> steps{};
  std::string file{};
};

std::optional<Referred> read_reference(Context& context, const Node& node, const Place& place, bool lenient) {
  static const std::vector<Field> known{{"file"}, {"json_path"}};
  if (node.kind != Node::Kind::map) {
    context.error(place, fmt::format("Here must be a map, but there is {}.", kind_words(node)),
                  "Write {\"file\": …, \"json_path\": …}.");
    return std::nullopt;
  }
  const Fields fields(context, node, place, known, lenient);
  const auto name = fields.required_text("file", "Say which file is meant.");
  Referred out;
  if (const std::string path = fields.text("json_path"); !path.empty()) {
    auto steps = parse_json_path(path);
    if (!steps) {
      context.error(fields.find("json_path")->second, fmt::format("'{}' is no path to one place.", shown(path)),
                    "Write keys with dots between, e.g. $.bundles or site.bundles[0]; without wildcards and filters.");
      return std::nullopt;
    }
    out.steps = std::move(*steps);
  }
  if (!name) return std::nullopt;
  const fs::path file = (fs::path(place.file).parent_path() / *name).lexically_normal();
  out.file = file.string();
  auto root = read_document(context, file, fields.find("file")->second);
  if (!root) return std::nullopt;
  out.root = std::move(*root);
  if (!follow(out.root, out.steps)) {
    context.error(fields.find("json_path")->second,
                  fmt::format("There is nothing at '{}' in {}.", shown(to_path(out.steps)), shown(out.file)),
                  "Look at the keys in that file, from its beginning.");
    return std::nullopt;
  }
  return out;
}

class Reader {
 public:
  Reader(Context& context, Catalogue& out) : context_(context), out_(out) {}

  void read_file(const fs::path& file) {
    const Place whole{file.string(), {}, 0};
    const std::optional<Node> root = read_document(context_, file, whole);
    if (!root || root->kind == Node::Kind::broken) return;
    if (root->kind != Node::Kind::map)
      return context_.error({file.string(), {}, root->line},
                            fmt::format("The file must hold a map, but there is {}.", kind_words(*root)),
                            "Begin with a key, e.g. clusters: …");
    const Member* section = find_section(*root, file);
    if (!section) return read_catalogue(*root, {file.string(), {}, root->line}, false);
    const Place place = Place{file.string(), {}, 0}.at(section->key, section->line);
    if (section->value.kind == Node::Kind::map)
      read_catalogue(section->value, place, section->key != sections.front());
    else if (section->value.kind != Node::Kind::broken)
      context_.error(place, fmt::format("Here must be a map, but there is {}.", kind_words(section->value)),
                     "Write the catalogue's fields: {\"clusters\": {…}, …}.");
  }

 private:
  /// The member that holds the catalogue; null when the file is the catalogue itself.
  const Member* find_section(const Node& root, const fs::path& file) {
    const Member* found = nullptr;
    for (const std::string_view name : sections) {
      const auto at =
          std::find_if(root.members.begin(), root.members.end(), [&](const Member& m) { return m.key == name; });
      if (at == root.members.end()) continue;
      if (!found)
        found = &*at;
      else
        context_.warn(Place{file.string(), {}, 0}.at(at->key, at->line),
                      fmt::format("'{}' is not used, as '{}' is there, too.", at->key, found->key),
                      "Keep one of them.");
    }
    return found;
  }

  void read_catalogue(const Node& map, const Place& place, bool lenient) {
    const Fields fields(context_, map, place, catalogue_fields(), lenient);
    if (const auto found = fields.find("clusters")) {
      for (const Member& member : found->first->members) declare(member.key);
      read_clusters(context_, *found->first, found->second, lenient, out_.clusters);
    }
    if (declared_.names.empty())
      context_.warn(place, "No cluster is defined; users have Firesteel's own 'local' only.",
                    "Define one: \"clusters\": {\"name\": {\"display_name\": …}}.");
    const auto bundles = [&](const Node& node, const Place& here) {
      read_bundles(context_, node, here, lenient, declared_, out_.bundles);
    };
    const auto options = [&](const Node& node, const Place& here) {
      read_documented_options(context_, node, here, lenient, out_.options);
    };
    read_here_and_from_file(fields, "bundles", lenient, bundles);
    read_here_and_from_file(fields, "spark_options", lenient, options);
    if (const auto found = fields.find("error_suggestions"))
      read_error_suggestions(context_, *found->first, found->second, lenient, out_.error_suggestions);
    out_.disable_cluster_selection_on_preselected = fields.flag("disable_cluster_selection_on_preselected");
    preselect(place);
  }

  void declare(const std::string& cluster) {
    declared_.names.push_back(cluster);
    declared_.known.insert(cluster);
  }

  template <class Read>
  void read_here_and_from_file(const Fields& fields, const std::string& name, bool lenient, const Read& read) {
    if (const auto found = fields.find(name)) read(*found->first, found->second);
    const auto reference = fields.find(name + "_from_file");
    if (!reference) return;
    const auto referred = read_reference(context_, *reference->first, reference->second, lenient);
    if (!referred) return;
    const Node& node = *follow(referred->root, referred->steps);
    read(node, Place{referred->file, to_path(referred->steps), node.line});
  }

  void preselect(const Place& place) {
    constexpr const char* variable = "SPARK_CLUSTER_NAME";
    const std::string name = context_.options().env(variable);
    if (name.empty()) return;
    if (std::any_of(out_.clusters.begin(), out_.clusters.end(), [&](const Cluster& c) { return c.name == name; }))
      out_.preselected = name;
    else
      context_.warn(place, fmt::format("${} names '{}', and there is no such cluster.", variable, shown(name)),
                    choice_advice(name, declared_.names));
  }

  Context& context_;
  Catalogue& out_;
  ClusterNames declared_{};
};

}  // namespace

std::string_view to_string(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

bool Reading::has_errors() const {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
}

Reading read_catalogue(const fs::path& file, const ReadOptions& options) {
  Reading reading;
  Context context(options);
  Reader(context, reading.catalogue).read_file(file);
  reading.problems = context.take_problems();
  return reading;
}

}  // namespace firesteel::catalogue
