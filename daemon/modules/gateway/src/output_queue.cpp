// SPDX-License-Identifier: Apache-2.0
#include "output_queue.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace firesteel::gateway {

void OutputQueue::add(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  if (size > ReadPool::small_block) return add(pool_.copy(data, size));
  bytes_ += size;
  Slice put = pool_.put(data, size);
  if (first_ < pieces_.size()) {
    Slice& last = pieces_.back();
    if (last.block == put.block && last.data + last.size == put.data) {
      last.size += size;
      return;
    }
  }
  pieces_.push_back(std::move(put));
}

void OutputQueue::add(Slice slice) {
  if (slice.size <= copied_below) return add(slice.data, slice.size);
  bytes_ += slice.size;
  pieces_.push_back(std::move(slice));
}

OutputQueue::Sent OutputQueue::send(int socket) {
  while (bytes_ > 0) {
    std::array<iovec, most_pieces>
        parts;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is used
    const std::size_t count = std::min(pieces_.size() - first_, most_pieces);
    for (std::size_t i = 0; i < count; ++i) {
      const Slice& piece = pieces_[first_ + i];
      parts[i] = {const_cast<std::uint8_t*>(piece.data), piece.size};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
      took(static_cast<std::size_t>(sent));
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      return Sent::blocked;
    else if (errno != EINTR)
      return Sent::broken;
  }
  return Sent::all;
}

std::span<const std::uint8_t> OutputQueue::first_bytes(std::span<std::uint8_t> space) const {
  const std::size_t wanted = std::min(bytes_, space.size());
  if (wanted == 0) return {};
  if (pieces_[first_].size >= wanted) return {pieces_[first_].data, wanted};
  std::size_t size = 0;
  for (std::size_t i = first_; size < wanted; ++i) {
    const std::size_t part = std::min(pieces_[i].size, wanted - size);
    std::copy_n(pieces_[i].data, part, space.data() + size);
    size += part;
  }
  return space.first(size);
}

void OutputQueue::took(std::size_t size) {
  bytes_ -= size;
  while (size > 0) {
    Slice& piece = pieces_[first_];
    if (size < piece.size) {
      piece.data += size;
      piece.size -= size;
      break;
    }
    size -= piece.size;
    piece.block.reset();
    ++first_;
  }
  if (first_ == pieces_.size()) {
    pieces_.clear();
    first_ = 0;
  } else if (first_ > most_pieces * 4) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void OutputQueue::clear() {
  pieces_ = {};
  first_ = 0;
  bytes_ = 0;
}

}  // namespace firesteel::gateway
