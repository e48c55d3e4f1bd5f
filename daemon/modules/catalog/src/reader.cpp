// SPDX-License-Identifier: Apache-2.0
#include "firesteel/catalog/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <unordered_set>
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

constexpr const char* jupyters_configuration = "Jupyter's configuration";

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
  context.note_file(file);
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
  if (!document.root || document.root->kind == Node::Kind::null || document.root->kind == Node::Kind::broken)
    context.note_half_written();
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

std::optional<Referred> read_reference(Context& context, const Node& node, const Place& place,
                                       const fs::path& directory, bool lenient) {
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
  const fs::path file = (directory / *name).lexically_normal();
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

/// A source that was opened: its tree, and where in it the catalogue is.
struct Opened {
  std::unique_ptr<const Node> root{};
  const Node* map = nullptr;
  Place place{};
  fs::path directory{};
  bool lenient = false;
};

/// Adds the entries whose names are not taken.
template <class T>
void add_others(std::vector<T>& to, std::vector<T> from) {
  std::unordered_set<std::string> taken;
  for (const T& each : to) taken.insert(each.name);
  for (T& each : from)
    if (!taken.contains(each.name)) to.push_back(std::move(each));
}

class Reader {
 public:
  explicit Reader(Context& context) : context_(context) {}

  Catalogue read(const std::vector<Source>& sources) {
    for (const Source& source : sources) open(source);
    // Before any bundle is read: it may be for a cluster of another file.
    for (const Opened& each : opened_) declare_clusters(each);
    Catalogue out;
    for (const Opened& each : opened_) merge(out, read_one(each));
    if (opened_.empty()) return out;
    if (declared_.names.empty())
      context_.warn(opened_.front().place, "No cluster is defined; users have Firesteel's own 'local' only.",
                    "Define one: \"clusters\": {\"name\": {\"display_name\": …}}.");
    preselect(out, opened_.front().place);
    return out;
  }

 private:
  void open(const Source& source) {
    const std::string file = source.file.string();
    if (source.is_jupyters) context_.call_file(source.file, jupyters_configuration);
    std::optional<Node> root = read_document(context_, source.file, {file, {}, 0});
    if (!root || root->kind == Node::Kind::broken) return;
    if (root->kind != Node::Kind::map)
      return context_.error({file, {}, root->line},
                            fmt::format("The file must hold a map, but there is {}.", kind_words(*root)),
                            "Begin with a key, e.g. clusters: …");
    Opened out{.root = std::make_unique<const Node>(std::move(*root)), .directory = source.file.parent_path()};
    if (source.is_jupyters) note_origin(out, source.file);
    if (const Member* section = find_section(*out.root, file)) {
      out.map = &section->value;
      out.place = Place{file, {}, 0}.at(section->key, section->line);
      out.lenient = section->key != sections.front();
    } else {
      out.map = out.root.get();
      out.place = {file, {}, out.root->line};
    }
    if (out.map->kind == Node::Kind::map)
      opened_.push_back(std::move(out));
    else if (out.map->kind != Node::Kind::broken)
      context_.error(out.place, fmt::format("Here must be a map, but there is {}.", kind_words(*out.map)),
                     "Write the catalogue's fields: {\"clusters\": {…}, …}.");
  }

  void note_origin(Opened& jupyters, const fs::path& file) {
    if (const Node* directory = jupyters.root->find("directory")) jupyters.directory = directory->text;
    const Node* files = jupyters.root->find("config_files");
    if (!files || files->items.empty()) return;
    std::vector<std::string> names;
    for (const Node& each : files->items) names.push_back(shown(each.text));
    context_.call_file(file, fmt::format("{} ({})", jupyters_configuration, fmt::join(names, ", ")));
  }

  /// The member that holds the catalogue; null when the file is the catalogue itself.
  const Member* find_section(const Node& root, const std::string& file) {
    const Member* found = nullptr;
    for (const std::string_view name : sections) {
      const auto at =
          std::find_if(root.members.begin(), root.members.end(), [&](const Member& m) { return m.key == name; });
      if (at == root.members.end()) continue;
      if (!found)
        found = &*at;
      else
        context_.warn(Place{file, {}, 0}.at(at->key, at->line),
                      fmt::format("'{}' is not used, as '{}' is there, too.", at->key, found->key),
                      "Keep one of them.");
    }
    return found;
  }

  void declare_clusters(const Opened& from) {
    const Node* clusters = from.map->find("clusters");
    if (!clusters) return;
    for (const Member& member : clusters->members)
      if (declared_.known.insert(member.key).second) declared_.names.push_back(member.key);
  }

  Catalogue read_one(const Opened& from) {
    Catalogue out;
    const bool lenient = from.lenient;
    const Fields fields(context_, *from.map, from.place, catalogue_fields(), lenient);
    if (const auto found = fields.find("clusters"))
      read_clusters(context_, *found->first, found->second, lenient, out.clusters);
    const auto bundles = [&](const Node& node, const Place& here) {
      read_bundles(context_, node, here, lenient, declared_, out.bundles);
    };
    const auto options = [&](const Node& node, const Place& here) {
      read_documented_options(context_, node, here, lenient, out.options);
    };
    read_here_and_from_file(fields, "bundles", from, bundles);
    read_here_and_from_file(fields, "spark_options", from, options);
    if (const auto found = fields.find("error_suggestions"))
      read_error_suggestions(context_, *found->first, found->second, lenient, out.error_suggestions);
    out.disable_cluster_selection_on_preselected = fields.flag("disable_cluster_selection_on_preselected");
    return out;
  }

  static void merge(Catalogue& to, Catalogue from) {
    add_others(to.clusters, std::move(from.clusters));
    add_others(to.bundles, std::move(from.bundles));
    add_others(to.options, std::move(from.options));
    std::move(from.error_suggestions.begin(), from.error_suggestions.end(), std::back_inserter(to.error_suggestions));
    to.disable_cluster_selection_on_preselected |= from.disable_cluster_selection_on_preselected;
  }

  template <class Read>
  void read_here_and_from_file(const Fields& fields, const std::string& name, const Opened& from, const Read& read) {
    if (const auto found = fields.find(name)) read(*found->first, found->second);
    const auto reference = fields.find(name + "_from_file");
    if (!reference) return;
    const auto referred = read_reference(context_, *reference->first, reference->second, from.directory, from.lenient);
    if (!referred) return;
    const Node& node = *follow(referred->root, referred->steps);
    read(node, Place{referred->file, to_path(referred->steps), node.line});
  }

  void preselect(Catalogue& out, const Place& place) {
    constexpr const char* variable = "SPARK_CLUSTER_NAME";
    const std::string name = context_.options().env(variable);
    if (name.empty()) return;
    const auto at =
        std::find_if(out.clusters.begin(), out.clusters.end(), [&](const Cluster& c) { return c.name == name; });
    if (at == out.clusters.end())
      return context_.warn(place, fmt::format("${} names '{}', and there is no such cluster.", variable, shown(name)),
                           choice_advice(name, declared_.names));
    out.preselected = name;
    std::rotate(out.clusters.begin(), at, at + 1);
  }

  Context& context_;
  std::vector<Opened> opened_{};
  ClusterNames declared_{};
};

}  // namespace

std::string_view to_string(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

bool Reading::has_errors() const {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
}

Reading read_catalogues(const std::vector<Source>& sources, const ReadOptions& options) {
  Reading reading;
  Context context(options);
  reading.catalogue = Reader(context).read(sources);
  reading.problems = context.take_problems();
  reading.files = context.take_files();
  reading.is_half_written = context.is_half_written();
  return reading;
}

Reading read_catalogue(const fs::path& file, const ReadOptions& options) {
  return read_catalogues({Source{.file = file}}, options);
}

}  // namespace firesteel::catalogue
