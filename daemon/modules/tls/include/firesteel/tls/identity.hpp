// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "firesteel/core/time.hpp"
#include "firesteel/tls/context.hpp"

namespace firesteel::tls {

/// A server's certificate and key as they are on disk: read again when the files change, as they do before a
/// certificate expires. What can't be used then is logged, and the last good ones stay.
class Identity {
 public:
  Identity(std::filesystem::path certificate, std::filesystem::path key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}

  /// Reads them for the first time. Errors as of Context::for_server.
  Result<void> load();
  /// What the next client is shown; looks at the files once a second at most. Call load() first.
  ContextPtr current(TimePoint now);
  /// See Context::name_for.
  std::string name_for(const std::string& address) const { return context_->name_for(address); }

 private:
  /// Of both files: changes whenever one is written or replaced.
  std::string stamp() const;

  const std::filesystem::path certificate_;
  const std::filesystem::path key_;
  ContextPtr context_;
  std::string stamp_;
  TimePoint looked_{};
};

}  // namespace firesteel::tls
