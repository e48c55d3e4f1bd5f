// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace firesteel::cli {

/// The absolute path of an executable: itself when it has a slash, else the first on `path` (as $PATH is written).
/// Links are kept: a virtual environment's Python is one. Empty when there is none.
std::string find_executable(std::string_view name, std::string_view path);

/// As above with this process's $PATH.
std::string find_executable(std::string_view name);

/// The Python beside this binary (python3 or python, as in a virtual environment's bin), else python3 on $PATH; empty
/// when there is neither.
std::string caller_python();

}  // namespace firesteel::cli
