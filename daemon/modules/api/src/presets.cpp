// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/presets.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "codec.hpp"
#include "firesteel/io/files.hpp"
#include "requests.hpp"

namespace firesteel::api {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

Result<std::map<std::string, Definition>> presets_from(const std::string& content) {
  boost::system::error_code error;
  const json::value whole = json::parse(content, error);
  if (error || !whole.is_object()) return Error{.message = "it is no JSON object"};
  std::map<std::string, Definition> out;
  for (const auto& [name, value] : whole.get_object()) {
    if (!value.is_object()) return Error{.message = "a preset is no object"};
    auto read = replacements_from(value.get_object());
    if (!read) return read.error();
    out.emplace(name, definition_of(std::move(*read)));
  }
  return out;
}

}  // namespace

Presets::Presets(fs::path file) : file_(std::move(file)) {
  const auto content = io::read_file(file_, most_bytes);
  if (!content && content.error().code == Errc::not_found) return;
  auto read = content ? presets_from(*content) : Result<std::map<std::string, Definition>>(content.error());
  if (read) {
    presets_ = std::move(*read);
    return;
  }
  spdlog::error("The presets in {} can't be used and are set aside: {}", file_.string(), read.error().message);
  std::error_code ignored;
  fs::rename(file_, file_.string() + ".bad", ignored);
}

Result<void> Presets::save(const std::string& name, Definition definition) {
  auto presets = presets_;
  presets.insert_or_assign(name, std::move(definition));
  if (presets.size() > most)
    return Error{.code = Errc::payload_too_large,
                 .message = fmt::format("There are {} presets already.", most),
                 .advice = "Remove one that isn't needed any more."};
  return store(std::move(presets));
}

Result<void> Presets::remove(const std::string& name) {
  auto presets = presets_;
  if (presets.erase(name) == 0)
    return Error{
        .code = Errc::preset_not_found, .message = fmt::format("There is no preset '{}'.", name), .field = "preset"};
  return store(std::move(presets));
}

Result<void> Presets::store(std::map<std::string, Definition> presets) {
  json::object all;
  for (const auto& [name, definition] : presets) all[name] = definition_json(definition);
  const std::string content = json::serialize(all);
  if (content.size() > most_bytes)
    return Error{.code = Errc::payload_too_large,
                 .message = fmt::format("The presets have more than {} KiB together.", most_bytes / 1024),
                 .advice = "Remove one that isn't needed any more."};
  // First on disk: what somebody has seen is still true after a crash.
  if (auto written = io::write_atomically(file_, content, 0600); !written) return written;
  presets_ = std::move(presets);
  return {};
}

}  // namespace firesteel::api
