// SPDX-License-Identifier: Apache-2.0
/// What a call says leaves the list of sessions and operations bounded and consistent. The input: which method, how
/// much of the rest is the request, request, response.
#include <cstdint>
#include <cstdlib>

#include "firesteel/model/activity.hpp"
#include "spark_call.hpp"

namespace {

using namespace firesteel;

class StillClock final : public Clock {
 public:
  TimePoint now() const override { return TimePoint{} + std::chrono::hours(1); }
  WallTime wall() const override { return {}; }
};

constexpr const char* methods[] = {"ExecutePlan",  "ReattachExecute", "ReleaseExecute", "AnalyzePlan",
                                   "AddArtifacts", "Interrupt",       "ReleaseSession", "Config"};

void check(const Activity& activity, const ConnectionId& connection) {
  int running = 0;
  for (const Operation* operation : activity.operations(connection)) {
    if (operation->state == OperationState::running) ++running;
    if (operation->id.str().size() > 1024 || operation->error.size() > 4096) std::abort();
  }
  int told = 0;
  for (const Session* session : activity.sessions(connection)) {
    if (session->running < 0 || session->key.id.str().size() > 1024) std::abort();
    told += session->running;
  }
  if (told > running) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const StillClock clock;
  Activity activity;
  const ConnectionId connection("c");
  const std::size_t request = std::min<std::size_t>(data[1] << 8 | data[2], size - 3);
  const std::string path = std::string("/spark.connect.SparkConnectService/") + methods[data[0] % std::size(methods)];
  const auto call = gateway::SparkCall::watch(
      path, {.connection = connection, .server = ServerId("s"), .notebook = "n", .cell = "c"}, activity, clock);
  call->request_data({data + 3, request});
  check(activity, connection);
  call->response_data({data + 3 + request, size - 3 - request});
  check(activity, connection);
  if (data[0] & 0x80)
    call->abandoned();
  else
    call->ended(data[0] & 0x10 ? 13 : 0, "why");
  check(activity, connection);
  return 0;
}
