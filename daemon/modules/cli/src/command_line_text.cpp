// SPDX-License-Identifier: Apache-2.0
#include "command_line_text.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "firesteel/core/version.hpp"

namespace firesteel::cli {
namespace {

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return !option->get_positional(); });
}

/// The command, or those that it consists of: "config check".
std::vector<std::pair<std::string, const CLI::App*>> with_parts(const CLI::App& command) {
  std::vector<std::pair<std::string, const CLI::App*>> out;
  for (const CLI::App* part : shown_commands(command))
    out.emplace_back(command.get_name() + " " + part->get_name(), part);
  if (out.empty()) out.emplace_back(command.get_name(), &command);
  return out;
}

std::string flags_of(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : options_of(app)) {
    for (const std::string& name : option->get_lnames()) out += (out.empty() ? "--" : " --") + name;
    for (const std::string& name : option->get_snames()) out += (out.empty() ? "-" : " -") + name;
  }
  return out;
}

/// In roff a leading dot or quote is a request, a hyphen is typeset, a backslash escapes.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    if (c == '\n') out += "\\&";
  }
  return "\\&" + out;
}

std::string roff_option(const CLI::Option& option) {
  std::string value = option.get_type_size() > 0 ? " \\fI" + roff(option.get_type_name()) + "\\fR" : "";
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(option.get_name()), value, roff(option.get_description()));
}

std::string roff_usage(const std::string& name, const CLI::App& command) {
  std::string out = "\\fBfiresteel " + roff(name) + "\\fR [options]";
  for (const CLI::Option* option : command.get_options([](const CLI::Option* o) { return o->get_positional(); }))
    out += fmt::format(fmt::runtime(option->get_required() ? " \\fI{}\\fR" : " [\\fI{}\\fR]"),
                       roff(option->get_name(true)));
  return out;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::string commands;
  std::string cases;
  for (const CLI::App* command : shown_commands(app)) {
    commands += (commands.empty() ? "" : " ") + command->get_name();
    std::string words;
    for (const CLI::App* part : shown_commands(*command)) words += part->get_name() + " " + flags_of(*part);
    if (words.empty()) words = flags_of(*command);
    cases += fmt::format("    {}) words='{}' ;;\n", command->get_name(), words);
  }
  return fmt::format(
      "# bash completion for firesteel; load it with: source <(firesteel completion bash)\n"
      "_firesteel() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words=\n"
      "  case $previous in\n"
      "    --java-home|--spark-home) compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n"
      "    --python|--socket|--token-file|--tls-cert|--tls-key|--upstream-ca) compopt -o filenames; "
      "COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
      "  esac\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W '{} {}' -- \"$current\"))\n"
      "    return\n"
      "  fi\n"
      "  if [[ ${{COMP_WORDS[1]}} == config && COMP_CWORD -gt 2 && $current != -* ]]; then\n"
      "    compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")); return\n"
      "  fi\n"
      "  case ${{COMP_WORDS[1]}} in\n"
      "{}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}}\n"
      "complete -F _firesteel firesteel\n",
      commands, flags_of(app), cases);
}

std::string manual_page(const CLI::App& app) {
  std::string out = fmt::format(
      ".TH FIRESTEEL 1 \"\" \"firesteel {0}\" \"Firesteel\"\n.SH NAME\nfiresteel \\- {1}\n"
      ".SH SYNOPSIS\n\\fBfiresteel\\fR \\fICOMMAND\\fR [options]\n.SH COMMANDS\n",
      version(), roff(app.get_description()));
  for (const CLI::App* command : shown_commands(app)) {
    for (const auto& [name, part] : with_parts(*command)) {
      out += fmt::format(".SS {}\n{}\n.PP\n{}\n", roff(name), roff_usage(name, *part), roff(part->get_description()));
      for (const CLI::Option* option : options_of(*part)) out += roff_option(*option);
    }
  }
  out += ".SH EXIT STATUS AND ENVIRONMENT\n.nf\n" + roff(app.get_footer()) + "\n.fi\n";
  return out;
}

}  // namespace firesteel::cli
