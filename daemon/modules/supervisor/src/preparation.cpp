// SPDX-License-Identifier: Apache-2.0
#include "preparation.hpp"

#include <fmt/format.h>

#include "firesteel/engine/executors.hpp"
#include "firesteel/engine/merge.hpp"
#include "firesteel/engine/options.hpp"
#include "firesteel/io/child.hpp"
#include "firesteel/io/loopback.hpp"
#include "firesteel/io/resolve.hpp"
#include "launch_words.hpp"
#include "pre_script.hpp"

namespace firesteel {

namespace asio = boost::asio;

namespace {

constexpr auto look_up_deadline = std::chrono::seconds(20);  // of the cluster's name
constexpr auto probe_deadline = std::chrono::seconds(30);    // a cold Python on a network file system is slow

/// Python bears the server's mark: a start that is cancelled has ended when nothing bears it any more.
asio::awaitable<Outcome<EnvironmentReport>> look_into(std::string python, Variables base, ServerId server) {
  Variables variables = scrubbed(base);
  variables[std::string(server_id_variable)] = server.str();
  io::SpawnRequest request{.argv = probe_argv(python), .env = assignments(variables), .cwd = "/"};
  const auto output = co_await io::run(std::move(request), Steady::now() + probe_deadline, max_report_bytes);
  if (!output) co_return python_failed(python, output.error().message);
  if (output->status != ExitStatus::code(0))
    co_return python_failed(python, to_string(output->status) + ": " + output->output.substr(0, 500));
  co_return parse_report(output->output, python);
}

Failure no_port(const Error& error) {
  return {.reason = FailureReason::spawn_failed, .message = error.message, .advice = error.advice};
}

/// The variables of the cluster, but for those that are ours.
void add_environment(Variables& to, const catalogue::Cluster& cluster) {
  for (const auto& [name, value] : cluster.env)
    if (!is_scrubbed(name)) to.insert_or_assign(name, value);
}

/// What the script left of the environment; of what it doesn't see, Firesteel's own settings, all is as it was.
void take_over(Variables& base, Variables from_script) {
  std::erase_if(base, [](const auto& each) { return !is_scrubbed(each.first); });
  base.merge(from_script);
}

asio::awaitable<Outcome<Variables>> run_script_of(PreparationRequest request) {
  PreScript script{.script = request.cluster.pre_script,
                   .cluster = request.cluster.display_name,
                   .server = request.server,
                   .base = request.base,
                   .directory = request.directory,
                   .log = request.log,
                   .patience = request.cluster.pre_script_patience};
  auto variables = co_await run_pre_script(std::move(script));
  co_return variables;
}

Failure invalid_option(std::string message, std::string advice) {
  return {.reason = FailureReason::invalid_option, .message = std::move(message), .advice = std::move(advice)};
}

Outcome<Options> options_for(const PreparationRequest& request, const Installation& installation) {
  OptionLayers layers{
      .spark_defaults = &installation.defaults, .cluster = &request.cluster, .user = &request.definition.options};
  for (const catalogue::Bundle& bundle : request.bundles) {
    if (!is_for_spark(bundle, installation.spark_version))
      return invalid_option(wrong_spark(bundle, installation.spark_version), std::string(wrong_spark_advice));
    layers.bundles.push_back(&bundle);
  }
  Options options = values_of(merge_options(layers));
  if (auto valid = validate_options(options, request.cluster); !valid)
    return invalid_option(valid.error().message, valid.error().advice);
  return options;
}

/// Where executors on other machines find this one; empty when an option says it, or when they run here.
asio::awaitable<Outcome<std::string>> address_for(Options options) {
  if (!needs_own_address(options)) co_return std::string();
  Manager manager = manager_of(options.at("spark.master"));
  const auto address = co_await io::own_address(manager.host, manager.port, Steady::now() + look_up_deadline);
  if (!address) co_return invalid_option(address.error().message, address.error().advice);
  co_return *address;
}

}  // namespace

asio::awaitable<Outcome<Preparation>> prepare(PreparationRequest request) {
  const FileView files = FileView::real();
  const Environment& wanted = request.definition.environment;
  // A Python that somebody chose works in the environment that it was chosen in; one from the cluster's PATH in the
  // cluster's.
  const bool is_chosen = !wanted.python.empty() || !request.caller_python.empty();
  const Variables as_it_was = request.base;
  add_environment(request.base, request.cluster);
  if (!request.cluster.pre_script.empty()) {
    auto variables = co_await run_script_of(request);
    if (!variables) co_return variables.error();
    take_over(request.base, std::move(*variables));
  }
  const auto python = choose_python(wanted, request.caller_python, request.base, files);
  if (!python) co_return python.error();
  const auto report = co_await look_into(*python, is_chosen ? as_it_was : request.base, request.server);
  if (!report) co_return report.error();
  const auto installation = choose_installation(*report, wanted, request.base, files);
  if (!installation) co_return installation.error();
  auto options = options_for(request, *installation);
  if (!options) co_return options.error();
  if (auto found = check_hadoop_configuration(*options, request.base, files); !found)
    co_return invalid_option(found.error().message, found.error().advice);
  auto own_address = co_await address_for(*options);
  if (!own_address) co_return own_address.error();

  const auto grpc_port = io::free_port();
  if (!grpc_port) co_return no_port(grpc_port.error());
  auto ui_port = io::free_port();
  while (ui_port && *ui_port == *grpc_port) ui_port = io::free_port();
  if (!ui_port) co_return no_port(ui_port.error());

  std::vector<std::string> warnings;
  for (const Error& each : remarks_on_executors(*options)) warnings.push_back(each.message);
  Preparation out{.plan = {},
                  .grpc_port = *grpc_port,
                  .ui_port = *ui_port,
                  .secret = random_token(32),
                  .ui_key = random_token(32),
                  .words = {}};
  out.plan = local_launch({.name = request.name,
                           .server = request.server,
                           .cluster = request.cluster,
                           .options = std::move(*options),
                           .installation = *installation,
                           .base = request.base,
                           .directory = request.directory,
                           .working_directory = request.working_directory,
                           .events_directory = request.events_directory,
                           .own_address = std::move(*own_address),
                           .grpc_port = out.grpc_port,
                           .ui_port = out.ui_port,
                           .secret = out.secret,
                           .ui_key = out.ui_key});
  if (!out.plan.has_ui) out.ui_port = 0;
  out.words = launch_words({.connection = request.name,
                            .cluster = request.cluster.display_name,
                            .options = request.definition.options,
                            .installation = *installation,
                            .python_version = report->python_version,
                            .grpc_port = out.grpc_port,
                            .ui_port = out.ui_port,
                            .driver_host = out.plan.driver_host,
                            .warnings = std::move(warnings)});
  co_return out;
}

}  // namespace firesteel
