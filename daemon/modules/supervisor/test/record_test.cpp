// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace firesteel {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ConnectionRecord example() {
  ConnectionRecord record;
  record.id = ConnectionId(random_uuid());
  record.name = "analysis";
  record.definition = {.cluster = "local",
                       .options = {{"spark.app.name", "a \"b\" \n🔥"}},
                       .environment = {.python = "/p", .java_home = "/j", .spark_home = "/s"}};
  record.caller_python = "/venv/bin/python";
  record.created_at_ms = 1'709'208'000'123;
  record.is_default = true;
  record.state = ConnectionState::ready;
  record.failure = Failure{
      .reason = FailureReason::exited, .message = "m", .advice = "a", .exit_code = 1, .signal = "", .log_tail = {"l"}};
  record.run = RunRecord{.server = ServerId(random_uuid()),
                         .boot_id = "b",
                         .pid = 42,
                         .start_ticks = 18'446'744'073'709'551'615U,
                         .grpc_port = 65535,
                         .ui_port = 4040,
                         .secret = "very-secret",
                         .ui_key = "also-secret"};
  record.history =
      HistoryRecord{.source = {.java = "/j/bin/java", .class_path = "/s/jars/*", .log_directory = "file:///e"},
                    .application_id = "a"};
  return record;
}

class RecordStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/firesteel-test-XXXXXX";
    directory_ = mkdtemp(pattern);
    ASSERT_TRUE(store().prepare().has_value());
  }
  void TearDown() override { fs::remove_all(directory_); }

  RecordStore store() const { return {directory_ / "connections", directory_ / "servers"}; }
  void save(const ConnectionRecord& record) const {
    ASSERT_TRUE(store().make_run_directory(record.run->server).has_value());
    ASSERT_TRUE(store().save(record).has_value());
  }

  fs::path directory_;
};

}  // namespace

TEST_F(RecordStoreTest, GivesBackAllThatWasSaved) {
  const ConnectionRecord record = example();
  save(record);
  EXPECT_THAT(store().load(), ElementsAre(record));
  store().remove(record.id);
  EXPECT_THAT(store().load(), IsEmpty());
}

TEST_F(RecordStoreTest, SecretsStayOutOfTheStateDirectory) {
  const ConnectionRecord record = example();
  save(record);
  EXPECT_THAT(to_json(record), Not(HasSubstr("secret")));
  struct stat status {};
  ASSERT_EQ(::stat((store().run_directory(record.run->server) / "run.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(RecordStoreTest, AfterARebootTheServerIsKnownToHaveRun) {
  const ConnectionRecord record = example();
  save(record);
  store().remove_run(record.run->server);
  const auto loaded = store().load();
  ASSERT_EQ(loaded.size(), 1U);
  EXPECT_EQ(loaded[0].run->server, record.run->server);
  EXPECT_EQ(loaded[0].run->boot_id, "");
}

TEST_F(RecordStoreTest, OneBadRecordNeverHidesTheRest) {
  const ConnectionRecord good = example();
  save(good);
  for (const char* bad : {"", "{", "[]", R"({"id": "x"})", R"({"id": 1, "name": []})"}) {
    std::ofstream(directory_ / "connections" / "bad.json") << bad;
    EXPECT_THAT(store().load(), ElementsAre(good)) << bad;
    EXPECT_TRUE(fs::exists(directory_ / "connections" / "bad.json.bad"));
  }
}

}  // namespace firesteel
