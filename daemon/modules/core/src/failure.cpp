// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/failure.hpp"

#include "firesteel/core/names.hpp"

namespace firesteel {
namespace {

constexpr NameTable<FailureReason, 15> reasons{{
    {FailureReason::no_python, "no_python"},
    {FailureReason::no_pyspark, "no_pyspark"},
    {FailureReason::no_java, "no_java"},
    {FailureReason::java_too_old, "java_too_old"},
    {FailureReason::invalid_option, "invalid_option"},
    {FailureReason::port_in_use, "port_in_use"},
    {FailureReason::out_of_memory, "out_of_memory"},
    {FailureReason::disk_full, "disk_full"},
    {FailureReason::class_not_found, "class_not_found"},
    {FailureReason::pre_script, "pre_script"},
    {FailureReason::start_timeout, "start_timeout"},
    {FailureReason::spawn_failed, "spawn_failed"},
    {FailureReason::killed, "killed"},
    {FailureReason::exited, "exited"},
    {FailureReason::lost, "lost"},
}};

}  // namespace

std::string_view to_string(FailureReason reason) { return name_of(reasons, reason); }
std::optional<FailureReason> failure_reason_from(std::string_view text) { return value_of(reasons, text); }

}  // namespace firesteel
