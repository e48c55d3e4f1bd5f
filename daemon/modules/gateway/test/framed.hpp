// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "firesteel/h2/protobuf.hpp"

namespace firesteel::gateway {

/// A gRPC message: not compressed, its length, itself.
inline std::string framed(std::string_view message) {
  std::string out(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(message.size() >> shift & 0xff);
  return out.append(message);
}

}  // namespace firesteel::gateway
