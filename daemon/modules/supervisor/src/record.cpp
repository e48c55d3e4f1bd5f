// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "firesteel/io/files.hpp"

namespace firesteel {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t largest_record = 16 * 1024 * 1024;

json::object to_object(const Failure& failure) {
  json::object out{{"reason", to_string(failure.reason)},
                   {"message", failure.message},
                   {"advice", failure.advice},
                   {"signal", failure.signal},
                   {"log_tail", json::array(failure.log_tail.begin(), failure.log_tail.end())}};
  if (failure.exit_code) out["exit_code"] = *failure.exit_code;
  return out;
}

json::object to_object(const RunRecord& run) {
  return {{"server_id", run.server.str()},  {"boot_id", run.boot_id},     {"pid", run.pid},
          {"start_ticks", run.start_ticks}, {"grpc_port", run.grpc_port}, {"ui_port", run.ui_port},
          {"secret", run.secret},           {"ui_key", run.ui_key}};
}

json::object to_object(const HistoryRecord& history) {
  return {{"java", history.source.java},
          {"class_path", history.source.class_path},
          {"log_directory", history.source.log_directory},
          {"application_id", history.application_id}};
}

std::string text(const json::object& from, std::string_view key) { return json::value_to<std::string>(from.at(key)); }

Failure failure_from(const json::object& from) {
  Failure failure;
  failure.reason = failure_reason_from(text(from, "reason")).value_or(FailureReason::exited);
  failure.message = text(from, "message");
  failure.advice = text(from, "advice");
  failure.signal = text(from, "signal");
  failure.log_tail = json::value_to<std::vector<std::string>>(from.at("log_tail"));
  if (const auto* code = from.if_contains("exit_code")) failure.exit_code = code->to_number<int>();
  return failure;
}

RunRecord run_from(const json::object& from) {
  RunRecord run;
  run.server = ServerId(text(from, "server_id"));
  run.boot_id = text(from, "boot_id");
  run.pid = from.at("pid").to_number<int>();
  run.start_ticks = from.at("start_ticks").to_number<std::uint64_t>();
  run.grpc_port = from.at("grpc_port").to_number<std::uint16_t>();
  run.ui_port = from.at("ui_port").to_number<std::uint16_t>();
  run.secret = text(from, "secret");
  run.ui_key = text(from, "ui_key");
  return run;
}

HistoryRecord history_from(const json::object& from) {
  return {.source = {.java = text(from, "java"),
                     .class_path = text(from, "class_path"),
                     .log_directory = text(from, "log_directory")},
          .application_id = text(from, "application_id")};
}

ConnectionRecord from_object(const json::object& from) {
  ConnectionRecord record;
  record.id = ConnectionId(text(from, "id"));
  record.name = text(from, "name");
  record.definition.cluster = text(from, "cluster");
  for (const auto& [name, value] : from.at("options").as_object())
    record.definition.options.emplace(name, json::value_to<std::string>(value));
  if (const auto* bundles = from.if_contains("bundles"))
    record.definition.bundles = json::value_to<std::vector<std::string>>(*bundles);
  const auto& environment = from.at("environment").as_object();
  record.definition.environment = {text(environment, "python"), text(environment, "java_home"),
                                   text(environment, "spark_home")};
  record.caller_python = text(from, "caller_python");
  record.created_at_ms = from.at("created_at_ms").to_number<std::int64_t>();
  record.is_default = from.at("is_default").as_bool();
  record.state = connection_state_from(text(from, "state")).value_or(ConnectionState::stopped);
  if (const auto* failure = from.if_contains("failure")) record.failure = failure_from(failure->as_object());
  if (const auto* history = from.if_contains("history")) record.history = history_from(history->as_object());
  if (const auto* server = from.if_contains("running_server")) {
    record.run.emplace();
    record.run->server = ServerId(json::value_to<std::string>(*server));
  }
  if (const auto* server = from.if_contains("preparing_server"))
    record.preparing = ServerId(json::value_to<std::string>(*server));
  return record;
}

}  // namespace

