// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "firesteel/core/error.hpp"
#include "firesteel/engine/installation.hpp"
#include "firesteel/model/connection.hpp"

namespace firesteel {

/// Where executors run, as a master's URL tells it.
enum class Executors {
  here,        ///< local, local[…], and local-cluster[…]: on this machine, over loopback
  standalone,  ///< spark://…
  yarn,
  kubernetes,  ///< k8s://…
  elsewhere    ///< a plug-in's
};

Executors executors_of(std::string_view master);
/// Those of all options together; without a master they run here.
Executors executors_of(const Options& options);

/// Whom a master's URL names, e.g. "spark://a:7077,b:7077". YARN's names nobody; of Kubernetes one on loopback is a
/// tunnel, which tells nothing of the way back.
struct Manager {
  std::string host{};  ///< without brackets; empty: nobody
  std::uint16_t port = 0;

  friend bool operator==(const Manager&, const Manager&) = default;
};
Manager manager_of(std::string_view master);

/// Whether an option says where executors find their driver: of no use, and refused, when they run here.
bool is_drivers_address(std::string_view name);

/// Whether executors on other machines need an address of this one, as no option says where the driver is.
bool needs_own_address(const Options& options);

/// What is missing for executors on other machines, or what must be as it is because they run here: the driver's
/// address, a secret for Spark's own ports, and a UI that the daemon can pass on. `own_address` is used when
/// needs_own_address(). `ships_pyspark`: the installation has the archives that YARN can hand to executors.
void complete_for_executors(Options& options, const std::string& own_address, bool ships_pyspark);

/// The Python of executors on other machines: the options', else the one that `base` names, else their own `python3`.
std::string python_of_executors(const Options& options, const Variables& base);

/// What should be known of options with executors on other machines, each with `field` "options.<name>": Spark's own
/// ports on the network that ask nobody for a secret, and a secret that is missing.
std::vector<Error> remarks_on_executors(const Options& options);

/// Spark on YARN must be told where Hadoop's configuration is. Errc::invalid_option with field "cluster" if it isn't.
Result<void> check_hadoop_configuration(const Options& options, const Variables& variables, const FileView& files);

}  // namespace firesteel
