// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include "firesteel/catalog/holder.hpp"

namespace firesteel::catalogue {
namespace fs = std::filesystem;
namespace {

std::optional<fs::path> catalogue_in(const fs::path& folder) {
  static constexpr std::array names{"catalog.yaml", "catalog.yml", "catalog.json"};
  for (const char* name : names) {
    std::error_code ignored;
    if (const fs::path file = folder / name; fs::exists(file, ignored)) return file;
  }
  return std::nullopt;
}

}  // namespace

Locations find_locations(const std::function<std::string(const char* name)>& env, const fs::path& state) {
  Locations out{.named = env("FIRESTEEL_CATALOG"),
                .user = {},
                .jupyter = state / "jupyter.json",
                .system_wide = "/etc/firesteel"};
  if (!out.named.empty()) out.named = fs::absolute(out.named).lexically_normal();
  fs::path config = env("XDG_CONFIG_HOME");
  if (!config.is_absolute()) config = fs::path(env("HOME")) / ".config";
  if (config.is_absolute()) out.user = config / "firesteel";
  return out;
}

std::vector<Source> sources_at(const Locations& locations) {
  std::vector<Source> out;
  if (!locations.named.empty())
    out.push_back({.file = locations.named});
  else if (const auto file = locations.user.empty() ? std::nullopt : catalogue_in(locations.user))
    out.push_back({.file = *file});
  std::error_code ignored;
  if (fs::exists(locations.jupyter, ignored)) out.push_back({.file = locations.jupyter, .is_jupyters = true});
  if (const auto file = catalogue_in(locations.system_wide)) out.push_back({.file = *file});
  return out;
}

}  // namespace firesteel::catalogue
