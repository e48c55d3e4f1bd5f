// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>
#include <string_view>

#include "command_line_text.hpp"
#include "firesteel/core/names.hpp"
#include "firesteel/core/utf8.hpp"
#include "firesteel/core/version.hpp"
#include "gateway_options.hpp"
#include "surroundings.hpp"

namespace firesteel::cli {
namespace {

/// What the arguments are written into; `command` is set by the subcommand that was named.
struct Slots {
  std::optional<Command> command{};
  bool json = false;
  std::string name{};
  std::vector<std::string> option_texts{};
  StartCommand start{};
  bool wait = false;
  std::int64_t timeout_s = 0;  ///< 0: the command's own default
  LogsCommand logs{};
  LogSearchQuery search{};
  std::string level{};
  OperationsCommand operations{};
  InterruptCommand interrupt{};
  ReleaseCommand release{};
  EndpointCommand endpoint{};
  GatewayOptions gateway{};
  std::string upstream{};
  std::string listen{};
  bool no_token = false;
  DoctorCommand doctor{};
  ConfigCheckCommand config_check{};
  bool background = false;
  bool attach = false;
  std::int64_t idle_timeout_s = -1;
};

constexpr std::int64_t day_s = 86'400;

std::string check_name(const std::string& text) {
  if (is_connection_name(text)) return {};
  return fmt::format(
      "'{}' can't be a connection's name: 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a "
      "letter or a digit",
      text);
}

std::string check_text(const std::string& text) {
  if (text.empty()) return "a value is missing";
  return is_valid_utf8(text) ? std::string() : "not UTF-8";
}

std::string check_option(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    return fmt::format("'{}' is no Spark option: write NAME=VALUE, e.g. --option spark.driver.memory=4g", text);
  return is_valid_utf8(text) ? std::string() : "the value is not UTF-8";
}

std::string check_python(std::string& text) {
  std::string found = find_executable(text);
  if (found.empty()) return fmt::format("there is no Python '{}' that can be run", text);
  text = std::move(found);
  return {};
}

std::string check_directory(std::string& text) {
  std::error_code error;
  if (!std::filesystem::is_directory(text, error)) return fmt::format("there is no directory '{}'", text);
  text = std::filesystem::absolute(text).lexically_normal().string();
  return check_text(text);
}

std::string check_pattern(const std::string& text) {
  constexpr std::size_t longest = 1000;  // as in api/openapi.yaml
  if (text.size() > longest) return fmt::format("a pattern has at most {} bytes", longest);
  return check_text(text);
}

std::string check_id(const std::string& text) {
  constexpr std::size_t longest = 128;  // as in api/openapi.yaml
  if (text.size() > longest) return fmt::format("an id has at most {} characters", longest);
  return check_text(text);
}

/// The path of a file that is there or may be made.
std::string check_file(std::string& text) {
  std::error_code error;
  const auto path = std::filesystem::absolute(text, error).lexically_normal();
  if (text.empty() || error || !path.has_filename()) return "a file's path is missing";
  if (!std::filesystem::is_directory(path.parent_path(), error))
    return fmt::format("there is no directory '{}'", path.parent_path().string());
  text = path.string();
  return check_text(text);
}

CLI::Option* add_name(CLI::App& sub, Slots& slots) {
  return sub.add_option("NAME", slots.name, "The connection's name")->required()->check(check_name);
}

CLI::App* add_command(CLI::App& app, Slots& slots, const std::string& name, const std::string& text,
                      std::function<Command()> make) {
  CLI::App* sub = app.add_subcommand(name, text);
  sub->add_flag("--json", slots.json, "Print one JSON document (api/cli)");
  sub->callback([&slots, make = std::move(make)] { slots.command = make(); });
  return sub;
}

void add_wait(CLI::App& sub, Slots& slots, const std::string& until, std::chrono::seconds usual) {
  sub.add_flag("-w,--wait", slots.wait, "Return when " + until);
  sub.add_option("--timeout", slots.timeout_s,
                 fmt::format("With --wait: give up after so many seconds (default {})", usual.count()))
      ->type_name("SECONDS")
      ->check(CLI::Range(std::int64_t{1}, day_s));
}

std::chrono::seconds timeout_or(const Slots& slots, std::chrono::seconds usual) {
  return slots.timeout_s > 0 ? std::chrono::seconds(slots.timeout_s) : usual;
}

StartCommand make_start(Slots& slots) {
  StartCommand start = slots.start;
  for (const std::string& text : slots.option_texts) {
    const std::size_t equals = text.find('=');
    std::string key = text.substr(0, equals);
    if (std::any_of(start.options.begin(), start.options.end(), [&](const auto& o) { return o.first == key; }))
      throw CLI::ValidationError("--option", fmt::format("'{}' is given twice", key));
    start.options.emplace_back(std::move(key), text.substr(equals + 1));
  }
  start.wait = slots.wait;
  start.timeout = timeout_or(slots, start.timeout);
  return start;
}

void add_start(CLI::App& app, Slots& slots) {
  CLI::App* sub = add_command(app, slots, "start", "Create a connection and start it, or start one again",
                              [&slots]() -> Command { return make_start(slots); });
  sub->add_option("CLUSTER", slots.start.cluster, "Where it runs (default: the first cluster)")->check(check_text);
  sub->add_option("--name", slots.start.name, "The connection's name (default: the cluster's name)")
      ->type_name("NAME")
      ->check(check_name);
  sub->add_option("-o,--option", slots.option_texts, "A Spark option, e.g. spark.driver.memory=4g; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check(check_option);
  sub->add_option("--python", slots.start.python,
                  "The Python whose pyspark is used (default: the one beside firesteel)")
      ->type_name("PATH")
      ->transform(CLI::Validator(check_python, ""));
  sub->add_option("--java-home", slots.start.java_home, "A Java installation")
      ->type_name("DIR")
      ->transform(CLI::Validator(check_directory, ""));
  sub->add_option("--spark-home", slots.start.spark_home, "A Spark installation")
      ->type_name("DIR")
      ->transform(CLI::Validator(check_directory, ""));
  add_wait(*sub, slots, "the server answers, or has failed", slots.start.timeout);
}

void add_lifecycle(CLI::App& app, Slots& slots) {
  CLI::App* stop = add_command(app, slots, "stop", "Stop a connection's server; the connection stays in the list",
                               [&slots]() -> Command {
                                 return StopCommand{slots.name, slots.wait, timeout_or(slots, StopCommand{}.timeout)};
                               });
  add_name(*stop, slots);
  add_wait(*stop, slots, "the server has ended", StopCommand{}.timeout);

  CLI::App* restart = add_command(
      app, slots, "restart", "Stop a connection's server if it runs, then start it again", [&slots]() -> Command {
        return RestartCommand{slots.name, slots.wait, timeout_or(slots, RestartCommand{}.timeout)};
      });
  add_name(*restart, slots);
  add_wait(*restart, slots, "the new server answers, or has failed", RestartCommand{}.timeout);

  CLI::App* remove = add_command(app, slots, "remove", "Forget a connection whose server does not run",
                                 [&slots]() -> Command { return RemoveCommand{slots.name}; });
  add_name(*remove, slots);
}

constexpr std::array log_level_names{"trace", "debug", "info", "warn", "error", "fatal"};

/// That level and those above it.
std::string levels_from(const std::string& least) {
  const auto* const at = std::find(log_level_names.begin(), log_level_names.end(), least);
  return fmt::format("{}", fmt::join(at, log_level_names.end(), ","));
}

void add_logs(CLI::App& app, Slots& slots) {
  CLI::App* sub = add_command(app, slots, "logs", "Print the log of a connection's server", [&slots]() -> Command {
    if (slots.logs.follow && slots.json) throw CLI::ExcludesError("--json", "--follow (it is not one document)");
    slots.logs.name = slots.name;
    if (!slots.level.empty()) slots.search.levels = levels_from(slots.level);
    if (!slots.level.empty() || !slots.search.pattern.empty()) slots.logs.search = slots.search;
    return slots.logs;
  });
  add_name(*sub, slots);
  CLI::Option* follow = sub->add_flag("-f,--follow", slots.logs.follow, "Go on printing what comes, until Ctrl-C");
  CLI::Option* lines = sub->add_option("-n,--lines", slots.logs.lines, "How many of the last lines (default 200)")
                           ->type_name("LINES")
                           ->check(CLI::Range(1, 5000));
  CLI::Option* search =
      sub->add_option("-s,--search", slots.search.pattern,
                      "Print the lines of the whole log that hold this text, with their numbers; exit code 1: none")
          ->type_name("TEXT")
          ->check(check_pattern)
          ->excludes(follow)
          ->excludes(lines);
  sub->add_flag("-E,--regex", slots.search.regex, "With --search: it is a regular expression (RE2)")->needs(search);
  sub->add_flag("-i,--ignore-case", slots.search.ignore_case, "With --search: whatever the case")->needs(search);
  sub->add_option("--level", slots.level, "Print the lines of the whole log of this level and above it")
      ->type_name("LEVEL")
      ->check(CLI::IsMember(std::vector<std::string>(log_level_names.begin(), log_level_names.end())))
      ->excludes(follow)
      ->excludes(lines);
}

CLI::Option* add_optional_name(CLI::App& sub, std::string& into) {
  return sub.add_option("NAME", into, "The connection's name (default: the default connection)")->check(check_name);
}

void add_activity(CLI::App& app, Slots& slots) {
  CLI::App* sessions = add_command(app, slots, "sessions", "List who is connected: the sessions of a connection",
                                   [&slots]() -> Command { return SessionsCommand{slots.name}; });
  add_optional_name(*sessions, slots.name);

  CLI::App* operations = add_command(app, slots, "operations", "List what runs on a connection",
                                     [&slots]() -> Command { return slots.operations; });
  add_optional_name(*operations, slots.operations.name);
  operations->add_flag("--all", slots.operations.all, "Also the latest that ended");

  CLI::App* interrupt =
      add_command(app, slots, "interrupt", "Interrupt what runs: one operation, a session's, or all of a connection",
                  [&slots]() -> Command {
                    slots.interrupt.name = slots.name;
                    return slots.interrupt;
                  });
  add_name(*interrupt, slots);
  interrupt->add_option("--session", slots.interrupt.session, "Only what runs in this session")
      ->type_name("ID")
      ->check(check_id);
  interrupt->add_option("--operation", slots.interrupt.operation, "Only this operation")
      ->type_name("ID")
      ->check(check_id);

  CLI::App* release = add_command(app, slots, "release", "End a session with everything in it (views, settings)",
                                  [&slots]() -> Command {
                                    slots.release.name = slots.name;
                                    return slots.release;
                                  });
  add_name(*release, slots);
  release->add_option("SESSION", slots.release.session, "The session's id")->required()->check(check_id);
}

void add_endpoint(CLI::App& app, Slots& slots) {
  CLI::App* sub = add_command(app, slots, "endpoint", "Say where any Spark Connect client reaches the connections",
                              [&slots]() -> Command { return slots.endpoint; });
  CLI::Option* url = sub->add_flag(
      "--url", slots.endpoint.url,
      "Print the URL for a client, and nothing else; it holds the token: whoever has it can run code as you");
  sub->add_option("--name", slots.endpoint.name,
                  "With --url: for this connection (default: the default one, each time)")
      ->type_name("NAME")
      ->check(check_name)
      ->needs(url);
  sub->add_flag("--rotate", slots.endpoint.rotate, "Make a new token first: URLs with the old one end");
}

Command make_gateway(Slots& slots) {
  GatewayOptions options = slots.gateway;
  read_upstream(slots.upstream, options.upstream);
  if (!slots.listen.empty()) read_listen(slots.listen, options);
  options.needs_token = !slots.no_token;
  if (const std::string wrong = check_together(options); !wrong.empty())
    throw CLI::ValidationError(options.needs_token ? "--upstream-ca" : "--no-token", wrong);
  return GatewayCommand{options};
}

void add_gateway(CLI::App& app, Slots& slots) {
  CLI::App* sub = app.add_subcommand("gateway", "Run the gateway alone, in front of any Spark Connect server");
  sub->callback([&slots] { slots.command = make_gateway(slots); });
  sub->add_option(
         "--upstream", slots.upstream,
         fmt::format("The server: sc://HOST:PORT, with TLS 'sc://HOST:PORT/;use_ssl=true'; its token, if it asks "
                     "for one, comes from ${}",
                     upstream_token_variable))
      ->required()
      ->type_name("URL")
      ->check([](const std::string& text) {
        GatewayOptions::Upstream ignored;
        return read_upstream(text, ignored);
      });
  sub->add_option("--listen", slots.listen, "Where clients reach it (default 127.0.0.1:15002)")
      ->type_name("ADDRESS:PORT")
      ->check([](const std::string& text) {
        GatewayOptions ignored;
        return read_listen(text, ignored);
      });
  sub->add_option_function<std::string>(
         "--socket", [&slots](const std::string& path) { slots.gateway.socket = path; },
         "Also a unix socket, for your own processes, without a token")
      ->type_name("PATH")
      ->transform(CLI::Validator(check_file, ""));
  CLI::Option* token_file =
      sub->add_option_function<std::string>(
             "--token-file", [&slots](const std::string& path) { slots.gateway.token_file = path; },
             "Holds the token that clients send; made when it isn't there (default: a new token each time)")
          ->type_name("FILE")
          ->transform(CLI::Validator(check_file, ""));
  CLI::Option* certificate =
      sub->add_option_function<std::string>(
             "--tls-cert", [&slots](const std::string& path) { slots.gateway.certificate = path; },
             "Speak TLS on the port: its certificate in PEM format, and after it those that vouch for it; read again "
             "when it changes")
          ->type_name("FILE")
          ->transform(CLI::Validator(check_file, ""));
  CLI::Option* key = sub->add_option_function<std::string>(
                            "--tls-key", [&slots](const std::string& path) { slots.gateway.key = path; },
                            "The certificate's private key, which nobody but its owner may read (chmod 600)")
                         ->type_name("FILE")
                         ->transform(CLI::Validator(check_file, ""))
                         ->needs(certificate);
  certificate->needs(key);
  sub->add_option_function<std::string>(
         "--upstream-ca", [&slots](const std::string& path) { slots.gateway.upstream.authorities = path; },
         "Whom to trust instead of this machine's authorities: their certificates in PEM format")
      ->type_name("FILE")
      ->transform(CLI::Validator(check_file, ""));
  sub->add_flag("--no-token", slots.no_token, "Let every user of this machine in")->excludes(token_file);
}

void add_daemon(CLI::App& app, Slots& slots) {
  CLI::App* sub =
      add_command(app, slots, "daemon", "Run the daemon (others start it by themselves)", [&slots]() -> Command {
        DaemonCommand daemon;
        if (slots.background) daemon.mode = DaemonCommand::Mode::background;
        if (slots.attach) daemon.mode = DaemonCommand::Mode::attach;
        if (slots.idle_timeout_s >= 0) daemon.options.idle_timeout = std::chrono::seconds(slots.idle_timeout_s);
        return daemon;
      });
  CLI::Option* background =
      sub->add_flag("--background", slots.background, "Start one if none answers; return when it answers");
  sub->add_flag("--attach", slots.attach, "Keep one running until the parent process ends")->excludes(background);
  sub->add_option("--idle-timeout", slots.idle_timeout_s,
                  "End after so many seconds without connection or client; 0: never")
      ->type_name("SECONDS")
      ->check(CLI::Range(std::int64_t{0}, 365 * day_s));
  sub->get_option("--json")->needs(background)->description("With --background: print the paths as JSON");
}

void add_doctor(CLI::App& app, Slots& slots) {
  CLI::App* sub = add_command(app, slots, "doctor", "Check what Firesteel needs, and say how to get what is missing",
                              [&slots]() -> Command { return slots.doctor; });
  sub->add_option("--python", slots.doctor.python, "The Python to look at (default: the one beside firesteel)")
      ->type_name("PATH")
      ->transform(CLI::Validator(check_python, ""));
}

void add_config(CLI::App& app, Slots& slots) {
  CLI::App* config = app.add_subcommand("config", "Look at catalogues: clusters, bundles and options to choose from");
  config->require_subcommand(1);
  CLI::App* check =
      add_command(*config, slots, "check", "Say what is wrong in a catalogue, where, and how to put it right",
                  [&slots]() -> Command { return slots.config_check; });
  check
      ->add_option("FILE", slots.config_check.files,
                   "A catalogue, or Jupyter's configuration with one in it; none: what the daemon reads")
      ->check(check_text);
}

void add_texts(CLI::App& app, Slots& slots) {
  CLI::App* completion = app.add_subcommand("completion", "Print the completion script for a shell")->group("");
  completion->add_option("SHELL", slots.name, "bash")->required()->check(CLI::IsMember({"bash"}));
  completion->callback([&app, &slots] { slots.command = PrintCommand{bash_completion(app)}; });
  CLI::App* man = app.add_subcommand("man", "Print the manual page in roff")->group("");
  man->callback([&app, &slots] { slots.command = PrintCommand{manual_page(app)}; });
}

void define(CLI::App& app, Slots& slots) {
  app.set_version_flag("--version", std::string(app.get_name()) + " " + std::string(version()));
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(0, 1);
  app.footer(
      "Exit codes: 0 done, 1 failed (of a search: nothing found), 2 usage, 3 no such connection, 4 no daemon.\n"
      "FIRESTEEL_RUNTIME_DIR isolates a whole instance; FIRESTEEL_JAVA_HOME names the Java to use.");
  add_command(app, slots, "status", "Say whether the daemon runs and what it has",
              []() -> Command { return StatusCommand{}; });
  add_command(app, slots, "connections", "List the connections", []() -> Command { return ConnectionsCommand{}; });
  add_start(app, slots);
  add_lifecycle(app, slots);
  add_logs(app, slots);
  add_activity(app, slots);
  add_endpoint(app, slots);
  add_doctor(app, slots);
  add_config(app, slots);
  add_command(app, slots, "paths", "Print where sockets and state are", []() -> Command { return PathsCommand{}; });
  add_daemon(app, slots);
  add_gateway(app, slots);
  add_texts(app, slots);
}

}  // namespace

Parsed parse_command_line(int argc, const char* const* argv) {
  Parsed parsed;
  Slots slots;
  CLI::App app("Apache Spark in JupyterLab: connections from a terminal", "firesteel");
  define(app, slots);
  try {
    app.parse(argc, argv);
    parsed.json = slots.json;
    parsed.command = std::move(slots.command);
    if (!parsed.command) parsed.out = app.help();
  } catch (const CLI::Success& asked) {
    std::ostringstream out;
    std::ostringstream err;
    app.exit(asked, out, err);
    parsed.out = out.str();
  } catch (const CLI::ParseError& wrong) {
    parsed.exit_code = exit_usage;
    parsed.json = std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "--json"; });
    parsed.error = wrong.what();
    const auto named = app.get_subcommands();
    parsed.advice = fmt::format("See `firesteel {}{}--help`.", named.empty() ? "" : named.front()->get_name(),
                                named.empty() ? "" : " ");
  }
  return parsed;
}

}  // namespace firesteel::cli
