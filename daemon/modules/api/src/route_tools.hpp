// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "firesteel/api/routes.hpp"
#include "firesteel/http/message.hpp"
#include "firesteel/http/router.hpp"

namespace firesteel::api {

using http::Call;
using http::Reply;
using Answer = boost::asio::awaitable<Result<Reply>>;

/// The name in the path; one that can't be a connection's is not found either.
inline const std::string& name_of(const Call& call) { return call.path.at("name"); }

/// An error when the request has a query or a body, of which the route knows none.
Result<void> plain(const Call& call);

/// Puts the values in place of the stand-ins that replies gave for them (SecretOptions), wherever they are kept: in a
/// connection or a preset. Those that stand for nothing are taken out, with an error each.
std::vector<Error> reveal(const Services& services, Options& options);
/// The same, or the first error.
Result<void> reveal_all(const Services& services, Options& options);

/// Binds the services, and notes that somebody asked.
http::Handler with(const Services& services, Answer (*handler)(const Services&, Call));

/// The parts of add_api_routes() with files of their own.
void add_log_routes(http::Router& router, const Services& services);
void add_catalog_routes(http::Router& router, const Services& services);
void add_session_routes(http::Router& router, const Services& services);
void add_endpoint_routes(http::Router& router, const Services& services);
void add_ui_routes(http::Router& router, const Services& services);

}  // namespace firesteel::api
