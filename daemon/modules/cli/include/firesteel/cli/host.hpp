// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "firesteel/core/error.hpp"
#include "firesteel/core/time.hpp"

namespace firesteel::cli {

/// Where an instance keeps its things (`firesteel paths`).
struct Paths {
  std::filesystem::path runtime_dir;
  std::filesystem::path state_dir;
  std::filesystem::path api_socket;
  std::filesystem::path kernel_socket;
};

struct DaemonOptions {
  /// How long the daemon stays without connection, client or viewer; zero: for ever. Absent: the daemon's own default.
  std::optional<std::chrono::seconds> idle_timeout{};
};

/// A gateway that stands alone (`firesteel gateway`), in front of a server that is not one of ours.
struct GatewayOptions {
  struct Upstream {
    std::string host{};  ///< an address (IPv6 without brackets) or a name
    std::uint16_t port = 15002;
    bool tls = false;
    std::filesystem::path authorities{};  ///< absolute; whom TLS trusts; empty: as this machine does
    std::string token{};                  ///< from $FIRESTEEL_UPSTREAM_TOKEN; empty: the server asks for none
  };
  Upstream upstream{};
  std::string listen_host = "127.0.0.1";  ///< an address; without a token always one of loopback
  std::uint16_t listen_port = 15002;      ///< 0: any that is free
  std::filesystem::path socket{};         ///< absolute; empty: no unix socket
  bool needs_token = true;                ///< on TCP
  /// Absolute; holds the token that clients send, and is made (0600, with a new token) where there is none.
  /// Empty: a new token for this run.
  std::filesystem::path token_file{};
  std::filesystem::path certificate{};  ///< absolute; what the port shows by TLS; empty: no TLS
  std::filesystem::path key{};          ///< absolute; of that certificate
};

/// What the command line needs of the program around it; implemented by `app`, faked by the tests.
class Host {
 public:
  virtual ~Host() = default;

  /// Where this instance's things are or would be. Creates nothing.
  virtual Result<Paths> paths() = 0;

  /// Runs the daemon in the foreground until it ends; returns its exit code.
  virtual int run_daemon(const DaemonOptions& options) = 0;

  /// Returns when a daemon answers, having started one in the background if none did; an error past `deadline`.
  virtual Result<void> ensure_daemon(const DaemonOptions& options, TimePoint deadline) = 0;

  /// Keeps a daemon running (`firesteel daemon --attach`) until the parent process ends; returns the exit code.
  virtual int attach(const DaemonOptions& options) = 0;

  /// Runs a gateway alone in the foreground until it ends, saying on stdout where it listens; returns its exit code.
  virtual int run_gateway(const GatewayOptions& options) = 0;
};

}  // namespace firesteel::cli
