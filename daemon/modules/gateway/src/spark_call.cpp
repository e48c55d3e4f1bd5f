// SPDX-License-Identifier: Apache-2.0
#include "spark_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "firesteel/h2/grpc_call.hpp"
#include "firesteel/h2/grpc_status.hpp"
#include "firesteel/h2/spark_fields.hpp"
#include "firesteel/h2/spark_plans.hpp"

namespace firesteel::gateway {

namespace fields = spark::fields;
using h2::ProtoReader;
using h2::WireType;

namespace {

constexpr std::string_view service = "/spark.connect.SparkConnectService/";
constexpr auto tell_interval = std::chrono::milliseconds(100);
constexpr std::size_t max_id = 128;
constexpr std::size_t max_text = 256;
constexpr std::size_t max_error = 500;
/// A schema that Spark knew at once, or a small file: nobody wants to read of it afterwards.
constexpr auto notable = std::chrono::seconds(1);

std::string short_text(std::string_view bytes, std::size_t limit) { return h2::to_plain_text(bytes.substr(0, limit)); }

/// The fields of a message of which only the first bytes are there, as far as they reach.
template <class Visit>
void visit_start(std::string_view start, Visit visit) {
  // A field that is cut off is told with what there is of it.
  while (!start.empty()) {
    ProtoReader reader(start);
    const auto field = reader.next();
    if (field && *field) {
      visit(**field);
      start = reader.rest();
      continue;
    }
    if (const auto cut = h2::read_cut_bytes(start)) visit(*cut);
    return;
  }
}

std::string_view plan_kind(std::string_view message, std::uint32_t number) {
  for (const auto& kind : fields::plan_kinds)
    if (kind.message == message && kind.number == number) return kind.name;
  return {};
}

/// The first line of an error, which may be a JVM's stack trace.
std::string first_line(std::string_view message) {
  return short_text(message.substr(0, message.find('\n')), max_error);
}

/// Ids of operations to which the client gives none.
OperationId own_operation_id() {
  static std::uint64_t last = 0;
  static const std::string prefix = random_token(6);
  return OperationId(fmt::format("{}-{}", prefix, ++last));
}

/// Whether Spark says that it has ended the session by itself: after an hour without use, or because somebody else
/// released it.
bool is_end_of_session(std::string_view message) {
  return message.find("INVALID_HANDLE.SESSION_CLOSED") != std::string_view::npos ||
         message.find("INVALID_HANDLE.SESSION_CHANGED") != std::string_view::npos;
}

bool is_trivial(std::string_view analysis) {
  constexpr std::string_view trivial[] = {"spark_version",  "ddl_parse",     "json_to_ddl",
                                          "same_semantics", "semantic_hash", "get_storage_level"};
  return std::find(std::begin(trivial), std::end(trivial), analysis) != std::end(trivial);
}

}  // namespace

class SparkCall::RequestReader final : public MessageScanner::Listener {
 public:
  explicit RequestReader(SparkCall& call) : scanner(*this), call_(call) {}
  void on_field(const MessageScanner::Field& field) override {
    if (!call_.request_read_) call_.on_request_field(field);
  }
  void on_message(std::uint64_t) override {
    if (!std::exchange(call_.request_read_, true)) call_.on_request_message();
  }
  MessageScanner scanner;

 private:
  SparkCall& call_;
};

class SparkCall::ResponseReader final : public MessageScanner::Listener {
 public:
  explicit ResponseReader(SparkCall& call) : scanner(*this), call_(call) {}
  void on_field(const MessageScanner::Field& field) override { call_.on_response_field(field); }
  void on_message(std::uint64_t size) override { call_.on_response_message(size); }
  MessageScanner scanner;

