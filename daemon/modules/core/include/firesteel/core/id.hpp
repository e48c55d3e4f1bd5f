// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace firesteel {

/// A string that names one kind of thing; ids of different kinds don't mix.
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

using ConnectionId = Id<struct ConnectionTag>;
/// One run of a connection's server; a restart makes a new one.
using ServerId = Id<struct ServerTag>;

/// A random (version 4) UUID in its usual spelling, from the kernel's random numbers. Throws std::system_error when
/// the kernel has none to give.
std::string random_uuid();

/// `bytes` random bytes as base64url without padding: a secret that fits in a header, a file and an environment.
std::string random_token(std::size_t bytes);

}  // namespace firesteel

template <class Tag>
struct std::hash<firesteel::Id<Tag>> {
  std::size_t operator()(const firesteel::Id<Tag>& id) const { return std::hash<std::string>{}(id.str()); }
};