std::string to_json(const ConnectionRecord& record) {
  json::object options;
  for (const auto& [name, value] : record.definition.options) options[name] = value;
  const Environment& environment = record.definition.environment;
  json::object out{
      {"id", record.id.str()},
      {"name", record.name},
      {"cluster", record.definition.cluster},
      {"bundles", json::array(record.definition.bundles.begin(), record.definition.bundles.end())},
      {"options", std::move(options)},
      {"environment",
       {{"python", environment.python}, {"java_home", environment.java_home}, {"spark_home", environment.spark_home}}},
      {"caller_python", record.caller_python},
      {"created_at_ms", record.created_at_ms},
      {"is_default", record.is_default},
      {"state", to_string(record.state)}};
  if (record.failure) out["failure"] = to_object(*record.failure);
  if (record.history) out["history"] = to_object(*record.history);
  if (record.preparing) out["preparing_server"] = record.preparing->str();
  if (record.run) out["running_server"] = record.run->server.str();
  return json::serialize(out);
}

std::string to_json(const RunRecord& run) { return json::serialize(to_object(run)); }

Result<ConnectionRecord> record_from_json(std::string_view content) {
  try {
    ConnectionRecord record = from_object(json::parse(content).as_object());
    if (!record.id.empty()) return record;
    return Error{.message = "the record has no id"};
  } catch (const std::exception& error) {
    return Error{.message = error.what()};
  }
}

Result<RunRecord> run_from_json(std::string_view content) {
  try {
    return run_from(json::parse(content).as_object());
  } catch (const std::exception& error) {
    return Error{.message = error.what()};
  }
}

Result<void> RecordStore::prepare() const {
  if (auto made = io::ensure_private_directory(records_); !made) return made;
  return io::ensure_private_directory(runs_);
}

Result<void> RecordStore::make_run_directory(const ServerId& server) const {
  return io::ensure_private_directory(run_directory(server));
}

void RecordStore::remove_run(const ServerId& server) const {
  std::error_code ignored;
  fs::remove_all(run_directory(server), ignored);
}

Result<void> RecordStore::save(const ConnectionRecord& record) const {
  if (record.run)
    if (auto saved = io::write_atomically(run_file(record.run->server), to_json(*record.run), 0600); !saved)
      return saved;
  return io::write_atomically(file(record.id), to_json(record), 0600);
}

void RecordStore::remove(const ConnectionId& id) const {
  std::error_code ignored;
  fs::remove(file(id), ignored);
}

Result<ConnectionRecord> RecordStore::load_one(const fs::path& path) const {
  const auto content = io::read_file(path, largest_record);
  if (!content) return content.error();
  auto record = record_from_json(*content);
  if (!record) return record;
  if (file(record->id) != path) return Error{.message = "its name and its id differ"};
  if (!record->run) return record;
  // After a reboot the run is gone with the machine's runtime directory: the server then is as well.
  const ServerId server = record->run->server;
  const auto run_content = io::read_file(run_file(server), largest_record);
  auto run = run_content ? run_from_json(*run_content) : Result<RunRecord>(run_content.error());
  if (run && run->server == server) record->run = std::move(*run);
  return record;
}

std::vector<ConnectionRecord> RecordStore::load() const {
  std::vector<ConnectionRecord> records;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(records_, error)) {
    if (entry.path().extension() != ".json") continue;
    if (auto record = load_one(entry.path())) {
      records.push_back(std::move(*record));
    } else {
      spdlog::error("The connection record {} can't be used and is set aside: {}", entry.path().string(),
                    record.error().message);
      std::error_code ignored;
      fs::rename(entry.path(), entry.path().string() + ".bad", ignored);
    }
  }
  if (error) spdlog::error("Can't read the connection records in {}: {}", records_.string(), error.message());
  std::sort(records.begin(), records.end(),
            [](const auto& a, const auto& b) { return a.created_at_ms < b.created_at_ms; });
  return records;
}

}  // namespace firesteel
