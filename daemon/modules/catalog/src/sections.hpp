// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "context.hpp"
#include "document.hpp"
#include "firesteel/catalog/catalogue.hpp"

namespace firesteel::catalogue {

/// The names that a filter can have, also those of clusters that can't be used.
struct ClusterNames {
  std::vector<std::string> names{};         ///< in the file's order
  std::unordered_set<std::string> known{};  ///< the same
};

// Each reads one section of a catalogue into `out`, entry by entry: a bad one is said and left out. With `lenient`,
// unknown keys are warnings: the section is written for another reader.

void read_clusters(Context& context, const Node& node, const Place& place, bool lenient, std::vector<Cluster>& out);

/// A bundle of a name that is there already takes its place.
void read_bundles(Context& context, const Node& node, const Place& place, bool lenient, const ClusterNames& clusters,
                  std::vector<Bundle>& out);

void read_documented_options(Context& context, const Node& node, const Place& place, bool lenient,
                             std::vector<DocumentedOption>& out);

void read_error_suggestions(Context& context, const Node& node, const Place& place, bool lenient,
                            std::vector<ErrorSuggestion>& out);

/// The value of a Spark option, `node` its text; nothing when it can't be set.
std::optional<SparkOption> read_spark_option(Context& context, const std::string& name, const Node& node,
                                             const Place& place);

/// Whether a cluster or a bundle can be called so; else it is said.
bool check_entry_name(Context& context, const std::string& name, const Place& place);

}  // namespace firesteel::catalogue
