// SPDX-License-Identifier: Apache-2.0
#include "firesteel/logs/log_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "logs_on_disk.hpp"

namespace firesteel {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;
namespace asio = boost::asio;

class Keeper : public testing::Test {
 protected:
  Keeper() {
    Connection connection;
    connection.id = id;
    connection.name = "x";
    connection.state = ConnectionState::ready;
    connections.add(std::move(connection));
  }
  ~Keeper() override {
    asio::co_spawn(loop, keeper->shut_down(), asio::detached);
    loop.restart();
    loop.run();
  }
  const Connection& connection() { return *connections.find(id); }

  /// Runs the loop until that holds.
  void run_until(const std::function<bool()>& holds) {
    const TimePoint deadline = Steady::now() + 20s;
    loop.restart();
    while (!holds()) {
      ASSERT_LT(Steady::now(), deadline);
      loop.run_one_for(20ms);
    }
  }
  void run(asio::awaitable<void> coroutine) {
    bool done = false;
    asio::co_spawn(loop, std::move(coroutine), [&](const std::exception_ptr& error) {
      done = true;
      EXPECT_FALSE(error);
    });
    run_until([&] { return done; });
  }

  const ConnectionId id{"5a9e5ab4-8d60-4a3c-8c66-3b3bbbd3bb4e"};
  LogOnDisk log;
  asio::io_context loop{1};
  SystemClock clock;
  Connections connections;
  std::unique_ptr<LogKeeper> keeper = with_limit(LogIndex::least_limit);

  std::unique_ptr<LogKeeper> with_limit(std::uint64_t limit) {
    return std::make_unique<LogKeeper>(
        loop.get_executor(), connections, clock,
        LogKeeper::Settings{.file = [this](const ConnectionId&) { return log.path(); },
                            .secrets = [](const Connection&) -> std::vector<std::string> { return {"kn0wn"}; },
                            .limit = limit});
  }
};

asio::awaitable<void> look(std::shared_ptr<KeptLog> log) {
  const auto looked = co_await log->look(Steady::now() + 10s);
  EXPECT_TRUE(looked.has_value());
}

asio::awaitable<void> wait(std::shared_ptr<KeptLog> log, std::uint64_t seen) {
  co_await log->wait_for_change(seen, Steady::now() + 10s);
  EXPECT_NE(log->index().size(), seen);
}

}  // namespace

TEST_F(Keeper, FollowsALiveLogAndKeepsItWithinTheLimit) {
  log.append(numbered(0, 100'000));
  run_until(
      [&] { return keeper->of(id)->index().dropped().bytes > 0 && keeper->of(id)->index().end_line() == 100'000; });
  run_until([&] { return log.allocated() <= LogIndex::least_limit; });
}

TEST_F(Keeper, TellsWhatThereIsAdviceForWithSecretsMasked) {
  log.append("x\nNo space left on device kn0wn\n");
  run_until([&] { return !connection().suggestions.empty(); });
  EXPECT_EQ(connection().suggestions[0].line_number, 1);
  EXPECT_EQ(connection().suggestions[0].line, "No space left on device *****");
  keeper->set_suggestions({{.pattern = "^x$", .type = catalogue::ErrorSuggestion::Type::info, .message = "An x."}});
  run_until([&] { return connection().suggestions.size() == 2; });
  EXPECT_EQ(connection().suggestions[1].message, "An x.");
}

TEST_F(Keeper, ANewLogHasANewGenerationAndNoOldAdvice) {
  log.append("No space left on device\n");
  run_until([&] { return !connection().suggestions.empty(); });
  const auto kept = keeper->of(id);
  const std::string generation = kept->generation();
  std::filesystem::remove(log.path());
  log.append("fine\n");
  run(look(kept));
  EXPECT_NE(kept->generation(), generation);
  run_until([&] { return connection().suggestions.empty(); });
}

TEST_F(Keeper, WhoWaitsIsToldOfTheNextLine) {
  log.append("one\n");
  const auto kept = keeper->of(id);
  run(look(kept));
  asio::steady_timer timer(loop, 50ms);
  timer.async_wait([&](auto) { log.append("two\n"); });
  run(wait(kept, 4));
  EXPECT_EQ(kept->index().end_line(), 2);
}

TEST_F(Keeper, AStoppedOnesLogIsLookedAtWhenSomebodyAsks) {
  connections.update(id, [](Connection& each) { each.state = ConnectionState::stopped; });
  run_until([&] { return loop.poll() == 0; });
  log.append("No space left on device\n");
  const auto kept = keeper->of(id);
  run(look(kept));
  run_until([&] { return !connection().suggestions.empty(); });
}

class IndexKeeper : public Keeper {
 protected:
  IndexKeeper() {
    run(keeper->shut_down());
    keeper = with_limit(0);
  }
  void append_until(std::uint64_t line) {
    log.append(numbered(lines_, line));
    lines_ = line;
    run_until([&] { return keeper->of(id)->index().end_line() == line; });
  }
  /// Up to which offset the next daemon would know the log.
  std::uint64_t kept_to() const {
    LogIndex next(log.path());
    EXPECT_TRUE(next.advance(1).has_value());
    return next.restored();
  }
  std::uint64_t end_offset() { return keeper->of(id)->index().end_offset(); }

 private:
  std::uint64_t lines_ = 0;
};

TEST_F(IndexKeeper, KeepsItWhenAllIsKnownAndWhenTheServerHasEnded) {
  append_until(30'000);
  const std::uint64_t first = end_offset();
  run_until([&] { return kept_to() == first; });
  append_until(60'000);
  run_until([&] { return loop.poll() == 0; });
  EXPECT_EQ(kept_to(), first) << "not at every look";
  connections.update(id, [](Connection& each) { each.state = ConnectionState::stopped; });
  run_until([&] { return kept_to() == end_offset(); });
}

TEST_F(IndexKeeper, KeepsNoneOfAShortLog) {
  append_until(10'000);
  connections.update(id, [](Connection& each) { each.state = ConnectionState::stopped; });
  run_until([&] { return loop.poll() == 0; });
  run(keeper->shut_down());
  EXPECT_FALSE(std::filesystem::exists(index_file_of(log.path())));
}

TEST_F(IndexKeeper, KeepsItAtItsOwnEnd) {
  append_until(30'000);
  append_until(60'000);
  run(keeper->shut_down());
  EXPECT_EQ(kept_to(), end_offset());
}

TEST_F(IndexKeeper, ThatItCannotBeKeptHarmsNothing) {
  std::filesystem::create_directory(index_file_of(log.path()).string() + ".new");
  append_until(30'000);
  append_until(60'000);
  run(keeper->shut_down());
  EXPECT_EQ(kept_to(), 0U);
}

TEST_F(Keeper, AConnectionsLogGoesWithIt) {
  const std::weak_ptr<KeptLog> kept = keeper->of(id);
  run_until([&] { return loop.poll() == 0; });
  connections.remove(id);
  run_until([&] { return kept.expired(); });
}

}  // namespace firesteel
