// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json.hpp>

#include "commands.hpp"
#include "doctor_facts.hpp"
#include "firesteel/core/version.hpp"

namespace firesteel::cli {
namespace json = boost::json;

int doctor(const Context& context, const DoctorCommand& command) {
  const std::vector<Check> checks =
      judge(gather_facts(context, command.python.empty() ? context.python : command.python));
  const bool ok =
      std::none_of(checks.begin(), checks.end(), [](const Check& c) { return c.verdict == Verdict::error; });
  if (context.json) {
    json::array list;
    for (const Check& check : checks)
      list.push_back(
          {{"id", check.id}, {"verdict", to_string(check.verdict)}, {"text", check.text}, {"advice", check.advice}});
    context.done({{"ok", ok}, {"version", version()}, {"checks", std::move(list)}});
  } else {
    context.console.out(checks_text(checks, context.console.out_has_colours()));
    context.console.out(ok ? "Nothing stands in the way.\n" : "✗ marks what has to be put right.\n");
  }
  return ok ? exit_done : exit_failed;
}

}  // namespace firesteel::cli
