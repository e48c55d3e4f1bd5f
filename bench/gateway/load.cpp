// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

#include "messages.hpp"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kWarmUpCalls = 200;
constexpr std::uint64_t kWarmUpMessages = 16;
constexpr auto kDeadline = std::chrono::minutes(10);

double since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

std::string new_uuid() {
  static std::random_device random;
  const auto number = [] { return std::uint64_t{random()} << 32 | random(); };
  return uuid(number(), number());
}

void check(const grpc::Status& status) {
  if (!status.ok()) {
    throw std::runtime_error("status " + std::to_string(status.error_code()) + ": " + status.error_message());
  }
}

std::shared_ptr<grpc::Channel> open_channel(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

/// What was started last and what it waits for; everything runs on the thread that calls `next`.
class Queue {
 public:
  ~Queue() {
    queue_.Shutdown();
    for (void* tag = nullptr; !drained(tag);) continue;
  }

  grpc::CompletionQueue* get() { return &queue_; }

  /// The next thing that is done, and whether it went well.
  bool next(void** tag) {
    bool ok = false;
    if (!queue_.Next(tag, &ok)) throw std::runtime_error("the queue has ended");
    return ok;
  }

  bool next() {
    void* tag = nullptr;
    return next(&tag);
  }

 private:
  bool drained(void*& tag) {
    bool ok = false;
    return !queue_.Next(&tag, &ok);
  }

  grpc::CompletionQueue queue_;
};

/// A call of Config that gives back what it was given; can be made again and again.
class Echo {
 public:
  Echo(grpc::GenericStub& stub, std::string session, Queue& queue)
      : stub_(stub), session_(std::move(session)), queue_(queue) {}

  void start(std::uint64_t number) {
    request_ = config_request(session_, number);
    call_.reset();  // lives in memory of the context's
    context_.emplace();
    context_->set_deadline(std::chrono::system_clock::now() + kDeadline);
    began_ = Clock::now();
    call_ = stub_.PrepareUnaryCall(&*context_, kConfig, request_, queue_.get());
    call_->StartCall();
    call_->Finish(&reply_, &status_, this);
  }

  /// Seconds that it took, once the queue has said that it is done.
  double finish() {
    const double seconds = since(began_);
    check(status_);
    if (!same(request_, reply_)) throw std::runtime_error("a call gave back something else than it was given");
    return seconds;
  }

 private:
  grpc::GenericStub& stub_;
  std::string session_;
  Queue& queue_;
  std::optional<grpc::ClientContext> context_{};
  grpc::ByteBuffer request_{};
  grpc::ByteBuffer reply_{};
  grpc::Status status_{};
  Clock::time_point began_{};
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_{};
};

/// A query under way.
class Stream {
 public:
  Stream(grpc::GenericStub& stub, Queue& queue, std::uint64_t bytes, std::size_t message_bytes)
      : queue_(queue), query_{new_uuid(), new_uuid(), bytes / message_bytes, message_bytes} {
    context_.set_deadline(std::chrono::system_clock::now() + kDeadline);
    context_.AddMetadata(kSessionKey, query_.session);
    context_.AddMetadata(kOperationKey, query_.operation);
    context_.AddMetadata(kMessagesKey, std::to_string(query_.messages));
    context_.AddMetadata(kBytesKey, std::to_string(query_.bytes));
    call_ = stub.PrepareCall(&context_, kExecutePlan, queue_.get());
    call_->StartCall(nullptr);
    done("could not be started");
    call_->WriteLast(execute_request(query_), {}, nullptr);
    done("could not be sent");
  }

  void wait_for_beginning() {
    call_->ReadInitialMetadata(nullptr);
    done("did not begin");
  }

  /// Reads and checks all that comes; returns how many bytes.
  std::uint64_t read_all() {
    std::uint64_t bytes = 0;
    for (std::uint64_t number = 0;; ++number) {
      grpc::ByteBuffer message;
      call_->Read(&message, nullptr);
      if (!queue_.next()) {
        grpc::Status status;
        call_->Finish(&status, nullptr);
        queue_.next();
        check(status);
        if (number != query_.messages + 1) throw std::runtime_error("the query ended early");
        return bytes;
      }
      if (number > query_.messages || !same(message, response(query_, number))) {
        throw std::runtime_error("message " + std::to_string(number) + " is not what the server sent");
      }
      bytes += message.Length();
    }
  }

 private:
  void done(const char* otherwise) {
    if (queue_.next()) return;
    grpc::Status status;
    call_->Finish(&status, nullptr);
    queue_.next();
    check(status);
    throw std::runtime_error(std::string("the query ") + otherwise);
  }

  Queue& queue_;
  Query query_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

std::string json(const char* format, auto... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

/// Says that all is held, and returns when stdin ends.
void hold(const std::string& said) {
  std::puts(said.c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) continue;
}

}  // namespace

std::string bulk(const std::string& target, std::uint64_t bytes, std::size_t message_bytes) {
  grpc::GenericStub stub(open_channel(target));
  Queue queue;
  const auto warm_up = Stream(stub, queue, kWarmUpMessages * message_bytes, message_bytes).read_all();
  Stream stream(stub, queue, bytes, message_bytes);
  const auto began = Clock::now();
  const auto got = stream.read_all();
  const double seconds = since(began);
  return json(R"({"bytes": %llu, "warm_up_bytes": %llu, "mb_per_s": %.1f})", static_cast<unsigned long long>(got),
              static_cast<unsigned long long>(warm_up), static_cast<double>(got) / 1e6 / seconds);
}

std::string unary(const std::string& target, std::uint64_t calls, std::uint64_t at_once) {
  grpc::GenericStub stub(open_channel(target));
  Queue queue;
  const auto session = new_uuid();
  std::vector<std::unique_ptr<Echo>> echoes;
  for (std::uint64_t i = 0; i < at_once; ++i) echoes.push_back(std::make_unique<Echo>(stub, session, queue));

  std::vector<double> took;
  const auto run = [&](std::uint64_t wanted) {
    took.clear();
    std::uint64_t started = 0;
    for (auto& echo : echoes) {
      if (started < wanted) echo->start(started++);
    }
    while (took.size() < wanted) {
      void* tag = nullptr;
      if (!queue.next(&tag)) throw std::runtime_error("a call could not be made");
      auto& echo = *static_cast<Echo*>(tag);
      took.push_back(echo.finish());
      if (started < wanted) echo.start(started++);
    }
  };
  const auto warm_up = std::max(kWarmUpCalls, at_once);
  run(warm_up);
  const auto began = Clock::now();
  run(calls);
  const double seconds = since(began);
  std::sort(took.begin(), took.end());
  const auto microseconds = [&](std::size_t percent) { return 1e6 * took[took.size() * percent / 100]; };
  return json(R"({"calls": %llu, "warm_up_calls": %llu, "calls_per_s": %.1f, "p50_us": %.2f, "p99_us": %.2f})",
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(warm_up),
              static_cast<double>(calls) / seconds, microseconds(50), microseconds(99));
}

void many(const std::string& target, std::uint64_t channels) {
  Queue queue;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (std::uint64_t i = 0; i < channels; ++i) {
    stubs.push_back(std::make_unique<grpc::GenericStub>(open_channel(target)));
    Echo echo(*stubs.back(), new_uuid(), queue);
    echo.start(i);
    queue.next();
    echo.finish();
  }
  hold(json(R"({"channels": %llu})", static_cast<unsigned long long>(channels)));
}

void stalled(const std::string& target, std::uint64_t bytes, std::size_t message_bytes) {
  grpc::GenericStub stub(open_channel(target));
  Queue queue;
  Stream stream(stub, queue, bytes, message_bytes);
  stream.wait_for_beginning();
  hold(R"({"waiting": true})");
  stream.read_all();
}

}  // namespace bench
