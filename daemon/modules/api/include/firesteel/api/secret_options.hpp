// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel::api {

/// Secret options on their way out, and back.
///
/// A value whose option's name says that it is a secret (`names_secret`) leaves as a stand-in: `*****#` and 32 hex
/// digits, an HMAC of name and value. Sent back under the same name it means the value, wherever that is kept here; so
/// a form can hold, change and save what it has never seen. Without the key nothing can be learnt from it, and under
/// another name it means nothing.
class SecretOptions {
 public:
  /// `key`: random, and the user's alone. Stand-ins made with another one mean nothing.
  explicit SecretOptions(std::string key) : key_(std::move(key)) {}

  Options hidden(const Options& options) const;

  /// Puts the values of `kept` in place of their stand-ins. Those that stand for nothing there are taken out of
  /// `options`, with an error (Errc::invalid_option) each.
  std::vector<Error> reveal(Options& options, const std::vector<const Options*>& kept) const;

 private:
  std::string stand_in(std::string_view name, std::string_view value) const;

  std::string key_;
};

/// The key in `file` (mode 0600), made when it isn't there, so that stand-ins outlive the daemon. A key that can't be
/// kept is logged, and lasts as long as the daemon does.
std::string stand_in_key(const std::filesystem::path& file);

}  // namespace firesteel::api
