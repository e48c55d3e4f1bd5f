// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// EMBEDDED_FILE(name, path): the bytes of the file `path`, as they are, by `std::string_view embedded_name()`. Beside
/// the code and not on the heap: they cost no memory until somebody reads them.
/// `name`: once in the whole program; `path`: a string literal, absolute. Outside of any namespace.
// clang-format off
#define EMBEDDED_FILE(name, path)                                                                  \
  asm(".pushsection .rodata\n"                                                                     \
      ".balign 16\n"                                                                               \
      ".global firesteel_" #name "\n"                                                              \
      ".hidden firesteel_" #name "\n"                                                              \
      "firesteel_" #name ":\n"                                                                     \
      ".incbin \"" path "\"\n"                                                                     \
      ".global firesteel_" #name "_end\n"                                                          \
      ".hidden firesteel_" #name "_end\n"                                                          \
      "firesteel_" #name "_end:\n"                                                                 \
      ".byte 0\n"                                                                                  \
      ".popsection\n");                                                                            \
  extern "C" {                                                                                     \
  extern const char firesteel_##name[];       /* NOLINT */                                         \
  extern const char firesteel_##name##_end[]; /* NOLINT */                                         \
  }                                                                                                \
  static std::string_view embedded_##name() { return {firesteel_##name, firesteel_##name##_end}; } \
  static_assert(true)
// clang-format on