 private:
  SparkCall& call_;
};

SparkCall::Rpc SparkCall::rpc_of(std::string_view method) {
  if (method == "ExecutePlan") return Rpc::execute;
  if (method == "ReattachExecute") return Rpc::reattach;
  if (method == "ReleaseExecute") return Rpc::release_execute;
  if (method == "AnalyzePlan") return Rpc::analyze;
  if (method == "AddArtifacts") return Rpc::upload;
  if (method == "Interrupt") return Rpc::interrupt;
  if (method == "ReleaseSession") return Rpc::release_session;
  return Rpc::other;
}

std::unique_ptr<SparkCall> SparkCall::watch(std::string_view path, CallOrigin origin, Activity& activity,
                                            const Clock& clock) {
  if (!path.starts_with(service)) return nullptr;
  path.remove_prefix(service.size());
  return std::unique_ptr<SparkCall>(new SparkCall(rpc_of(path), std::move(origin), activity, clock));
}

SparkCall::SparkCall(Rpc rpc, CallOrigin origin, Activity& activity, const Clock& clock)
    : rpc_(rpc),
      origin_(std::move(origin)),
      activity_(activity),
      clock_(clock),
      request_(std::make_unique<RequestReader>(*this)) {
  const bool reads_response = rpc_ == Rpc::execute || rpc_ == Rpc::reattach || rpc_ == Rpc::interrupt;
  if (reads_response) response_ = std::make_unique<ResponseReader>(*this);
  if (rpc_ == Rpc::analyze) kind_ = OperationKind::analyze;
  if (rpc_ == Rpc::upload) kind_ = OperationKind::upload;
}

SparkCall::~SparkCall() = default;

void SparkCall::request_data(std::span<const std::uint8_t> bytes) {
  if (rpc_ == Rpc::upload) bytes_ += bytes.size();
  if (!request_read_) request_->scanner.scan(bytes);
  if (rpc_ == Rpc::upload) tell_counts();
}

void SparkCall::response_data(std::span<const std::uint8_t> bytes) {
  if (response_) response_->scanner.scan(bytes);
}

void SparkCall::on_request_field(const MessageScanner::Field& field) {
  // Every request of the service has these two under the same numbers.
  if (field.number == fields::execute_session_id.number) session_ = short_text(field.start, max_id);
  if (field.number == fields::execute_user_context.number)
    visit_start(field.start, [this](const ProtoReader::Field& part) {
      if (part.number == fields::user_context_user_id.number) user_ = short_text(part.bytes, max_text);
    });
  const auto is = [&](const h2::ProtoField& wanted) { return field.number == wanted.number; };
  switch (rpc_) {
    case Rpc::execute:
      if (is(fields::execute_plan)) read_plan(field.start);
      if (is(fields::execute_client_type)) client_type_ = short_text(field.start, max_text);
      if (is(fields::execute_observed_session)) spark_session_ = short_text(field.start, max_id);
      if (is(fields::execute_operation_id)) operation_ = OperationId(short_text(field.start, max_id));
      if (is(fields::execute_request_options))
        visit_start(field.start, [this](const ProtoReader::Field& option) {
          if (option.number != fields::options_reattach.number) return;
          visit_start(option.bytes, [this](const ProtoReader::Field& part) {
            if (part.number == fields::reattach_reattachable.number) reattachable_ = part.value != 0;
          });
        });
      break;
    case Rpc::reattach:
      if (is(fields::reattach_client_type)) client_type_ = short_text(field.start, max_text);
      if (is(fields::reattach_operation_id)) operation_ = OperationId(short_text(field.start, max_id));
      break;
    case Rpc::release_execute:
      if (is(fields::release_execute_client_type)) client_type_ = short_text(field.start, max_text);
      if (is(fields::release_execute_operation_id)) operation_ = OperationId(short_text(field.start, max_id));
      if (is(fields::release_execute_release_all)) release_all_ = true;
      break;
    case Rpc::analyze:
      if (is(fields::analyze_client_type)) client_type_ = short_text(field.start, max_text);
      if (is(fields::analyze_observed_session)) spark_session_ = short_text(field.start, max_id);
      if (const auto kind = plan_kind("spark.connect.AnalyzePlanRequest", field.number); !kind.empty()) detail_ = kind;
      break;
    case Rpc::upload:
      if (is(fields::artifacts_client_type)) client_type_ = short_text(field.start, max_text);
      break;
    default:
      break;
  }
}

void SparkCall::read_plan(std::string_view start) {
  visit_start(start, [this](const ProtoReader::Field& plan) {
    const bool is_command = plan.number == fields::plan_command.number;
    if (is_command) kind_ = OperationKind::command;
    if (plan.type != WireType::bytes) return;
    visit_start(plan.bytes, [&](const ProtoReader::Field& part) {
      const auto kind = plan_kind(is_command ? "spark.connect.Command" : "spark.connect.Relation", part.number);
      if (!kind.empty()) detail_ = kind;
    });
  });
}

void SparkCall::on_request_message() {
  if (session_.empty()) return;
  if (rpc_ == Rpc::release_session) return;
  const TimePoint now = clock_.now();
  activity_.saw({.key = session(),
                 .connection = origin_.connection,
                 .client_type = client_words(),
                 .notebook = origin_.notebook,
                 .local = origin_.local,
                 .spark_id = spark_session_,
                 .started_at = clock_.wall(),
                 .last_active = now});
  const bool noted = rpc_ == Rpc::upload || (rpc_ == Rpc::analyze && !is_trivial(detail_));
  if (noted) operation_ = own_operation_id();
  if (noted || rpc_ == Rpc::execute || rpc_ == Rpc::reattach) begin_operation();
}

/// What the client says that it is, or else what its gRPC library says, of the calls of which we read both.
std::string SparkCall::client_words() const {
  const bool was_read = rpc_ == Rpc::execute || rpc_ == Rpc::reattach || rpc_ == Rpc::analyze || rpc_ == Rpc::upload;
  return client_type_.empty() && was_read ? short_text(origin_.agent, max_text) : client_type_;
}

void SparkCall::begin_operation() {
  if (!has_operation()) return;
  reattachable_ = reattachable_ || rpc_ == Rpc::reattach;
  began_ = clock_.now();
  activity_.began({.id = operation_,
                   .session = session(),
                   .connection = origin_.connection,
                   .kind = kind_,
                   .detail = detail_,
                   .notebook = origin_.notebook,
                   .cell = origin_.cell,
                   .started_at = clock_.wall(),
                   .started = began_});
}

void SparkCall::on_response_field(const MessageScanner::Field& field) {
  if (rpc_ == Rpc::interrupt) {
    if (field.number == fields::interrupted_ids.number && interrupted_.size() < Activity::kept_operations)
      interrupted_.push_back(short_text(field.start, max_id));
    return;
  }
  if (field.number == fields::executed_result_complete.number) complete_ = true;
  if (field.number == fields::executed_arrow_batch.number)
    visit_start(field.start, [this](const ProtoReader::Field& part) {
      if (part.number == fields::batch_row_count.number) rows_ += part.value;
    });
  if (field.number == fields::executed_progress.number && field.value <= MessageScanner::start_size)
    read_progress(field.start);
}

void SparkCall::read_progress(std::string_view message) {
  std::uint64_t tasks = 0;
  std::uint64_t completed = 0;
  visit_start(message, [&](const ProtoReader::Field& stage) {
    if (stage.number != fields::progress_stages.number) return;
    visit_start(stage.bytes, [&](const ProtoReader::Field& part) {
      if (part.number == fields::stage_num_tasks.number) tasks += part.value;
      if (part.number == fields::stage_num_completed_tasks.number) completed += part.value;
    });
  });
  tasks_ = std::max(tasks_, tasks);
  completed_tasks_ = std::max(completed_tasks_, completed);
}

void SparkCall::on_response_message(std::uint64_t size) {
  if (rpc_ == Rpc::interrupt) return;
  bytes_ += size;
  tell_counts();
  if (complete_) end_operation(OperationState::finished, {});
}

/// Passes the counts on, now and then while there are more to come.
void SparkCall::tell_counts() {
  if (!has_operation()) return;
  const TimePoint now = clock_.now();
  if (now - told_ < tell_interval && !complete_) return;
  told_ = now;
  activity_.update(session(), operation_, [this](Operation& operation) {
    operation.rows += std::exchange(rows_, 0);
    operation.bytes += std::exchange(bytes_, 0);
    operation.tasks = std::max(operation.tasks, tasks_);
    operation.completed_tasks = std::max(operation.completed_tasks, completed_tasks_);
  });
}

void SparkCall::end_operation(OperationState state, std::string error) {
  told_ = {};
  tell_counts();
  const bool notable_one = kind_ == OperationKind::query || kind_ == OperationKind::command ||
                           state != OperationState::finished || clock_.now() - began_ > notable;
  activity_.update(session(), operation_, [&](Operation& operation) {
    operation.state = state;
    operation.ended = clock_.now();
    operation.error = std::move(error);
  });
  if (!notable_one) activity_.drop(session(), operation_);
}

void SparkCall::ended(int status, std::string_view message) {
  const bool fine = status == h2::GrpcStatus::ok;
  if (!fine && is_end_of_session(message) && !session_.empty()) activity_.ended(session(), clock_.now());
  switch (rpc_) {
    case Rpc::release_session:
      if (fine && !session_.empty()) activity_.ended(session(), clock_.now());
      return;
    case Rpc::interrupt:
      for (const auto& id : interrupted_)
        activity_.update(session(), OperationId(id), [this](Operation& operation) {
          operation.state = OperationState::interrupted;
          operation.ended = clock_.now();
        });
      return;
    case Rpc::release_execute:
      // Of an operation that hasn't ended it means that nobody wants it any more, and Spark stops it.
      if (fine && release_all_ && has_operation()) end_operation(OperationState::interrupted, {});
      return;
    case Rpc::execute:
    case Rpc::reattach:
    case Rpc::analyze:
    case Rpc::upload:
      break;
    case Rpc::other:
      return;
  }
  if (!has_operation() || complete_) return;
  if (status == h2::GrpcStatus::unavailable) return abandoned();
  if (fine && reattachable_) return abandoned();  // Spark ends streams after two minutes; the client comes back
  if (fine) return end_operation(OperationState::finished, {});
  const bool interrupted =
      status == h2::GrpcStatus::cancelled || message.find("OPERATION_CANCELED") != std::string_view::npos;
  end_operation(interrupted ? OperationState::interrupted : OperationState::failed,
                interrupted ? std::string() : first_line(message));
}

void SparkCall::abandoned() {
  if (!has_operation() || complete_) return;
  const bool watched = rpc_ == Rpc::execute || rpc_ == Rpc::reattach || rpc_ == Rpc::analyze || rpc_ == Rpc::upload;
  if (!watched) return;
  if (!reattachable_) return end_operation(OperationState::interrupted, {});
  activity_.update(session(), operation_, [](Operation& operation) { operation.attended = false; });
}

}  // namespace firesteel::gateway
