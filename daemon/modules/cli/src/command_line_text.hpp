// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace firesteel::cli {

/// A completion script for bash: subcommands, their options and the words that an option takes.
std::string bash_completion(const CLI::App& app);

/// The manual page firesteel(1) in roff.
std::string manual_page(const CLI::App& app);

}  // namespace firesteel::cli
