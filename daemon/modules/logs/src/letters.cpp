// SPDX-License-Identifier: Apache-2.0
#include "letters.hpp"

#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace firesteel {

std::size_t Letters::find(std::string_view text, std::size_t from) const {
  switch (count_) {
    case 0:
      return none;
    case 1:
      return find_any<1>(text, from);
    case 2:
      return find_any<2>(text, from);
    case 3:
      return find_any<3>(text, from);
    case 4:
      return find_any<4>(text, from);
    case 5:
      return find_any<5>(text, from);
    case 6:
      return find_any<6>(text, from);
    case 7:
      return find_any<7>(text, from);
    default:
      return find_any<8>(text, from);
  }
}

template <std::size_t Count>
std::size_t Letters::find_any(std::string_view text, std::size_t from) const {
  std::size_t at = from;
#ifdef __SSE2__
  const __m128i bit = _mm_set1_epi8(0x20);
  __m128i wanted[Count][3];
  for (std::size_t i = 0; i < Count; ++i)
    for (std::size_t k = 0; k < 3; ++k) wanted[i][k] = _mm_set1_epi8(static_cast<char>(bytes_[i][k]));
  const auto load = [&](std::size_t place) {
    return _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + place)), bit);
  };
  for (; at + 18 <= text.size(); at += 16) {
    const __m128i a = load(at), b = load(at + 1), c = load(at + 2);
    __m128i any = _mm_setzero_si128();
    for (std::size_t i = 0; i < Count; ++i)
      any = _mm_or_si128(any,
                         _mm_and_si128(_mm_and_si128(_mm_cmpeq_epi8(a, wanted[i][0]), _mm_cmpeq_epi8(b, wanted[i][1])),
                                       _mm_cmpeq_epi8(c, wanted[i][2])));
    if (const int mask = _mm_movemask_epi8(any); mask != 0)
      return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(mask)));
  }
#endif
  for (; at + 3 <= text.size(); ++at)
    for (std::size_t i = 0; i < Count; ++i)
      if (folded(text[at]) == bytes_[i][0] && folded(text[at + 1]) == bytes_[i][1] &&
          folded(text[at + 2]) == bytes_[i][2])
        return at;
  return none;
}

std::size_t rarest_letters(std::string_view text) {
  constexpr std::string_view often = "etaoinsrldcpu 0123456789:.-/";
  std::size_t best = 0;
  int least = 1000;
  for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
    int weight = 0;
    for (const char c : text.substr(at, 3)) {
      const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      const std::size_t rank = often.find(small);
      weight += rank == often.npos ? 0 : rank < 10 ? 2 : rank > 12 ? 3 : 1;
    }
    if (weight < least) least = weight, best = at;
  }
  return best;
}

}  // namespace firesteel
