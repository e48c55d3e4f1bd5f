// SPDX-License-Identifier: Apache-2.0
#include "firesteel/core/error.hpp"

#include "firesteel/core/names.hpp"

namespace firesteel {
namespace {

constexpr NameTable<Errc, 23> codes{{
    {Errc::bad_request, "bad_request"},
    {Errc::unknown_field, "unknown_field"},
    {Errc::invalid_name, "invalid_name"},
    {Errc::invalid_option, "invalid_option"},
    {Errc::unknown_cluster, "unknown_cluster"},
    {Errc::connection_not_found, "connection_not_found"},
    {Errc::connection_exists, "connection_exists"},
    {Errc::preset_not_found, "preset_not_found"},
    {Errc::session_not_found, "session_not_found"},
    {Errc::operation_not_found, "operation_not_found"},
    {Errc::wrong_state, "wrong_state"},
    {Errc::not_ready, "not_ready"},
    {Errc::no_default, "no_default"},
    {Errc::missing_client_header, "missing_client_header"},
    {Errc::wrong_content_type, "wrong_content_type"},
    {Errc::foreign_origin, "foreign_origin"},
    {Errc::not_found, "not_found"},
    {Errc::method_not_allowed, "method_not_allowed"},
    {Errc::upgrade_required, "upgrade_required"},
    {Errc::payload_too_large, "payload_too_large"},
    {Errc::timed_out, "timed_out"},
    {Errc::shutting_down, "shutting_down"},
    {Errc::internal, "internal"},
}};

}  // namespace

std::string_view to_string(Errc code) { return name_of(codes, code); }

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::runtime_error(error.message + " (" + where.file_name() + ":" + std::to_string(where.line()) + ")");
}

}  // namespace firesteel
