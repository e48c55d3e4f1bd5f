// SPDX-License-Identifier: Apache-2.0
#include "firesteel/api/secret_options.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>

#include "firesteel/core/id.hpp"
#include "firesteel/io/files.hpp"
#include "firesteel/logs/masker.hpp"

namespace firesteel::api {
namespace {

constexpr std::string_view stars = "*****";
constexpr std::string_view sign = "*****#";
constexpr std::size_t shown_bytes = 16;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t longest_key = 256;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_stand_in(std::string_view value) {
  return value.size() == sign.size() + 2 * shown_bytes && value.starts_with(sign) &&
         std::all_of(value.begin() + sign.size(), value.end(), is_hex);
}

Error stands_for_nothing(const std::string& name) {
  return {.code = Errc::invalid_option,
          .message = fmt::format("The hidden value of {} isn't kept here, or not under this name.", name),
          .advice = "Type the value again, or take the option out.",
          .field = "options." + name};
}

Error only_stars(const std::string& name) {
  return {.code = Errc::invalid_option,
          .message = fmt::format("{} is how a secret is shown; it isn't the value of {}.", stars, name),
          .advice = "Type the value again, or take the option out.",
          .field = "options." + name};
}

}  // namespace

Options SecretOptions::hidden(const Options& options) const {
  Options out = options;
  for (auto& [name, value] : out)
    if (!value.empty() && names_secret(name)) value = stand_in(name, value);
  return out;
}

std::vector<Error> SecretOptions::reveal(Options& options, const std::vector<const Options*>& kept) const {
  std::vector<Error> errors;
  const auto value_behind = [&](const std::string& name, const std::string& standing) -> std::optional<std::string> {
    for (const Options* each : kept)
      if (const auto at = each->find(name); at != each->end() && stand_in(name, at->second) == standing)
        return at->second;
    return std::nullopt;
  };
  for (auto at = options.begin(); at != options.end();) {
    auto& [name, value] = *at;
    std::optional<Error> wrong;
    if (is_stand_in(value)) {
      if (auto behind = value_behind(name, value))
        value = std::move(*behind);
      else
        wrong = stands_for_nothing(name);
    } else if (value == stars && names_secret(name)) {
      wrong = only_stars(name);
    }
    if (wrong) errors.push_back(std::move(*wrong));
    at = wrong ? options.erase(at) : std::next(at);
  }
  return errors;
}

std::string SecretOptions::stand_in(std::string_view name, std::string_view value) const {
  // A name holds no NUL: it is refused.
  const std::string text = fmt::format("{}{}{}", name, '\0', value);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size))
    throw std::runtime_error("OpenSSL can't make an HMAC with SHA-256");
  return fmt::format("{}{:02x}", sign, fmt::join(digest.begin(), digest.begin() + shown_bytes, ""));
}

std::string stand_in_key(const std::filesystem::path& file) {
  if (auto kept = io::read_file(file, longest_key); kept && kept->size() >= key_bytes) return std::move(*kept);
  std::string key = random_token(key_bytes);
  if (auto written = io::write_atomically(file, key, 0600); !written)
    spdlog::warn("A form that is open when the daemon restarts will ask for secret options again: {}",
                 written.error().message);
  return key;
}

}  // namespace firesteel::api
