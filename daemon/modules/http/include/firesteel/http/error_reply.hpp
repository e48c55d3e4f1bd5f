// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "firesteel/core/error.hpp"

namespace firesteel::http {

/// The one place that says which HTTP status an error becomes.
int status_of(Errc code);

/// `ErrorReply` of api/openapi.yaml.
boost::json::object error_body(const Error& error);

/// `Failure` of api/openapi.yaml.
boost::json::object failure_body(const Failure& failure);

}  // namespace firesteel::http
