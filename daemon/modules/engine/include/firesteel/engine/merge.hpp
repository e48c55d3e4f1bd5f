// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// Who sets an option; a later one goes before an earlier one. Spelled in the API as here (`OptionSource.kind`).
enum class OptionOrigin { spark_defaults, cluster, bundle, user };

std::string_view to_string(OptionOrigin origin);

struct OptionSource {
  OptionOrigin origin = OptionOrigin::user;
  std::string name{};  ///< of the bundle or the cluster
  std::string value{};
  bool joined = false;  ///< its value was joined to those before it, not put in their place
};

struct MergedOption {
  std::string value{};
  std::vector<OptionSource> sources{};  ///< who sets it, the one that counts first
};

using MergedOptions = std::map<std::string, MergedOption>;

/// What options are merged from; what is null or empty sets nothing.
struct OptionLayers {
  const Options* spark_defaults = nullptr;  ///< of them what is reserved is left out, and the master
  const catalogue::Cluster* cluster = nullptr;
  std::vector<const catalogue::Bundle*> bundles{};  ///< a later one goes before an earlier one
  const Options* user = nullptr;
};

MergedOptions merge_options(const OptionLayers& layers);

Options values_of(const MergedOptions& options);

/// Whether a bundle is for this version of Spark: "4.1" is for 4.1 and 4.1.2. An unknown (empty) version is.
bool is_for_spark(const catalogue::Bundle& bundle, std::string_view spark_version);

/// What is wrong when it isn't, and what to do.
std::string wrong_spark(const catalogue::Bundle& bundle, std::string_view spark_version);
inline constexpr std::string_view wrong_spark_advice = "Leave the bundle out, or choose another Python or Spark.";

}  // namespace firesteel
