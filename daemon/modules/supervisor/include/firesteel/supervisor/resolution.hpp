// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "firesteel/catalog/holder.hpp"
#include "firesteel/core/error.hpp"
#include "firesteel/engine/merge.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What a definition means by the catalogue as it is now. Pointers are valid until the catalogue's next refresh.
struct Resolution {
  const catalogue::Cluster* cluster = nullptr;      ///< null when there is none of that name
  std::vector<const catalogue::Bundle*> bundles{};  ///< those that can be used
  MergedOptions options{};
  std::vector<Error> problems{};  ///< all that a start would be refused for, with their fields
  std::vector<Error> warnings{};  ///< what it would not be refused for
};

/// `spark_defaults` may be null: they are not known.
Resolution resolve(const catalogue::Holder& catalogue, const Definition& definition, const Options* spark_defaults);

/// The values of those options and variables whose names say that they are secret: the definition's own and those of
/// what it names in the catalogue as it is now. Values that are too short to be looked for in a log are left out.
std::vector<std::string> secret_values(const catalogue::Holder& catalogue, const Definition& definition);

/// What users should know of a definition on this version of Spark ("4.3.0"; empty: not known), though a start with it
/// may do well: bundles that are for other versions, options that this one has no more or doesn't know. Each has its
/// field. Nothing is said of options in the installation's own spark-defaults.conf.
std::vector<Error> remarks_on(const Resolution& resolution, const catalogue::Catalogue& catalogue,
                              const std::string& spark_version);

}  // namespace firesteel
