// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/algorithm/string/predicate.hpp>
#include <string>

#include "firesteel/model/connection.hpp"

namespace firesteel {

/// Empty when it isn't set.
inline std::string value_of(const Options& options, const std::string& name) {
  const auto at = options.find(name);
  return at == options.end() ? std::string() : at->second;
}

/// As Spark reads a truth value: in any case.
inline bool is_true(const Options& options, const std::string& name) {
  return boost::algorithm::iequals(value_of(options, name), "true");
}

}  // namespace firesteel
