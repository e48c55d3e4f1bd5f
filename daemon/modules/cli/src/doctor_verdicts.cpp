// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "doctor_facts.hpp"
#include "firesteel/core/version.hpp"
#include "text.hpp"

namespace firesteel::cli {
namespace {

constexpr std::uint64_t mib = 1024 * 1024;
constexpr std::uint64_t little_disk = 1024 * mib;
constexpr std::uint64_t little_runtime_space = 16 * mib;
constexpr std::uint64_t little_memory = 1024 * mib;
constexpr std::size_t longest_socket_path = 107;

constexpr const char* install_local = "Install it with all that it needs: {} -m pip install 'firesteel[local]'";

std::string pip_advice(const PythonFacts& python) {
  return fmt::format(fmt::runtime(install_local), python.path.empty() ? "python3" : python.path);
}

Check judge_python(const PythonFacts& python) {
  if (python.path.empty())
    return {"python", Verdict::error, "No Python found",
            "Install Python 3.11 or newer, or name one: `firesteel doctor --python PATH`."};
  if (python.version.empty()) return {"python", Verdict::error, python.problem, python.advice};
  return {"python", Verdict::ok, fmt::format("Python {} ({})", python.version, python.path), ""};
}

Check judge_client(const PythonFacts& python) {
  if (python.version.empty())
    return {"client_modules", Verdict::error, "Python modules: not looked at without a Python", ""};
  if (python.missing_modules.empty())
    return {"client_modules", Verdict::ok, "The modules that a Spark Connect client needs are there", ""};
  return {"client_modules", Verdict::error,
          fmt::format("Python modules are missing: {}", fmt::join(python.missing_modules, ", ")), pip_advice(python)};
}

Check judge_spark(const DoctorFacts& facts) {
  const SparkFacts& spark = facts.spark;
  if (spark.home.empty() && spark.problem_is_java)
    return {"spark", Verdict::warning, "Spark: not looked at without a Java", ""};
  if (spark.home.empty())
    return {"spark", Verdict::error, spark.problem.empty() ? "Spark: not looked at without a Python" : spark.problem,
            spark.advice.empty() ? pip_advice(facts.python) : spark.advice};
  const std::string found =
      fmt::format("Spark {} ({})", spark.version.empty() ? "of unknown version" : spark.version, spark.home);
  if (spark.connect_jar.empty())
    return {"spark", Verdict::error, found + " has no Spark Connect jar",
            "Spark brings it since 4.0: " + pip_advice(facts.python)};
  return {"spark", Verdict::ok, fmt::format("{}, with {}", found, spark.connect_jar), ""};
}

Check judge_java(const DoctorFacts& facts) {
  const SparkFacts& spark = facts.spark;
  if (spark.problem_is_java) return {"java", Verdict::error, spark.problem, spark.advice};
  if (spark.java.empty()) return {"java", Verdict::warning, "Java: not looked at without a Spark", ""};
  return {"java", Verdict::ok,
          fmt::format("Java {}{} ({})", spark.java_major > 0 ? std::to_string(spark.java_major) : "of unknown version",
                      spark.java_is_bundled ? ", bundled" : "", spark.java),
          ""};
}

Check judge_directory(const char* id, const char* what, const DirectoryFacts& directory, std::uint64_t little) {
  const std::string name = fmt::format("{} {}", what, directory.path);
  const auto bad = [&](std::string text, std::string advice) {
    return Check{id, Verdict::error, std::move(text), std::move(advice)};
  };
  if (directory.exists && !directory.is_ours)
    return bad(name + " belongs to another user",
               "Remove it, or set FIRESTEEL_RUNTIME_DIR to a directory of your own.");
  if (directory.exists && (directory.mode & 077) != 0)
    return bad(fmt::format("{} is open to others (mode {:04o})", name, directory.mode),
               fmt::format("chmod 700 '{}'", directory.path));
  if (!directory.writable)
    return bad(name + (directory.exists ? " can't be written" : " can't be made"),
               "Make its parent writable, or set FIRESTEEL_RUNTIME_DIR to another directory.");
  if (!directory.free_bytes) return {id, Verdict::warning, name + ": free space unknown", ""};
  const std::string space =
      fmt::format("{}: {} free{}", name, size_words(*directory.free_bytes), directory.exists ? "" : " (will be made)");
  if (*directory.free_bytes < little)
    return {id, Verdict::warning, space, "Logs and Spark's temporary files need room: free some disk space."};
  return {id, Verdict::ok, space, ""};
}

Check judge_socket(const std::string& socket) {
  if (socket.size() <= longest_socket_path) return {"socket_path", Verdict::ok, "Socket " + socket, ""};
  return {"socket_path", Verdict::error,
          fmt::format("The socket's path has {} bytes; the system takes {}", socket.size(), longest_socket_path),
          "Set FIRESTEEL_RUNTIME_DIR to a shorter path."};
}

Check judge_loopback(const std::string& problem) {
  if (problem.empty()) return {"loopback", Verdict::ok, "A port of 127.0.0.1 can be bound", ""};
  return {"loopback", Verdict::error, "No port of 127.0.0.1 can be bound: " + problem,
          "Spark listens there: bring the loopback interface up (ip link set lo up), or allow it in the sandbox."};
}

Check judge_daemon(const DaemonFacts& daemon) {
  if (daemon.is_absent) return {"daemon", Verdict::ok, "No daemon runs; one starts when it is needed", ""};
  if (!daemon.answers)
    return {"daemon", Verdict::error, daemon.problem, "Look at daemon.log in the state directory (`firesteel paths`)."};
  const std::string runs = fmt::format("The daemon {} runs (pid {})", daemon.version, daemon.pid);
  if (daemon.version == version()) return {"daemon", Verdict::ok, runs, ""};
  return {"daemon", Verdict::warning, fmt::format("{}; this command is {}", runs, version()),
          "`firesteel daemon --background` replaces an older daemon; servers go on running."};
}

Check judge_memory(std::uint64_t available) {
  if (available == 0) return {"memory", Verdict::warning, "Memory: unknown", ""};
  const std::string text = fmt::format("Memory: {} available", size_words(available));
  if (available >= little_memory) return {"memory", Verdict::ok, text, ""};
  return {"memory", Verdict::warning, text,
          "A Spark driver wants about 1 GiB: stop something, or lower spark.driver.memory."};
}

Check judge_jupyter(const DoctorFacts& facts) {
  const JupyterFacts& jupyter = facts.jupyter;
  const auto bad = [](Verdict verdict, std::string text, std::string advice) {
    return Check{"jupyter", verdict, std::move(text), std::move(advice)};
  };
  const std::string pip = fmt::format("{} -m pip install ", facts.python.path);
  if (!jupyter.problem.empty()) return bad(Verdict::warning, "Jupyter: " + jupyter.problem, "");
  if (jupyter.jupyterlab.empty() && jupyter.notebook.empty())
    return bad(Verdict::warning, "Neither JupyterLab nor Notebook in this Python: no panel there",
               "If the panel is wanted: " + pip + "jupyterlab firesteel");
  if (jupyter.server_proxy.empty())
    return bad(Verdict::error, "jupyter-server-proxy is missing: the panel can't reach the daemon",
               pip + "jupyter-server-proxy");
  if (!jupyter.proxy_enabled)
    return bad(
        Verdict::error, "jupyter-server-proxy is not enabled",
        fmt::format("{} -m jupyter server extension enable --sys-prefix jupyter_server_proxy", facts.python.path));
  if (!jupyter.proxy_entry_point || !jupyter.panel_installed)
    return bad(Verdict::warning,
               fmt::format("Firesteel's {} is not installed in this Python",
                           jupyter.proxy_entry_point ? "panel" : "part for Jupyter"),
               pip + "--force-reinstall --no-deps firesteel");
  return bad(Verdict::ok,
             fmt::format("Jupyter: {}{}, jupyter-server-proxy {}, panel installed",
                         jupyter.jupyterlab.empty() ? "Notebook " : "JupyterLab ",
                         jupyter.jupyterlab.empty() ? jupyter.notebook : jupyter.jupyterlab, jupyter.server_proxy),
             "");
}

Check judge_proxies(const std::vector<std::string>& variables) {
  if (variables.empty()) return {"proxy_variables", Verdict::ok, "No HTTP proxy variables", ""};
  return {"proxy_variables", Verdict::ok,
          fmt::format("{} set: harmless, Firesteel's channel goes past the proxy", fmt::join(variables, ", ")), ""};
}

}  // namespace

std::vector<Check> judge(const DoctorFacts& facts) {
  std::vector<Check> checks{judge_python(facts.python), judge_client(facts.python), judge_spark(facts),
                            judge_java(facts)};
  if (facts.paths_problem.empty()) {
    checks.push_back(judge_directory("runtime_dir", "Runtime directory", facts.runtime, little_runtime_space));
    checks.push_back(judge_directory("state_dir", "State directory", facts.state, little_disk));
    checks.push_back(judge_socket(facts.api_socket));
  } else {
    checks.push_back(
        {"runtime_dir", Verdict::error, facts.paths_problem, "Set FIRESTEEL_RUNTIME_DIR to a directory of your own."});
  }
  checks.push_back(judge_loopback(facts.loopback_problem));
  checks.push_back(judge_daemon(facts.daemon));
  checks.push_back(judge_memory(facts.memory_available));
  checks.push_back(judge_jupyter(facts));
  checks.push_back(judge_proxies(facts.proxy_variables));
  return checks;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::warning:
      return "warning";
    case Verdict::error:
      break;
  }
  return "error";
}

std::string checks_text(const std::vector<Check>& checks, bool colours) {
  std::string out;
  for (const Check& check : checks) {
    const auto [mark, colour] = check.verdict == Verdict::ok        ? std::pair("✓", Colour::green)
                                : check.verdict == Verdict::warning ? std::pair("!", Colour::amber)
                                                                    : std::pair("✗", Colour::red);
    out += fmt::format("{} {}\n", paint(colour, mark, colours), printable(check.text));
    if (!check.advice.empty()) out += fmt::format("    {}\n", printable(check.advice));
  }
  return out;
}

}  // namespace firesteel::cli
