// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_keeper.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstring>
#include <utility>

#include "firesteel/core/id.hpp"
#include "firesteel/io/yield.hpp"
#include "firesteel/logs/log_file.hpp"

namespace firesteel {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto watched_interval = 100ms;  // between two looks at a log while somebody waits for its next line
constexpr auto busy_interval = 250ms;     // at one that grew at the last look
constexpr auto quiet_interval = 1s;
constexpr auto tell_interval = 400ms;  // between two events of a connection's suggestions
/// Of each `advice_period` suggestions may take this much time; who falls behind by more than `most_behind` and doesn't
/// catch up leaves something out.
constexpr auto advice_period = 1s;
constexpr auto advice_share = 200ms;
constexpr std::uint64_t most_behind = 32 * 1024 * 1024;
constexpr std::uint64_t kept_when_behind = 1024 * 1024;
constexpr std::size_t most_secrets = 100;
constexpr std::size_t advice_block = 128 * 1024;
constexpr auto longest_step = 2ms;
/// An index is kept when the log has grown by `often` since, and when all of it is known for the first time or its
/// server has ended; none for less than `worth_it`, which is gone through at once.
constexpr std::uint64_t often = 64 * 1024 * 1024;
constexpr std::uint64_t worth_it = 1024 * 1024;
/// Who is behind by more than this indexes first, and looks for advice then.
constexpr std::uint64_t far_behind = 8 * 1024 * 1024;

/// What a failed start has written is looked through by the next daemon, too; not a log of months.
constexpr std::uint64_t largest_read_again = 16 * 1024 * 1024;

Suggestion::Type type_of(catalogue::ErrorSuggestion::Type type) {
  switch (type) {
    case catalogue::ErrorSuggestion::Type::warn:
      return Suggestion::Type::warn;
    case catalogue::ErrorSuggestion::Type::info:
      return Suggestion::Type::info;
    case catalogue::ErrorSuggestion::Type::error:
      break;
  }
  return Suggestion::Type::error;
}

}  // namespace

// One log -----------------------------------------------------------------------------------------------------------

KeptLog::KeptLog(std::filesystem::path file)
    : index_(std::move(file)),
      masker_(std::make_shared<const Masker>()),
      token_(random_token(9)),
      adviser_(std::make_shared<const AdvicePatterns>(std::vector<Advice>())) {}

std::string KeptLog::generation() const { return fmt::format("{}-{}", token_, index_.generation()); }

asio::awaitable<Result<void>> KeptLog::look(TimePoint deadline) {
  for (bool first = true;; first = false) {
    const std::uint64_t before = index_.end_offset();
    const std::uint64_t generation = index_.generation();
    const auto all = index_.advance();
    if (!all) co_return all.error();
    if (index_.end_offset() != before || index_.generation() != generation) {
      wake_.announce();
      changed_.announce();
    }
    if (*all || (!first && Steady::now() >= deadline)) co_return Result<void>();
    co_await io::yield();
  }
}

