// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "firesteel/http/listener.hpp"
#include "firesteel/io/scope.hpp"

namespace firesteel::http {

/// A listener in a thread of its own, spoken to by blocking sockets.
class WithListener : public testing::Test {
 protected:
  virtual void add_routes(Router& router) = 0;

  void SetUp() override {
    char pattern[] = "/tmp/firesteel-test-XXXXXX";
    directory_ = mkdtemp(pattern);
    add_routes(router_);
    auto bound = Listener::bind(loop_.get_executor(), directory_ / "api.sock", router_, {.body_bytes = 1000});
    ASSERT_TRUE(bound.has_value());
    listener_ = std::make_unique<Listener>(std::move(*bound));
    scope_.spawn("listener", listener_->run());
    thread_ = std::thread([this] { loop_.run(); });
  }

  void TearDown() override {
    boost::asio::post(loop_, [this] { scope_.cancel(); });
    thread_.join();
    std::filesystem::remove_all(directory_);
  }

  /// Sends it and reads until the listener closes.
  std::string talk(const std::string& request) {
    boost::asio::io_context own;
    boost::asio::local::stream_protocol::socket socket(own);
    socket.connect(boost::asio::local::stream_protocol::endpoint((directory_ / "api.sock").string()));
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(request), error);
    std::string reply;
    boost::asio::read(socket, boost::asio::dynamic_buffer(reply), error);
    return reply;
  }

  std::string ask(const std::string& line, const std::string& headers = {}, const std::string& body = {}) {
    return talk(line + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + headers +
                (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body);
  }

  boost::asio::io_context loop_{1};
  io::Scope scope_{loop_.get_executor()};
  Router router_;
  std::filesystem::path directory_;
  std::unique_ptr<Listener> listener_;
  std::thread thread_;
};

}  // namespace firesteel::http
