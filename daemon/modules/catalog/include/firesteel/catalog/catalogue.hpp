// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace firesteel::catalogue {

/// A Spark option that a cluster or a bundle sets.
struct SparkOption {
  std::string name{};
  std::string value{};                 ///< with the environment's values in place of {NAME}
  std::vector<std::string> missing{};  ///< variables that the value asks for and that were not there (then "")
  std::optional<std::string>
      concatenate{};  ///< if set: joins the value to one that is there already, with this between

  friend bool operator==(const SparkOption&, const SparkOption&) = default;
};

/// Where connections can run.
struct Cluster {
  std::string name{};
  std::string display_name{};  ///< never empty
  std::string description{};
  std::string engine{};  ///< one of ReadOptions::engines
  std::string master{};  ///< Spark's master URL; empty: not said
  std::vector<std::pair<std::string, std::string>> env{};
  std::vector<SparkOption> opts{};
  std::string pre_script{};  ///< the administrator's bash, as it stands in the file; empty: none
  std::chrono::seconds pre_script_patience{60};
  std::string webui_hostname{};
  std::optional<std::uint16_t> webui_port{};
  bool complete = true;  ///< false: something in it was wrong and is left out
};

/// Options that go together, to be chosen by their name.
struct Bundle {
  std::string name{};
  std::string display_name{};                       ///< never empty
  std::vector<std::string> cluster_filter{};        ///< names of clusters; empty: for all
  std::vector<std::string> spark_version_filter{};  ///< as written; empty: for all
  std::vector<SparkOption> options{};
  bool complete = true;  ///< false: something in it was wrong and is left out
};

/// An option that can be searched for. All but the name may be empty.
struct DocumentedOption {
  std::string name{};
  std::string category{};
  std::string type{};
  std::string default_value{};
  std::string description{};
};

/// What to tell a user when the log says something.
struct ErrorSuggestion {
  enum class Type { error, warn, info };
  std::string pattern{};  ///< RE2 takes it
  Type type = Type::error;
  std::string message{};
};

/// What a user can choose from, in the order of the files.
struct Catalogue {
  std::vector<Cluster> clusters{};
  std::vector<Bundle> bundles{};
  std::vector<DocumentedOption> options{};
  std::vector<ErrorSuggestion> error_suggestions{};
  std::string preselected{};  ///< the cluster that $SPARK_CLUSTER_NAME names; empty: none
  bool disable_cluster_selection_on_preselected = false;
};

}  // namespace firesteel::catalogue
