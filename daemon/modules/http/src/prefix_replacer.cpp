// SPDX-License-Identifier: Apache-2.0
#include "prefix_replacer.hpp"

#include <algorithm>

namespace firesteel::http {

std::string PrefixReplacer::feed(std::string_view piece, bool is_last) {
  kept_ += piece;
  if (from_.empty()) return std::exchange(kept_, {});
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = kept_.find(from_); at != kept_.npos; at = kept_.find(from_, done)) {
    out.append(kept_, done, at - done).append(to_);
    done = at + from_.size();
  }
  const std::string_view rest = std::string_view(kept_).substr(done);
  std::size_t beginning = is_last ? 0 : std::min(rest.size(), from_.size() - 1);
  while (!std::string_view(from_).starts_with(rest.substr(rest.size() - beginning))) --beginning;
  out.append(rest.substr(0, rest.size() - beginning));
  kept_.erase(0, kept_.size() - beginning);
  return out;
}

}  // namespace firesteel::http
