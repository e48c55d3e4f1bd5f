// SPDX-License-Identifier: Apache-2.0
#include "firesteel/supervisor/event_logs.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>

namespace firesteel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::uint64_t kib = 1024;

class EventDirectory : public testing::Test {
 protected:
  EventDirectory() {
    std::string name = (fs::current_path() / "events-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    fs::create_directory(directory());
  }
  ~EventDirectory() override { fs::remove_all(root); }

  fs::path directory() const { return root / id.str(); }
  static void fill(const fs::path& file, std::uint64_t bytes, int hours_ago) {
    std::ofstream(file) << std::string(bytes, 'x');
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(hours_ago));
  }
  /// As Spark 4 writes it.
  void rolled(const std::string& application, std::uint64_t bytes, int hours_ago) const {
    const fs::path at = directory() / ("eventlog_v2_" + application);
    fs::create_directory(at);
    fill(at / ("events_1_" + application + ".zstd"), bytes, hours_ago);
    fill(at / ("appstatus_" + application), 0, hours_ago);
    fs::last_write_time(at, fs::file_time_type::clock::now() - std::chrono::hours(hours_ago));
  }
  std::vector<std::string> left() const {
    std::vector<std::string> out;
    for (const auto& each : fs::directory_iterator(directory())) out.push_back(each.path().filename());
    return out;
  }

  const ConnectionId id{"5a9e5ab4-8d60-4a3c-8c66-3b3bbbd3bb4e"};
  fs::path root;
};

}  // namespace

TEST_F(EventDirectory, WithinTheLimitsEverythingStays) {
  rolled("local-1", 100 * kib, 3);
  rolled("local-2", 100 * kib, 2);
  const auto deleted = bound_event_logs(directory(), {.bytes = 300 * kib, .applications = 2}, "").value();
  EXPECT_EQ(deleted.applications, 0U);
  EXPECT_THAT(left(), UnorderedElementsAre("eventlog_v2_local-1", "eventlog_v2_local-2"));
}

TEST_F(EventDirectory, BeyondTheSizeTheOldestGo) {
  rolled("local-3", 100 * kib, 1);
  rolled("local-1", 100 * kib, 3);
  fill(directory() / "local-2.inprogress", 100 * kib, 2);
  const auto deleted = bound_event_logs(directory(), {.bytes = 250 * kib, .applications = 9}, "").value();
  EXPECT_EQ(deleted.applications, 1U);
  EXPECT_GE(deleted.bytes, 100 * kib);
  EXPECT_THAT(left(), UnorderedElementsAre("local-2.inprogress", "eventlog_v2_local-3"));
}

TEST_F(EventDirectory, BeyondTheNumberTheOldestGo) {
  for (int i = 1; i <= 9; ++i) rolled("local-" + std::to_string(i), 10, 10 - i);
  EXPECT_EQ(bound_event_logs(directory(), {.bytes = kib * kib, .applications = 2}, "").value().applications, 7U);
  EXPECT_THAT(left(), UnorderedElementsAre("eventlog_v2_local-8", "eventlog_v2_local-9"));
}

TEST_F(EventDirectory, TheLatestAndTheRunningOneStayWhateverTheySize) {
  rolled("local-1", 900 * kib, 3);
  rolled("local-2", 100 * kib, 2);
  rolled("local-3", 900 * kib, 1);
  EXPECT_EQ(bound_event_logs(directory(), {.bytes = 10 * kib, .applications = 1}, "local-1").value().applications, 1U);
  EXPECT_THAT(left(), UnorderedElementsAre("eventlog_v2_local-1", "eventlog_v2_local-3"));
}

TEST_F(EventDirectory, AFileThatIsStillWrittenMakesItsApplicationTheLatest) {
  rolled("local-1", 100 * kib, 3);
  rolled("local-2", 100 * kib, 2);
  fill(directory() / "eventlog_v2_local-1/events_2_local-1.zstd", 10, 0);
  fs::last_write_time(directory() / "eventlog_v2_local-1", fs::file_time_type::clock::now() - 3h);
  EXPECT_EQ(bound_event_logs(directory(), {.bytes = kib * kib, .applications = 1}, "").value().applications, 1U);
  EXPECT_THAT(left(), ElementsAre("eventlog_v2_local-1"));
}

