// SPDX-License-Identifier: Apache-2.0
#include "doctor_facts.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>

namespace firesteel::cli {
namespace fs = std::filesystem;
namespace {

DirectoryFacts look_at_directory(const fs::path& path) {
  DirectoryFacts facts{.path = path.string()};
  struct stat status {};
  facts.exists = stat(path.c_str(), &status) == 0;
  if (facts.exists) {
    facts.is_ours = S_ISDIR(status.st_mode) && status.st_uid == geteuid();
    facts.mode = status.st_mode & 07777;
  }
  fs::path nearest = path;
  std::error_code ignored;
  while (!fs::exists(nearest, ignored) && nearest.has_parent_path() && nearest != nearest.parent_path())
    nearest = nearest.parent_path();
  facts.writable = fs::is_directory(nearest, ignored) && access(nearest.c_str(), W_OK | X_OK) == 0;
  struct statvfs space {};
  if (statvfs(nearest.c_str(), &space) == 0) facts.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
  return facts;
}

std::string try_loopback() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::strerror(errno);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(fd, 1) == 0;
  std::string problem = bound ? "" : std::strerror(errno);
  close(fd);
  return problem;
}

/// The number after `key` at the head of a line, or the file's only number; nothing when it isn't there ("max").
std::optional<std::uint64_t> number_in(const char* file, std::string_view key) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (!line.starts_with(key)) continue;
    const std::size_t digit = line.find_first_of("0123456789", key.size());
    if (digit != std::string::npos) return std::strtoull(line.c_str() + digit, nullptr, 10);
  }
  return std::nullopt;
}

/// What this machine and, in a container, its limit leave.
std::uint64_t memory_available() {
  std::uint64_t available = number_in("/proc/meminfo", "MemAvailable:").value_or(0) * 1024;
  const auto limit = number_in("/sys/fs/cgroup/memory.max", "");
  const auto used = number_in("/sys/fs/cgroup/memory.current", "");
  const std::uint64_t reclaimable = number_in("/sys/fs/cgroup/memory.stat", "inactive_file ").value_or(0);
  if (limit && used) {
    const std::uint64_t busy = *used - std::min(*used, reclaimable);
    const std::uint64_t left = *limit - std::min(*limit, busy);
    available = available == 0 ? left : std::min(available, left);
  }
  return available;
}

DaemonFacts ask_daemon(Client& client) {
  DaemonFacts facts;
  const Answer<boost::json::object> status = client.status();
  if (status) {
    facts.answers = true;
    facts.version = text_of(*status, "version");
    facts.pid = number_of(*status, "pid");
  } else {
    facts.is_absent = status.error().code == "no_daemon";
    facts.problem = status.error().message;
  }
  return facts;
}

}  // namespace

DoctorFacts gather_facts(const Context& context, const std::string& python) {
  DoctorFacts facts;
  look_into_python(python, facts);
  if (const Result<Paths> paths = context.host.paths(); paths) {
    facts.runtime = look_at_directory(paths->runtime_dir);
    facts.state = look_at_directory(paths->state_dir);
    facts.api_socket = paths->api_socket.string();
  } else {
    facts.paths_problem = paths.error().message;
  }
  facts.loopback_problem = try_loopback();
  facts.daemon = ask_daemon(context.client);
  facts.memory_available = memory_available();
  for (const char* name :
       {"http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
    if (const char* value = std::getenv(name); value && *value) facts.proxy_variables.emplace_back(name);
  return facts;
}

}  // namespace firesteel::cli
