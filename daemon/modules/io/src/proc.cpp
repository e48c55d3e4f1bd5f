// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/proc.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "listeners.hpp"

namespace firesteel::io {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The fields of /proc/PID/stat after the command's name, which may hold spaces and brackets: field 3 comes first.
std::vector<std::string> stat_fields(int pid) {
  const std::string text = slurp(fmt::format("/proc/{}/stat", pid));
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return {};
  std::istringstream rest(text.substr(end_of_name + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

template <class Number>
std::optional<Number> parse(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool holds(std::string_view block, std::string_view entry) {
  for (std::size_t at = 0; at < block.size();) {
    const std::size_t end = std::min(block.find('\0', at), block.size());
    if (block.substr(at, end - at) == entry) return true;
    at = end + 1;
  }
  return false;
}

bool holds_any(int pid, const std::set<std::string>& sockets) {
  const std::string directory = fmt::format("/proc/{}/fd", pid);
  DIR* handle = ::opendir(directory.c_str());
  if (!handle) return false;
  bool found = false;
  while (const dirent* entry = ::readdir(handle)) {
    char target[64];
    const ssize_t size = ::readlink(fmt::format("{}/{}", directory, entry->d_name).c_str(), target, sizeof target);
    if (size > 0 && sockets.contains(std::string(target, static_cast<std::size_t>(size)))) {
      found = true;
      break;
    }
  }
  ::closedir(handle);
  return found;
}

}  // namespace

std::optional<std::uint64_t> start_ticks(int pid) {
  const auto fields = stat_fields(pid);
  if (fields.size() < 20) return std::nullopt;
  return parse<std::uint64_t>(fields[19]);
}

std::string boot_id() {
  std::string id = slurp("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

bool carries(int pid, std::string_view assignment) {
  return holds(slurp(fmt::format("/proc/{}/environ", pid)), assignment);
}

std::vector<int> processes_with(std::string_view assignment) {
  std::vector<int> found;
  DIR* handle = ::opendir("/proc");
  if (!handle) return found;
  while (const dirent* entry = ::readdir(handle)) {
    const auto pid = parse<int>(entry->d_name);
    if (!pid) continue;
    struct stat status {};
    if (::stat(fmt::format("/proc/{}", *pid).c_str(), &status) != 0 || status.st_uid != ::geteuid()) continue;
    // A zombie's environment reads as empty, so it drops out here.
    if (carries(*pid, assignment)) found.push_back(*pid);
  }
  ::closedir(handle);
  return found;
}

bool listens_on(int pid, std::uint16_t port) {
  std::set<std::string> sockets;
  for (const std::uint32_t inode : listening_inodes(port)) sockets.insert(fmt::format("socket:[{}]", inode));
  return !sockets.empty() && holds_any(pid, sockets);
}

std::uint64_t resident_bytes() {
  std::istringstream fields(slurp("/proc/self/statm"));
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  fields >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace firesteel::io
