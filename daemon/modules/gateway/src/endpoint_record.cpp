// SPDX-License-Identifier: Apache-2.0
#include "endpoint_record.hpp"

#include <spdlog/spdlog.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "firesteel/io/files.hpp"

namespace firesteel::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_record = 4096;

}  // namespace

EndpointRecord read_endpoint(const std::filesystem::path& file) {
  const auto text = io::read_file(file, largest_record);
  if (!text) {
    if (text.error().code != Errc::not_found) spdlog::warn("the endpoint's record: {}", text.error().message);
    return {};
  }
  boost::system::error_code error;
  const json::value document = json::parse(*text, error);
  const auto* object = error ? nullptr : document.if_object();
  const auto* port = object ? object->if_contains("port") : nullptr;
  const auto* token = object ? object->if_contains("token") : nullptr;
  if (!port || !port->is_int64() || port->as_int64() < 0 || port->as_int64() > 65535 || !token || !token->is_string()) {
    spdlog::warn("{} can't be understood: a new port and token are chosen", file.string());
    return {};
  }
  return {static_cast<std::uint16_t>(port->as_int64()), json::value_to<std::string>(*token)};
}

Result<void> write_endpoint(const std::filesystem::path& file, const EndpointRecord& record) {
  const json::object document{{"port", record.port}, {"token", record.token}};
  return io::write_atomically(file, json::serialize(document), 0600);
}

}  // namespace firesteel::gateway
