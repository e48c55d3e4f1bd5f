// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/catalog/catalogue.hpp"
#include "firesteel/catalog/reader.hpp"
#include "firesteel/core/error.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// The most that the names and values of all options together may have, in bytes.
inline constexpr std::size_t max_options_bytes = 1024 * 1024;

/// Whether a server on `cluster` can be started with `options`, so that each value reaches Spark unchanged and none
/// undoes what keeps the server private. Otherwise Errc::invalid_option with `field` "options.<name>".
Result<void> validate_options(const Options& options, const catalogue::Cluster& cluster);
/// The same, but all that is wrong: at most one error for each option.
std::vector<Error> problems_with_options(const Options& options, const catalogue::Cluster& cluster);

/// Spark's master URL on this cluster unless the user says another: that of its options, its own, else local[*].
std::string master_of(const catalogue::Cluster& cluster);

/// What the catalogue's reader asks of each option that a cluster or a bundle sets (catalogue::ReadOptions).
std::optional<catalogue::OptionRefusal> refusal_in_catalogue(const std::string& name, const std::string* value);

/// What should be known of a cluster (catalogue::ReadOptions): see remarks_on_executors, and an address of the driver
/// that is not used.
std::vector<catalogue::OptionRefusal> remarks_in_catalogue(const catalogue::Cluster& cluster);

/// Whether an option of this name is Firesteel's alone to set: what keeps the server private and reachable.
bool is_reserved(std::string_view name);

/// A size as Spark writes the driver's memory ("4g", "512m", a bare number of MiB), in MiB.
/// Nothing when it isn't one, or not from 1 MiB to 1 EiB.
std::optional<std::uint64_t> parse_memory_mib(std::string_view text);

}  // namespace firesteel
