// SPDX-License-Identifier: Apache-2.0
// A server that stands for Spark's: a query gets as many messages as its metadata ask for, all else is given back.
// Prints its port, and runs until it is killed.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "messages.hpp"

namespace {

std::string metadata(const grpc::GenericCallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  return found == context.client_metadata().end() ? "" : std::string(found->second.begin(), found->second.end());
}

/// One call; deletes itself when it is done.
class Call final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Call(const grpc::GenericCallbackServerContext& context)
      : is_query_(context.method() == bench::kExecutePlan) {
    if (is_query_) {
      query_ = {metadata(context, bench::kSessionKey), metadata(context, bench::kOperationKey),
                std::strtoull(metadata(context, bench::kMessagesKey).c_str(), nullptr, 10),
                std::strtoull(metadata(context, bench::kBytesKey).c_str(), nullptr, 10)};
    }
    StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish({grpc::StatusCode::INVALID_ARGUMENT, "no request came"});
    if (is_query_) return send_next();
    StartWriteAndFinish(&message_, {}, grpc::Status::OK);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    send_next();
  }

  void OnDone() override { delete this; }

 private:
  void send_next() {
    message_ = bench::response(query_, sent_);
    if (sent_++ == query_.messages) return StartWriteAndFinish(&message_, {}, grpc::Status::OK);
    StartWrite(&message_);
  }

  bool is_query_;
  bench::Query query_;
  std::uint64_t sent_ = 0;
  grpc::ByteBuffer message_;
};

class Service final : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Call(*context);  // NOLINT
  }
};

}  // namespace

int main() {
  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto server = builder.BuildAndStart();
  if (!server) return 1;
  std::printf("%d\n", port);
  std::fflush(stdout);
  server->Wait();
}
