// SPDX-License-Identifier: Apache-2.0
#include "firesteel/engine/executors.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "firesteel/core/host_port.hpp"
#include "option_values.hpp"

namespace firesteel {
namespace {

constexpr const char* driver_host = "spark.driver.host";
constexpr const char* bind_address = "spark.driver.bindAddress";
constexpr const char* authenticate = "spark.authenticate";
constexpr const char* shuffle_service = "spark.shuffle.service.enabled";

constexpr std::string_view who_can =
    "Spark's own ports are on the network and ask nobody for a secret: who reaches them can run code as you. ";

/// Whether Spark itself makes and hands out the secret of its ports.
bool makes_its_own_secret(Executors where) { return where == Executors::yarn || where == Executors::kubernetes; }

Error remark(const char* option, std::string message, std::string advice) {
  return {.code = Errc::invalid_option,
          .message = std::move(message),
          .advice = std::move(advice),
          .field = std::string("options.") + option};
}

}  // namespace

Executors executors_of(std::string_view master) {
  if (master.empty() || master == "local" || master.starts_with("local[") || master.starts_with("local-cluster["))
    return Executors::here;
  if (master == "yarn") return Executors::yarn;
  if (master.starts_with("spark://")) return Executors::standalone;
  if (master.starts_with("k8s://")) return Executors::kubernetes;
  return Executors::elsewhere;
}

Executors executors_of(const Options& options) { return executors_of(value_of(options, "spark.master")); }

Manager manager_of(std::string_view master) {
  const Executors where = executors_of(master);
  if (where != Executors::standalone && where != Executors::kubernetes) return {};
  std::string url(master.substr(0, master.find(',')));
  if (where == Executors::kubernetes) {
    url.erase(0, std::string_view("k8s://").size());
    if (url.find("://") == url.npos) url.insert(0, "https://");
  }
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host_address().empty()) return {};
  Manager out{.host = parsed->host_address(), .port = parsed->port_number()};
  if (out.port == 0) out.port = parsed->scheme() == "http" ? 80 : parsed->scheme() == "spark" ? 7077 : 443;
  if (where == Executors::kubernetes && is_loopback(out.host)) return {};
  return out;
}

bool is_drivers_address(std::string_view name) { return name == driver_host || name == bind_address; }

bool needs_own_address(const Options& options) {
  return executors_of(options) != Executors::here && value_of(options, driver_host).empty();
}

void complete_for_executors(Options& options, const std::string& own_address, bool ships_pyspark) {
  const Executors where = executors_of(options);
  if (where == Executors::here) {
    options[driver_host] = "127.0.0.1";
    options.erase(bind_address);
    return;
  }
  if (needs_own_address(options)) options[driver_host] = own_address;
  // An external shuffle service would have to know of it, too.
  if (makes_its_own_secret(where) && !is_true(options, shuffle_service)) options.emplace(authenticate, "true");
  if (where != Executors::yarn) return;
  // YARN puts a filter before the UI that sends everybody to YARN's own proxy but this address, which is the daemon's.
  options["spark.hadoop.yarn.web-proxy.address"] = "127.0.0.1:1";
  // Spark Connect is no Python application to Spark, which hands pyspark to YARN's executors for those alone.
  if (ships_pyspark) options.emplace("spark.yarn.isPython", "true");
}

std::string python_of_executors(const Options& options, const Variables& base) {
  if (std::string python = value_of(options, "spark.pyspark.python"); !python.empty()) return python;
  const auto variable = base.find("PYSPARK_PYTHON");
  return variable == base.end() || variable->second.empty() ? "python3" : variable->second;
}

std::vector<Error> remarks_on_executors(const Options& options) {
  const Executors where = executors_of(options);
  if (where == Executors::here) return {};
  const bool asks = is_true(options, authenticate);
  if (asks) {
    if (makes_its_own_secret(where)) return {};
    for (const char* name :
         {"spark.authenticate.secret", "spark.authenticate.secret.file", "spark.authenticate.secret.driver.file"})
      if (!value_of(options, name).empty()) return {};
    return {remark("spark.authenticate.secret",
                   "Spark's own ports ask for a secret (spark.authenticate), and no option says which.",
                   "Set spark.authenticate.secret to the one that the cluster's master and workers have.")};
  }
  const bool is_said = options.contains(authenticate);
  if (!makes_its_own_secret(where))
    return {
        remark(authenticate, std::string(who_can) + "They must have the cluster's.",
               "Set spark.authenticate=true, and spark.authenticate.secret to the one that the cluster's master and "
               "workers have; or let a firewall keep others away.")};
  if (!is_said && is_true(options, shuffle_service))
    return {remark(shuffle_service, std::string(who_can) + "They don't, as the external shuffle service may know none.",
                   "If the shuffle service asks for secrets, set spark.authenticate=true; else leave "
                   "spark.shuffle.service.enabled out, or let a firewall keep others away.")};
  if (is_said)
    return {remark(authenticate, std::string(who_can) + "An option says so.",
                   "Leave spark.authenticate out: it is on by itself.")};
  return {};
}

Result<void> check_hadoop_configuration(const Options& options, const Variables& variables, const FileView& files) {
  if (executors_of(options) != Executors::yarn) return {};
  const auto failed = [](std::string message) {
    return Error{.code = Errc::invalid_option,
                 .message = std::move(message),
                 .advice =
                     "Set HADOOP_CONF_DIR to the directory with yarn-site.xml and core-site.xml: in the cluster's "
                     "env or pre_script in the catalogue, or before Jupyter starts.",
                 .field = "cluster"};
  };
  bool is_there = false;
  for (const char* name : {"HADOOP_CONF_DIR", "YARN_CONF_DIR"}) {
    const auto at = variables.find(name);
    if (at == variables.end() || at->second.empty()) continue;
    if (!files.is_directory(at->second))
      return failed(fmt::format("There is no directory '{}', which {} names.", at->second, name));
    is_there = true;
  }
  if (is_there) return {};
  return failed("Spark can't find YARN: neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set.");
}

}  // namespace firesteel
