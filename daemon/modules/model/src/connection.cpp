// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/connection.hpp"

#include "firesteel/core/names.hpp"

namespace firesteel {
namespace {

constexpr NameTable<ConnectionState, 5> states{{
    {ConnectionState::starting, "starting"},
    {ConnectionState::ready, "ready"},
    {ConnectionState::stopping, "stopping"},
    {ConnectionState::stopped, "stopped"},
    {ConnectionState::failed, "failed"},
}};

constexpr NameTable<StartPhase, 4> phases{{
    {StartPhase::preparing, "preparing"},
    {StartPhase::starting_jvm, "starting_jvm"},
    {StartPhase::creating_driver, "creating_driver"},
    {StartPhase::adopting, "adopting"},
}};

constexpr NameTable<Suggestion::Type, 3> suggestion_types{{
    {Suggestion::Type::error, "error"},
    {Suggestion::Type::warn, "warn"},
    {Suggestion::Type::info, "info"},
}};

}  // namespace

std::string_view to_string(ConnectionState state) { return name_of(states, state); }
std::optional<ConnectionState> connection_state_from(std::string_view text) { return value_of(states, text); }
std::string_view to_string(StartPhase phase) { return name_of(phases, phase); }
std::string_view to_string(Suggestion::Type type) { return name_of(suggestion_types, type); }

}  // namespace firesteel