asio::awaitable<void> KeptLog::wait_for_change(std::uint64_t seen, TimePoint deadline) {
  struct Counted {
    explicit Counted(int& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

   private:
    int& count_;
  };
  const Counted viewer(viewers_);
  const std::uint64_t generation = index_.generation();
  wake_.announce();
  for (bool in_time = true; in_time && !gone_ && index_.size() == seen && index_.generation() == generation;)
    in_time = co_await changed_.wait(deadline);
}

// All logs ----------------------------------------------------------------------------------------------------------

LogKeeper::LogKeeper(asio::any_io_executor executor, Connections& connections, const Clock& clock, Settings settings)
    : connections_(connections),
      clock_(clock),
      settings_(std::move(settings)),
      patterns_(std::make_shared<const AdvicePatterns>(built_in_advice())),
      tasks_(std::move(executor)),
      subscription_(connections.watch([this](std::string_view, const Connection* connection) { note(connection); })) {}

LogKeeper::~LogKeeper() = default;

std::shared_ptr<KeptLog> LogKeeper::of(const ConnectionId& id) {
  auto& log = logs_[id];
  if (log) {
    refresh_secrets(id, *log);
    return log;
  }
  log = std::make_shared<KeptLog>(settings_.file(id));
  log->adviser_.use(patterns_);
  const Connection* connection = connections_.find(id);
  log->live_ = connection != nullptr && is_live(connection->state);
  refresh_secrets(id, *log);
  tasks_.spawn("follow a log", follow(id, log));
  return log;
}

void LogKeeper::note(const Connection* connection) {
  if (connection == nullptr) return forget_removed();
  const auto log = of(connection->id);
  const bool live = is_live(connection->state);
  if (live == log->live_ && !live) return;
  // Once more after its end: for its last words.
  log->live_ = live;
  log->wake_.announce();
}

void LogKeeper::forget_removed() {
  std::erase_if(logs_, [&](const auto& each) {
    if (connections_.find(each.first) != nullptr) return false;
    each.second->gone_ = true;
    each.second->wake_.announce();
    each.second->changed_.announce();
    return true;
  });
}

void LogKeeper::set_suggestions(const std::vector<catalogue::ErrorSuggestion>& suggestions) {
  std::vector<Advice> all = built_in_advice();
  for (const auto& each : suggestions)
    all.push_back({.pattern = each.pattern, .type = type_of(each.type), .message = each.message});
  patterns_ = std::make_shared<const AdvicePatterns>(std::move(all));
  if (patterns_->skipped() > 0) spdlog::warn("{} patterns of suggestions can't be used.", patterns_->skipped());
  for (const auto& [id, log] : logs_) {
    log->adviser_.use(patterns_);
    if (log->live_) log->wake_.announce();
  }
}

asio::awaitable<void> LogKeeper::shut_down() {
  tasks_.cancel();
  co_await tasks_.join();
  if (disk_) disk_->join();
  for (const auto& [id, log] : logs_) {
    if (unsaved(*log) < worth_it && log->saving_->error.empty()) continue;
    auto image = log->index_.image();
    if (!image) continue;
    const auto kept = keep_index(settings_.file(id), std::move(*image));
    if (!kept && !std::exchange(log->said_unsaved_, true))
      spdlog::warn("{}: its log's index isn't kept: {}", name_of(id), kept.error().message);
  }
}

asio::awaitable<void> LogKeeper::follow(ConnectionId id, std::shared_ptr<KeptLog> log) {
  const Connection* connection = connections_.find(id);
  const bool failed = connection != nullptr && connection->state == ConnectionState::failed;
  if (!log->live_ && !(failed && log_size(settings_.file(id)) <= largest_read_again))
    co_await log->wake_.wait(TimePoint::max());
  while (!log->gone_) {
    refresh_secrets(id, *log);
    const std::uint64_t before = log->index_.size();
    for (bool more = true; more && !log->gone_;) {
      more = step(id, *log);
      tell(id, *log);
      if (more) co_await io::yield();
    }
    const TimePoint until = next_look(*log, log->index_.size() != before);
    co_await log->wake_.wait(until);
  }
}

TimePoint LogKeeper::next_look(const KeptLog& log, bool grew) const {
  const TimePoint now = clock_.now();
  if (log.viewers_ > 0) return now + watched_interval;
  if (log.told_ != log.adviser_.revision()) return now + tell_interval;
  // Advice has yet something to look at: its share of time was used up.
  if (log.adviser_.behind(log.index_) > 0) return now + busy_interval;
  if (!log.live_) return TimePoint::max();
  return now + (grew ? busy_interval : quiet_interval);
}

void LogKeeper::refresh_secrets(const ConnectionId& id, KeptLog& log) {
  const Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  bool more = false;
  for (std::string& secret : settings_.secrets(*connection)) {
    if (secret.empty() || std::ranges::find(log.secrets_, secret) != log.secrets_.end()) continue;
    // Those of a server that has ended may be in its log: only many later ones push them out.
    if (log.secrets_.size() >= most_secrets) log.secrets_.erase(log.secrets_.begin());
    log.secrets_.push_back(std::move(secret));
    more = true;
  }
  if (more) log.masker_ = std::make_shared<const Masker>(log.secrets_);
}

/// True when there is more to do at once.
bool LogKeeper::step(const ConnectionId& id, KeptLog& log) {
  const std::uint64_t size = log.index_.size();
  const std::uint64_t end = log.index_.end_offset();
  const std::uint64_t generation = log.index_.generation();
  const auto all = log.index_.advance();
  if (!all) {
    if (!std::exchange(log.said_unreadable_, true)) spdlog::error("{}: {}", name_of(id), all.error().message);
    return false;
  }
  log.said_unreadable_ = false;
  give_back(id, log);
  if (log.index_.size() != size || log.index_.end_offset() != end || log.index_.generation() != generation)
    log.changed_.announce();
  save(id, log, *all);
  if (!*all && log.index_.size() - log.index_.end_offset() > far_behind) return true;
  const bool more_advice = advise(log);
  return !*all || more_advice;
}

/// Looks through for advice, within its share of time; true when it may go on at once.
bool LogKeeper::advise(KeptLog& log) {
  const TimePoint began = Steady::now();
  if (began - log.advice_from_ >= advice_period) {
    const std::uint64_t behind = log.adviser_.behind(log.index_);
    if (behind > most_behind && behind >= log.behind_then_ && log.behind_then_ > 0)
      static_cast<void>(log.adviser_.skip(log.index_, *log.masker_, kept_when_behind));
    log.behind_then_ = log.adviser_.behind(log.index_);
    log.advice_from_ = began;
    log.advice_took_ = {};
  }
  if (log.advice_took_ >= advice_share) return false;
  bool all = false;
  while (!all && Steady::now() - began < longest_step) {
    const auto looked = log.adviser_.advance(log.index_, *log.masker_, advice_block);
    // What can't be read now is read at the next look.
    if (!looked) return false;
    all = *looked;
  }
  log.advice_took_ += Steady::now() - began;
  return !all && log.advice_took_ < advice_share;
}

void LogKeeper::give_back(const ConnectionId& id, KeptLog& log) {
  if (settings_.limit == 0 || log.said_unsupported_) return;
  const auto state = log.giving_back_;
  if (state->goes_on) return;
  if (const int failed = state->error.exchange(0); failed != 0) {
    log.said_unsupported_ = true;
    spdlog::warn("{}: its log grows on: its head can't be given back to the disk: {}", name_of(id),
                 std::strerror(failed));
    return;
  }
  const auto given = log.index_.give_back(settings_.limit, [&](LogIndex::Punch punch) {
    state->goes_on = true;
    asio::post(disk(), [state, punch = std::move(punch)] {
      state->error = punch();
      state->goes_on = false;
    });
  });
  if (given && *given != GivenBack::unsupported) return;
  log.said_unsupported_ = true;
  if (given)
    spdlog::warn(
        "{}: its log can't be kept below {} MiB: the file system of the state directory can't give back a "
        "part of a file. The log grows on.",
        name_of(id), settings_.limit >> 20);
  else
    spdlog::warn("{}: its log grows on: {}", name_of(id), given.error().message);
}

asio::thread_pool& LogKeeper::disk() {
  if (!disk_) disk_ = std::make_unique<asio::thread_pool>(1);
  return *disk_;
}

/// So many bytes would the next daemon have to index anew.
std::uint64_t LogKeeper::unsaved(const KeptLog& log) const {
  const bool same = log.saved_generation_ == log.index_.generation();
  const std::uint64_t from = std::max(same ? log.saved_end_ : log.index_.restored(), log.index_.dropped().bytes);
  return log.index_.end_offset() - std::min(from, log.index_.end_offset());
}

void LogKeeper::save(const ConnectionId& id, KeptLog& log, bool indexed_all) {
  const auto state = log.saving_;
  if (state->goes_on) return;
  if (!state->error.empty() && !std::exchange(log.said_unsaved_, true))
    spdlog::warn("{}: its log's index isn't kept, so the next daemon goes through the log first: {}", name_of(id),
                 state->error);
  const bool first = log.saved_generation_ != log.index_.generation();
  if (unsaved(log) < (indexed_all && (first || !log.live_) ? worth_it : often)) return;
  auto image = log.index_.image();
  if (!image) return;
  log.saved_generation_ = log.index_.generation();
  log.saved_end_ = log.index_.end_offset();
  state->goes_on = true;
  asio::post(disk(), [state, file = settings_.file(id), image = std::move(*image)]() mutable {
    const auto kept = keep_index(file, std::move(image));
    state->error = kept ? std::string() : kept.error().message;
    state->goes_on = false;
  });
}

void LogKeeper::tell(const ConnectionId& id, KeptLog& log) {
  const std::uint64_t revision = log.adviser_.revision();
  if (revision == log.told_ || log.gone_) return;
  const TimePoint now = clock_.now();
  if (now - log.told_at_ < tell_interval) return;
  log.told_ = revision;
  log.told_at_ = now;
  auto suggestions = log.adviser_.suggestions();
  const Connection* connection = connections_.find(id);
  if (connection == nullptr || connection->suggestions == suggestions) return;
  connections_.update(id, [&](Connection& each) { each.suggestions = std::move(suggestions); });
}

std::string LogKeeper::name_of(const ConnectionId& id) const {
  const Connection* connection = connections_.find(id);
  return connection != nullptr ? connection->name : id.str();
}

}  // namespace firesteel
