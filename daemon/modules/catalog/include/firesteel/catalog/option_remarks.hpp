// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"

namespace firesteel::catalogue {

/// What users should know of an option that they set, in whole sentences.
struct OptionRemark {
  std::string message{};
  std::string advice{};
};

/// Remarks on names of options: those that Spark has deprecated or removed, that another version of it documents, or
/// that look like a slip of the pen. Nothing is said of a name that is like no other: plug-ins have options of their
/// own.
class OptionRemarks {
 public:
  /// The most names that are compared with all others, for one object; beyond that there are no guesses.
  static constexpr std::size_t most_compared = 50;

  /// `spark_version`, e.g. "4.1.2"; empty or unknown: only what holds for all versions is said. The catalogue must
  /// outlive this.
  OptionRemarks(const Catalogue& catalogue, std::string_view spark_version);

  std::optional<OptionRemark> on(std::string_view name);

 private:
  struct Range {
    std::string_view first, last;
  };
  bool holds(const Range& range) const;
  std::optional<OptionRemark> note_on(std::string_view name) const;
  std::optional<OptionRemark> likely_slip(std::string_view name);

  const Catalogue& catalogue_;
  std::vector<std::string> versions_;
  std::string version_{};                        ///< one of `versions_`, or empty
  std::map<std::string_view, Range> options_{};  ///< all that are documented, and in which versions
  std::size_t compared_ = 0;
};

}  // namespace firesteel::catalogue
