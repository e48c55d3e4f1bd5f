// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "firesteel/http/message.hpp"
#include "firesteel/logs/log_keeper.hpp"

namespace firesteel::api {

/// A whole log as it is shown, for a download: what is there now, in pieces; whatever goes while it is sent (its head,
/// the end of a long line) is said in its place.
class LogText final : public http::BodySource {
 public:
  explicit LogText(std::shared_ptr<KeptLog> log);
  boost::asio::awaitable<std::string> next() override;

 private:
  std::string piece();

  std::shared_ptr<KeptLog> log_;
  std::shared_ptr<const Masker> masker_;
  std::uint64_t generation_;
  std::uint64_t size_;
  std::uint64_t next_ = 0;
  bool ended_ = false;
};

}  // namespace firesteel::api
