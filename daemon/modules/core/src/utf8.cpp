// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/utf8.hpp"

#include <boost/locale/utf.hpp>

namespace firesteel {
namespace {

namespace utf = boost::locale::utf;
using Traits = utf::utf_traits<char>;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Calls `visit(character, is_valid)` for each character of UTF-8 and each run of bytes that isn't one.
template <class Visit>
void each_character(std::string_view bytes, Visit visit) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    const char* const start = at;
    const utf::code_point point = Traits::decode(at, end);
    const bool valid = point != utf::illegal && point != utf::incomplete;
    // The decoder may swallow the good byte that ends a bad sequence: step over the first byte and those that can only
    // continue one.
    if (!valid) {
      at = start + 1;
      while (at != end && Traits::is_trail(*at)) ++at;
    }
    if (!visit(std::string_view(start, static_cast<std::size_t>(at - start)), valid)) return;
  }
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  bool all = true;
  each_character(bytes, [&](std::string_view, bool valid) { return all = valid; });
  return all;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  each_character(bytes, [&](std::string_view character, bool valid) {
    out += valid ? character : replacement;
    return true;
  });
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && Traits::is_trail(text[max_bytes])) --max_bytes;
  return text.substr(0, max_bytes);
}

}  // namespace firesteel
