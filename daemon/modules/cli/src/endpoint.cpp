// SPDX-License-Identifier: Apache-2.0
// endpoint and gateway.
#include <boost/json.hpp>

#include "activity_views.hpp"
#include "commands.hpp"
#include "gateway_options.hpp"

namespace firesteel::cli {
namespace json = boost::json;

int endpoint(const Context& context, const EndpointCommand& command) {
  if (command.rotate)
    if (const Answer<json::object> rotated = context.client.rotate_token(); !rotated)
      return context.failed(rotated.error());
  std::string url;
  if (command.url) {
    const Answer<json::object> made = context.client.endpoint_url(command.name);
    if (!made) return context.failed(made.error());
    url = text_of(*made, "url");
    if (!context.json) {
      context.console.out(url + "\n");
      return exit_done;
    }
  }
  const Answer<json::object> endpoint = context.client.endpoint();
  if (!endpoint) return context.failed(endpoint.error());
  if (context.json) {
    json::object document = *endpoint;
    if (command.url) document["url"] = url;
    return context.done(document);
  }
  if (command.rotate) context.console.out("The token is a new one: URLs with the old one have ended.\n");
  context.console.out(endpoint_text(*endpoint, context.console.out_has_colours()));
  return exit_done;
}

int gateway(const Context& context, const GatewayCommand& command) {
  GatewayOptions options = command.options;
  options.upstream.token = context.env(upstream_token_variable);
  if (const std::string wrong = check_token(options.upstream); !wrong.empty())
    return context.failed({.code = "usage", .message = wrong, .advice = "See `firesteel gateway --help`."});
  return context.host.run_gateway(options);
}

}  // namespace firesteel::cli
