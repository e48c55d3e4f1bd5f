// SPDX-License-Identifier: Apache-2.0
#include "preparation.hpp"

#include "firesteel/io/child.hpp"
#include "firesteel/io/loopback.hpp"
#include "launch_words.hpp"

namespace firesteel {

namespace asio = boost::asio;

namespace {

constexpr auto probe_deadline = std::chrono::seconds(30);  // a cold Python on a network file system is slow

asio::awaitable<Outcome<EnvironmentReport>> look_into(std::string python, Variables base) {
  io::SpawnRequest request{.argv = probe_argv(python), .env = assignments(scrubbed(base)), .cwd = "/"};
  const auto output = co_await io::run(std::move(request), Steady::now() + probe_deadline, max_report_bytes);
  if (!output) co_return python_failed(python, output.error().message);
  if (output->status != ExitStatus::code(0))
    co_return python_failed(python, to_string(output->status) + ": " + output->output.substr(0, 500));
  co_return parse_report(output->output, python);
}

Failure no_port(const Error& error) {
  return {.reason = FailureReason::spawn_failed, .message = error.message, .advice = error.advice};
}

}  // namespace

asio::awaitable<Outcome<Preparation>> prepare(PreparationRequest request) {
  const FileView files = FileView::real();
  const Environment& wanted = request.definition.environment;
  const auto python = choose_python(wanted, request.caller_python, request.base, files);
  if (!python) co_return python.error();
  const auto report = co_await look_into(*python, request.base);
  if (!report) co_return report.error();
  const auto installation = choose_installation(*report, wanted, request.base, files);
  if (!installation) co_return installation.error();

  const auto grpc_port = io::free_port();
  if (!grpc_port) co_return no_port(grpc_port.error());
  auto ui_port = io::free_port();
  while (ui_port && *ui_port == *grpc_port) ui_port = io::free_port();
  if (!ui_port) co_return no_port(ui_port.error());

  Preparation out{.plan = {},
                  .grpc_port = *grpc_port,
                  .ui_port = *ui_port,
                  .secret = random_token(32),
                  .ui_key = random_token(32),
                  .words = {}};
  out.plan = local_launch({.name = request.name,
                           .server = request.server,
                           .cluster = request.cluster,
                           .options = request.definition.options,
                           .installation = *installation,
                           .base = request.base,
                           .directory = request.directory,
                           .working_directory = request.working_directory,
                           .events_directory = request.events_directory,
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
                            .ui_port = out.ui_port});
  co_return out;
}

}  // namespace firesteel