TEST_F(EventDirectory, LinksAreNeitherFollowedNorTouched) {
  const fs::path elsewhere = root / "elsewhere";
  fs::create_directory(elsewhere);
  fill(elsewhere / "precious", 500 * kib, 9);
  rolled("local-1", 10, 3);
  rolled("local-2", 10, -1);  // later than the link in the other one
  fs::create_directory_symlink(elsewhere, directory() / "eventlog_v2_local-0");
  fs::create_directory_symlink(elsewhere, directory() / "eventlog_v2_local-1/inside");
  EXPECT_EQ(bound_event_logs(directory(), {.bytes = 1, .applications = 1}, "").value().applications, 1U);
  EXPECT_THAT(left(), UnorderedElementsAre("eventlog_v2_local-0", "eventlog_v2_local-2"));
  EXPECT_TRUE(fs::exists(elsewhere / "precious"));
}

TEST_F(EventDirectory, WithoutALimitAndWithoutADirectoryNothingHappens) {
  for (int i = 1; i <= 30; ++i) rolled("local-" + std::to_string(i), 10, 40 - i);
  EXPECT_EQ(bound_event_logs(directory(), {.bytes = 0, .applications = 1}, "").value().applications, 0U);
  EXPECT_EQ(bound_event_logs(root / "none", {.bytes = 1, .applications = 1}, "").value().applications, 0U);
}

TEST_F(EventDirectory, IsLookedThroughAtFirstAndWhenAServerHasEnded) {
  Connections connections;
  Connection connection;
  connection.id = id;
  connection.name = "x";
  connection.state = ConnectionState::ready;
  connection.application_id = "local-1";
  connections.add(std::move(connection));
  asio::io_context loop{1};
  {
    EventLogs logs(loop.get_executor(), connections,
                   {.directory = root, .limits = {.bytes = kib * kib, .applications = 1}});
    connections.update(id, [](Connection& each) { each.phases = {}; });
    rolled("local-0", 10, 4);
    rolled("local-1", 10, 3);
    rolled("local-2", 10, 2);
    asio::co_spawn(loop, logs.run(), asio::detached);
    const auto run_until = [&](std::size_t count) {
      for (const auto deadline = Steady::now() + 20s; left().size() != count && Steady::now() < deadline;)
        loop.run_one_for(20ms);
      EXPECT_EQ(left().size(), count);
    };
    run_until(2);
    EXPECT_THAT(left(), UnorderedElementsAre("eventlog_v2_local-1", "eventlog_v2_local-2"));
    connections.update(id, [](Connection& each) {
      each.state = ConnectionState::stopped;
      each.application_id.clear();
    });
    run_until(1);
    EXPECT_THAT(left(), ElementsAre("eventlog_v2_local-2"));
  }
}

TEST_F(EventDirectory, ConnectionsThatGoWhileTheDiskIsWaitedForAreLeftOut) {
  Connections connections;
  const ConnectionId other("00000000-0000-4000-8000-000000000000");
  for (const auto& [each, name] : {std::pair(other, "other"), std::pair(ConnectionId(id), "x")}) {
    Connection connection;
    connection.id = each;
    connection.name = name;
    connections.add(std::move(connection));
  }
  rolled("local-1", 10, 3);
  rolled("local-2", 10, 2);
  asio::io_context loop{1};
  EventLogs logs(loop.get_executor(), connections,
                 {.directory = root, .limits = {.bytes = kib * kib, .applications = 1}});
  asio::co_spawn(loop, logs.run(), asio::detached);
  loop.run_one();  // now the disk is at work for the first of them
  connections.remove(other);
  for (const auto deadline = Steady::now() + 20s; left().size() != 1 && Steady::now() < deadline;)
    loop.run_one_for(20ms);
  EXPECT_THAT(left(), ElementsAre("eventlog_v2_local-2"));
}

}  // namespace firesteel
