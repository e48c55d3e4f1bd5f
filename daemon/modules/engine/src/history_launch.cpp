// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/history_launch.hpp"

#include "firesteel/engine/properties.hpp"
#include "option_values.hpp"

namespace firesteel {

LaunchPlan history_launch(const HistoryRequest& request) {
  const std::string properties = request.directory + "/history.properties";
  LaunchPlan plan;
  plan.argv = {request.source.java,
               "-cp",
               request.source.class_path,
               "-Xmx1g",  // Spark's own default for it
               "-XX:+UseSerialGC",
               "-XX:+ExitOnOutOfMemoryError",
               "org.apache.spark.deploy.history.HistoryServer",
               "--properties-file",
               properties};
  Variables variables = scrubbed(request.base);
  variables["SPARK_LOCAL_IP"] = "127.0.0.1";
  variables[std::string(history_variable)] = request.owner;
  plan.environment = assignments(variables);
  plan.working_directory = request.directory;
  const Options options{{"spark.history.fs.logDirectory", request.source.log_directory},
                        {"spark.history.ui.port", std::to_string(request.port)},
                        {"spark.history.retainedApplications", "5"},
                        {"spark.ui.filters", "org.apache.spark.ui.JWSFilter"},
                        {"spark.org.apache.spark.ui.JWSFilter.param.secretKey", request.key}};
  plan.files.push_back({.path = properties, .content = to_properties(options), .mode = 0600});
  return plan;
}

std::optional<std::string> event_log_directory(const Options& options) {
  if (!is_true(options, "spark.eventLog.enabled")) return std::nullopt;
  const auto directory = options.find("spark.eventLog.dir");
  if (directory == options.end()) return std::string();
  // Spark takes a path without a scheme for one of this machine; to its history server it is one of the cluster.
  return directory->second.starts_with('/') ? "file://" + directory->second : directory->second;
}

}  // namespace firesteel
