// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firesteel {

/// The value of spark.driver.extraJavaOptions as arguments, quotes and backslashes read as Spark's launcher reads them.
/// Nothing when a quote isn't closed or a backslash ends it.
std::optional<std::vector<std::string>> split_java_options(std::string_view text);

/// A file for Java's launcher (`@FILE`, Java 9 and later) that holds these arguments.
std::string to_argument_file(const std::vector<std::string>& arguments);

/// What is wrong with JVM options for the driver, as a sentence; empty when they can be used.
///
/// Only options are let through, so that none is taken for a class to run; and none that runs commands, opens a port
/// to others, or reads further options from a file that nobody has checked.
std::string problem_with_java_options(std::string_view text);

}  // namespace firesteel
