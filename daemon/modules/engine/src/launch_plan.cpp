// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/launch_plan.hpp"

#include <algorithm>
#include <array>

namespace firesteel {

bool is_scrubbed(std::string_view name) {
  // For executors on other machines; with those here a plan sets it itself.
  if (name == "PYSPARK_PYTHON") return false;
  // Prefixes: tokens and addresses of Jupyter and its hub; ours; what makes pyspark a client, or start something else.
  static constexpr std::array prefixes{"JUPYTER", "JPY_", "FIRESTEEL_", "PYSPARK_"};
  // _JAVA_OPTIONS would win over the memory that the user sets here; JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS only add to
  // it, and often name a site's proxies and certificates: they stay.
  static constexpr std::array names{"SPARK_REMOTE",
                                    "SPARK_LOCAL_REMOTE",
                                    "SPARK_CONNECT_MODE_ENABLED",
                                    "SPARK_API_MODE",
                                    "SPARK_TESTING",
                                    "SPARK_CONNECT_AUTHENTICATE_TOKEN",
                                    "SPARK_ENV_LOADED",
                                    "_JAVA_OPTIONS",
                                    "MASTER",
                                    "SPARK_PREPEND_CLASSES",
                                    "DEPLOY_MODE",
                                    "PWD",
                                    "OLDPWD"};
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* prefix) { return name.starts_with(prefix); }) ||
         std::find(names.begin(), names.end(), name) != names.end();
}

Variables scrubbed(const Variables& base) {
  Variables out = base;
  std::erase_if(out, [](const auto& each) { return is_scrubbed(each.first); });
  return out;
}

std::vector<std::string> assignments(const Variables& variables) {
  std::vector<std::string> out;
  out.reserve(variables.size());
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

}  // namespace firesteel
