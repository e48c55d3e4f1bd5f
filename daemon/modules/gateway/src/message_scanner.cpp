// SPDX-License-Identifier: Apache-2.0
#include "message_scanner.hpp"

#include <algorithm>

namespace firesteel::gateway {

using h2::WireType;

namespace {

constexpr std::uint64_t max_field_number = (1U << 29) - 1;

}  // namespace

void MessageScanner::scan(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (state_ == State::start) {
      scan_start(bytes);
      continue;
    }
    if (state_ == State::skip) {
      scan_skip(bytes);
      continue;
    }
    const std::uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    if (state_ == State::prefix) {
      scan_prefix(byte);
      continue;
    }
    --left_;
    if (state_ == State::tag)
      scan_tag(byte);
    else
      scan_value(byte);
  }
}

void MessageScanner::scan_prefix(std::uint8_t byte) {
  prefix_[have_++] = byte;
  if (have_ < prefix_.size()) return;
  have_ = 0;
  size_ = left_ = std::uint64_t{prefix_[1]} << 24 | prefix_[2] << 16 | prefix_[3] << 8 | prefix_[4];
  if (prefix_[0] != 0)
    give_up();  // compressed
  else
    next_field();
}

bool MessageScanner::add_to_varint(std::uint8_t byte) {
  if (shift_ == 63 && byte > 1) {
    give_up();
    return false;
  }
  number_ |= std::uint64_t{byte & 0x7fU} << shift_;
  shift_ += 7;
  if (byte < 0x80) return true;
  if (left_ == 0) give_up();
  return false;
}

void MessageScanner::scan_tag(std::uint8_t byte) {
  if (!add_to_varint(byte)) return;
  const std::uint64_t number = number_ >> 3;
  field_ = {.number = static_cast<std::uint32_t>(number), .type = static_cast<WireType>(number_ & 7)};
  number_ = 0;
  shift_ = 0;
  if (number == 0 || number > max_field_number || left_ == 0) return give_up();
  switch (field_.type) {
    case WireType::varint:
    case WireType::bytes:
      state_ = State::value;
      return;
    case WireType::fixed64:
    case WireType::fixed32:
      state_ = State::fixed;
      have_ = 0;
      return;
    default:
      return give_up();
  }
}

void MessageScanner::scan_value(std::uint8_t byte) {
  if (state_ == State::fixed) {
    number_ |= std::uint64_t{byte} << (8 * have_++);
    const unsigned size = field_.type == WireType::fixed64 ? 8 : 4;
    if (have_ < size) {
      if (left_ == 0) give_up();
      return;
    }
    have_ = 0;
  } else if (!add_to_varint(byte)) {
    return;
  }
  field_.value = number_;
  number_ = 0;
  shift_ = 0;
  if (field_.type == WireType::bytes) return begin_bytes();
  listener_.on_field(field_);
  next_field();
}

void MessageScanner::begin_bytes() {
  if (field_.value > left_) return give_up();
  skip_ = field_.value;
  if (skip_ == 0) return tell_bytes({});
  start_.clear();
  state_ = State::start;
}

void MessageScanner::scan_start(std::span<const std::uint8_t>& bytes) {
  const std::size_t wanted = std::min<std::uint64_t>(field_.value, start_size) - start_.size();
  const std::size_t part = std::min(wanted, bytes.size());
  const std::string_view view(reinterpret_cast<const char*>(bytes.data()), part);
  bytes = bytes.subspan(part);
  left_ -= part;
  skip_ -= part;
  if (start_.empty() && part == wanted) return tell_bytes(view);
  start_ += view;
  if (part == wanted) tell_bytes(start_);
}

void MessageScanner::tell_bytes(std::string_view start) {
  field_.start = start;
  listener_.on_field(field_);
  field_.start = {};
  if (skip_ > 0)
    state_ = State::skip;
  else
    next_field();
}

void MessageScanner::scan_skip(std::span<const std::uint8_t>& bytes) {
  const std::size_t part = std::min<std::uint64_t>(skip_, bytes.size());
  bytes = bytes.subspan(part);
  skip_ -= part;
  left_ -= part;
  if (skip_ == 0) next_field();
}

void MessageScanner::next_field() {
  if (left_ > 0) {
    state_ = State::tag;
    return;
  }
  state_ = State::prefix;
  start_ = {};
  listener_.on_message(size_);
}

/// Passes over the rest of the message.
void MessageScanner::give_up() {
  number_ = 0;
  shift_ = 0;
  have_ = 0;
  skip_ = left_;
  state_ = State::skip;
  if (skip_ == 0) next_field();
}

}  // namespace firesteel::gateway
