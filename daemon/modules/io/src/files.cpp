// SPDX-License-Identifier: Apache-2.0
#include "firesteel/io/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace firesteel::io {

namespace fs = std::filesystem;

namespace {

Error failed(std::string_view doing, const fs::path& file, int error) {
  Error out{.code = error == ENOENT ? Errc::not_found : Errc::internal,
            .message = fmt::format("Can't {} {}: {}.", doing, file.string(), std::strerror(error))};
  if (error == ENOSPC || error == EDQUOT) out.advice = "The disk is full: free some space there and try again.";
  return out;
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void sync_directory(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

}  // namespace

Result<void> write_atomically(const fs::path& file, std::string_view content, mode_t mode, Flush flush) {
  const fs::path temporary = file.string() + ".new";
  const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) return failed("write", temporary, errno);
  if (::fchmod(fd.get(), mode) != 0 || !write_all(fd.get(), content) ||
      (flush == Flush::yes && ::fsync(fd.get()) != 0)) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return failed("write", file, error);
  }
  if (::rename(temporary.c_str(), file.c_str()) != 0) return failed("replace", file, errno);
  if (flush == Flush::yes) sync_directory(file.parent_path());
  return {};
}

Result<std::string> read_file(const fs::path& file, std::size_t limit) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failed("read", file, errno);
  std::string content;
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0) {
      if (errno == EINTR) continue;
      return failed("read", file, errno);
    }
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit)
      return Error{.code = Errc::payload_too_large,
                   .message = fmt::format("{} is larger than {} bytes.", file.string(), limit)};
  }
}

Result<void> ensure_private_directory(const fs::path& directory) {
  std::error_code error;
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failed("create", directory, errno);

  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0) return failed("look at", directory, errno);
  const auto refuse = [&](std::string_view why, std::string_view advice) {
    return Error{.code = Errc::internal,
                 .message = fmt::format("{} {}.", directory.string(), why),
                 .advice = std::string(advice)};
  };
  if (!S_ISDIR(status.st_mode)) return refuse("is not a directory", "Remove it or set FIRESTEEL_RUNTIME_DIR.");
  if (status.st_uid != ::geteuid())
    return refuse("belongs to another user", "Set FIRESTEEL_RUNTIME_DIR to a directory of your own.");
  if ((status.st_mode & 0077) != 0)
    return refuse("is open to other users", fmt::format("Run: chmod 700 {}", directory.string()));
  return {};
}

Result<UniqueFd> lock_file(const fs::path& file) {
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return failed("open", file, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return failed("lock", file, errno);
  return Error{.code = Errc::wrong_state, .message = fmt::format("Another process holds {}.", file.string())};
}

}  // namespace firesteel::io
