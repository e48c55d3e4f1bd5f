# SPDX-License-Identifier: Apache-2.0
# Compiler, linker and cache settings that every target shares.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths are hashed relative to the checkout, so that a second clone or another build directory finds what one made.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  # Code that runs rarely (exceptions, start-up) lies apart from the rest, as with other linkers: two megabytes less are
  # resident of a gateway.
  add_link_options(-fuse-ld=mold -Wl,-z,keep-text-section-prefix)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees faults that aren't there in coroutine frames (Asio's own operator new) and in std::string.
  add_compile_options(-Wno-maybe-uninitialized -Wno-mismatched-new-delete -Wno-restrict)
endif()
add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections)
add_compile_options(-ffunction-sections -fdata-sections)
if(FIRESTEEL_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_link_options(-s -Wl,-z,relro,-z,now)
endif()

set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json system container url)
find_path(SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_path(FMT_INCLUDE fmt/format.h REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)
# vcpkg's RE2 needs Abseil and says so in its CMake package; Debian's has neither.
find_package(re2 CONFIG QUIET)
if(TARGET re2::re2)
  set(RE2_LIBRARY re2::re2)
else()
  find_library(RE2_LIBRARY NAMES libre2.a re2 REQUIRED)
endif()
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL 3 REQUIRED)
find_library(NGHTTP2_LIBRARY NAMES libnghttp2.a nghttp2 REQUIRED)
# Not by its CMake package, as Debian's names the shared library.
find_path(YAML_CPP_INCLUDE yaml-cpp/eventhandler.h REQUIRED)
find_library(YAML_CPP_LIBRARY NAMES libyaml-cpp.a yaml-cpp REQUIRED)

add_library(firesteel_boost INTERFACE)
target_link_libraries(firesteel_boost INTERFACE Boost::headers Boost::json Boost::system Boost::url Threads::Threads)
target_compile_definitions(firesteel_boost INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
add_library(firesteel_log INTERFACE)
# Header-only: Debian ships spdlog and fmt as shared libraries alone, and the binary is to need nothing but libc.
target_compile_definitions(firesteel_log INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
