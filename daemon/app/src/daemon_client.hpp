// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "firesteel/core/time.hpp"
#include "firesteel/io/unique_fd.hpp"

namespace firesteel {

/// The few words that this program says to its daemon before the API's client takes over.
class DaemonClient {
 public:
  /// Connects, or gives nothing when no daemon of this user listens on the socket.
  static std::optional<DaemonClient> connect(const std::filesystem::path& socket);

  /// The daemon's version, or nothing when it doesn't tell in time (it hangs, or is something else).
  std::optional<std::string> version(TimePoint deadline);

  /// Asks the daemon to hand over: to save what it knows and end, with its servers running on.
  bool shut_down(TimePoint deadline);

  /// Waits until the daemon closes the connection, which it does when it ends or after a while without a request.
  /// False at the deadline.
  bool wait_for_close(TimePoint deadline);

 private:
  explicit DaemonClient(io::UniqueFd socket) : socket_(std::move(socket)) {}
  /// The reply's body, if its status is 2xx.
  std::optional<std::string> ask(const std::string& request, TimePoint deadline);
  bool wait_readable(TimePoint deadline);

  io::UniqueFd socket_;
};

}  // namespace firesteel
