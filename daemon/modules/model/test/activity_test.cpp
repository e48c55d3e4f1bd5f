// SPDX-License-Identifier: Apache-2.0
#include "firesteel/model/activity.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace firesteel {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint noon = TimePoint() + 12h;
const WallTime that_day = from_unix_ms(1'709'208'000'000);
const ConnectionId analysis("analysis-id");
const ConnectionId other("other-id");
const ServerId server("server-1");

SessionKey key_of(const std::string& id, const ServerId& of = server) { return {of, "ana", SessionId(id)}; }

Session session(const std::string& id, const ConnectionId& connection = analysis, const ServerId& of = server) {
  return {.key = key_of(id, of),
          .connection = connection,
          .client_type = "python",
          .notebook = {},
          .started_at = that_day,
          .last_active = noon};
}

Operation operation(const std::string& id, const SessionKey& of) {
  Operation out;
  out.id = OperationId(id);
  out.session = of;
  out.started = noon;
  return out;
}

class ActivityTest : public testing::Test {
 protected:
  void begin(const std::string& id, const SessionKey& of) { activity_.began(operation(id, of)); }
  void finish(const std::string& id, const SessionKey& of, TimePoint when = noon + 1s) {
    activity_.update(of, OperationId(id), [&](Operation& each) {
      each.state = OperationState::finished;
      each.ended = when;
    });
  }
  const Operation* find(const std::string& id, const SessionKey& of) { return activity_.find(of, OperationId(id)); }

  std::vector<std::string> operations(const ConnectionId& connection = analysis) {
    std::vector<std::string> ids;
    for (const Operation* each : activity_.operations(connection)) ids.push_back(each->id.str());
    return ids;
  }
  std::vector<std::string> sessions(const ConnectionId& connection = analysis) {
    std::vector<std::string> ids;
    for (const Session* each : activity_.sessions(connection)) ids.push_back(each->key.id.str());
    return ids;
  }
  std::vector<std::string> told() { return std::exchange(told_, {}); }

  Activity activity_;
  std::vector<std::string> told_;
  Activity::Subscription watching_ =
      activity_.watch([this](const ConnectionId& connection) { told_.push_back(connection.str()); });
};

}  // namespace

TEST_F(ActivityTest, SessionsAreListedOldestFirstAndOfTheirConnectionOnly) {
  Session young = session("a");
  young.started_at += 1min;
  activity_.saw(young);
  activity_.saw(session("c"));
  activity_.saw(session("b"));
  activity_.saw(session("d", other, ServerId("server-2")));
  EXPECT_THAT(sessions(), ElementsAre("c", "b", "a"));
  EXPECT_THAT(sessions(other), ElementsAre("d"));
  EXPECT_THAT(sessions(ConnectionId("nobody")), IsEmpty());
}

TEST_F(ActivityTest, ASessionSeenAgainIsTheSameAndTellsOnlyWhatIsNew) {
  activity_.saw(session("s"));
  begin("o", key_of("s"));
  EXPECT_THAT(told(), ElementsAre("analysis-id", "analysis-id"));

  activity_.saw(session("s"));
  EXPECT_THAT(told(), IsEmpty());

  Session later = session("s");
  later.last_active += 5s;
  later.notebook = "a.ipynb";
  later.client_type.clear();
  later.running = 7;
  activity_.saw(later);
  EXPECT_THAT(told(), ElementsAre("analysis-id"));
  const Session* found = activity_.find(key_of("s"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->last_active, noon + 5s);
  EXPECT_EQ(found->notebook, "a.ipynb");
  EXPECT_EQ(found->client_type, "python");
  EXPECT_EQ(found->running, 1);

  later.last_active += 1s;
  activity_.saw(later);
  EXPECT_THAT(told(), ElementsAre("analysis-id")) << "it is idle since another moment";

  activity_.saw(session("s"));  // a call that was slower than the one after it
  EXPECT_EQ(found->last_active, noon + 6s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(ActivityTest, TheSameIdOfAnotherUserOrServerIsAnotherSession) {
  activity_.saw(session("s"));
  Session another = session("s");
  another.key.user = "bob";
  activity_.saw(another);
  activity_.saw(session("s", other, ServerId("server-2")));
  begin("o", another.key);
  EXPECT_EQ(activity_.find(key_of("s"))->running, 0);
  EXPECT_EQ(activity_.find(another.key)->running, 1);
  EXPECT_THAT(operations(other), IsEmpty());
}

TEST_F(ActivityTest, OperationsAreCountedWhileTheyRunAndListedNewestFirst) {
  activity_.saw(session("s"));
  begin("z", key_of("s"));
  begin("a", key_of("s"));
  begin("m", key_of("s"));
  EXPECT_EQ(activity_.find(key_of("s"))->running, 3);
  finish("a", key_of("s"), noon + 9s);
  EXPECT_EQ(activity_.find(key_of("s"))->running, 2);
  EXPECT_EQ(activity_.find(key_of("s"))->last_active, noon + 9s);
  EXPECT_FALSE(find("a", key_of("s"))->attended);
  EXPECT_THAT(operations(), ElementsAre("m", "a", "z"));
}

TEST_F(ActivityTest, AnOperationThatIsListenedToAgainGoesOnAsItIs) {
  activity_.saw(session("s"));
  begin("o", key_of("s"));
  activity_.update(key_of("s"), OperationId("o"), [](Operation& each) {
    each.rows = 7;
    each.attended = false;
  });
  begin("o", key_of("s"));
  EXPECT_EQ(find("o", key_of("s"))->rows, 7U);
  EXPECT_TRUE(find("o", key_of("s"))->attended);
  EXPECT_EQ(activity_.find(key_of("s"))->running, 1);

  finish("o", key_of("s"));
  begin("o", key_of("s"));
  EXPECT_EQ(find("o", key_of("s"))->state, OperationState::finished);
  EXPECT_FALSE(find("o", key_of("s"))->attended);
  EXPECT_EQ(activity_.find(key_of("s"))->running, 0);
}

TEST_F(ActivityTest, WhatHasEndedOnlyCountsOn) {
  activity_.saw(session("s"));
  begin("o", key_of("s"));
  finish("o", key_of("s"));
  told();
  activity_.update(key_of("s"), OperationId("o"), [](Operation& each) {
    each.rows = 3;
    each.bytes = 4;
    each.tasks = 6;
    each.completed_tasks = 5;
    each.state = OperationState::failed;
    each.attended = true;
    each.ended = noon + 1h;
    each.error = "too late";
  });
  const Operation* found = find("o", key_of("s"));
  EXPECT_EQ(std::tuple(found->rows, found->bytes, found->tasks, found->completed_tasks), std::tuple(3U, 4U, 6U, 5U));
  EXPECT_EQ(std::tuple(found->state, found->attended, found->error), std::tuple(OperationState::finished, false, ""));
  EXPECT_EQ(found->ended, noon + 1s);
  EXPECT_THAT(told(), ElementsAre("analysis-id"));
  activity_.update(key_of("s"), OperationId("never"), [](Operation&) { FAIL() << "there is none"; });
}

TEST_F(ActivityTest, ADroppedOperationLeavesNothing) {
  activity_.saw(session("s"));
  begin("running", key_of("s"));
  begin("ended", key_of("s"));
  finish("ended", key_of("s"));
  told();
  activity_.drop(key_of("s"), OperationId("running"));
  activity_.drop(key_of("s"), OperationId("ended"));
  activity_.drop(key_of("s"), OperationId("never"));
  EXPECT_THAT(operations(), IsEmpty());
  EXPECT_EQ(activity_.find(key_of("s"))->running, 0);
  EXPECT_THAT(told(), ElementsAre("analysis-id", "analysis-id"));
  for (std::size_t i = 0; i < Activity::kept_operations; ++i) {
    begin(std::to_string(i), key_of("s"));
    finish(std::to_string(i), key_of("s"));
  }
  EXPECT_THAT(operations(), SizeIs(Activity::kept_operations));
}

TEST_F(ActivityTest, SessionEndsWithItsOperations) {
  activity_.saw(session("s"));
  activity_.saw(session("s2"));
  begin("done", key_of("s"));
  finish("done", key_of("s"));
  begin("going", key_of("s"));
  begin("going", key_of("s2"));
  told();
  activity_.ended(activity_.find(key_of("s"))->key, noon + 2s);
  EXPECT_THAT(sessions(), ElementsAre("s2"));
  EXPECT_EQ(find("done", key_of("s"))->state, OperationState::finished);
  EXPECT_EQ(find("going", key_of("s"))->state, OperationState::interrupted);
  EXPECT_EQ(find("going", key_of("s"))->ended, noon + 2s);
  EXPECT_EQ(find("going", key_of("s2"))->state, OperationState::running);
  EXPECT_THAT(told(), ElementsAre("analysis-id"));
  activity_.ended(key_of("s"), noon + 3s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(ActivityTest, CallsThatComeAfterASessionsEndDontBringItBack) {
  activity_.saw(session("s"));
  activity_.ended(key_of("s"), noon);
  activity_.ended(key_of("never seen"), noon);
  activity_.saw(session("s"));
  activity_.saw(session("never seen"));
  begin("late", key_of("s"));
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_THAT(operations(), IsEmpty());
  activity_.saw(session("s", other, ServerId("server-2")));
  EXPECT_THAT(sessions(other), ElementsAre("s"));
}

TEST_F(ActivityTest, OnlySoManyEndsAreRemembered) {
  for (std::size_t i = 0; i <= Activity::remembered_ends; ++i) activity_.ended(key_of(std::to_string(i)), noon);
  activity_.saw(session("0"));
  activity_.saw(session("1"));
  EXPECT_THAT(sessions(), ElementsAre("0"));
  activity_.server_ended(server, noon);
  activity_.saw(session("1"));
  EXPECT_THAT(sessions(), ElementsAre("1"));
}

TEST_F(ActivityTest, AServersEndTakesItsSessionsAndLosesWhatRan) {
  const ServerId another("server-10");  // in the order of ids beside "server-1"
  activity_.saw(session("s"));
  activity_.saw(session("t"));
  activity_.saw(session("u", other, another));
  begin("a", key_of("s"));
  begin("b", key_of("t"));
  begin("c", key_of("u", another));
  finish("a", key_of("s"));
  told();
  activity_.server_ended(server, noon + 2s, "It was killed.");
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_EQ(find("a", key_of("s"))->state, OperationState::finished);
  EXPECT_EQ(find("b", key_of("t"))->state, OperationState::lost);
  EXPECT_EQ(find("b", key_of("t"))->ended, noon + 2s);
  EXPECT_EQ(find("b", key_of("t"))->error, "It was killed.");
  EXPECT_EQ(find("c", key_of("u", another))->state, OperationState::running);
  EXPECT_THAT(sessions(other), ElementsAre("u"));
  EXPECT_THAT(told(), ElementsAre("analysis-id"));
  activity_.server_ended(server, noon + 3s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(ActivityTest, AForgottenConnectionLeavesNothing) {
  activity_.saw(session("s"));
  activity_.saw(session("t", other, ServerId("server-2")));
  begin("a", key_of("s"));
  begin("b", key_of("t", ServerId("server-2")));
  activity_.forget(analysis);
  activity_.forget(ConnectionId("nobody"));
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_THAT(operations(), IsEmpty());
  EXPECT_EQ(find("a", key_of("s")), nullptr);
  EXPECT_THAT(operations(other), ElementsAre("b"));
  activity_.saw(session("s"));
  EXPECT_EQ(activity_.find(key_of("s"))->running, 0);
}

TEST_F(ActivityTest, KeepsTheLatestThatEndedAndAllThatRun) {
  activity_.saw(session("s"));
  activity_.saw(session("t", other, ServerId("server-2")));
  begin("elsewhere", key_of("t", ServerId("server-2")));
  finish("elsewhere", key_of("t", ServerId("server-2")));
  begin("going", key_of("s"));
  const int ended = static_cast<int>(Activity::kept_operations) + 3;
  for (int i = 0; i < ended; ++i) begin(std::to_string(i), key_of("s"));
  for (int i = ended; i-- > 0;) finish(std::to_string(i), key_of("s"));
  EXPECT_THAT(operations(), SizeIs(Activity::kept_operations + 1));
  EXPECT_EQ(find(std::to_string(ended - 3), key_of("s")), nullptr) << "the first to end";
  EXPECT_TRUE(find(std::to_string(ended - 4), key_of("s")));
  EXPECT_TRUE(find("going", key_of("s")));
  EXPECT_THAT(operations(other), ElementsAre("elsewhere"));
}

TEST_F(ActivityTest, ManyThatEndAtOnceAreTrimmedWhileTheyEnd) {
  activity_.saw(session("s"));
  for (int i = 0; i < 1000; ++i) begin(std::to_string(i), key_of("s"));
  activity_.ended(key_of("s"), noon + 1s);
  EXPECT_THAT(operations(), SizeIs(Activity::kept_operations));
  for (const Operation* each : activity_.operations(analysis)) EXPECT_EQ(each->state, OperationState::interrupted);
}

TEST_F(ActivityTest, ThousandsAreListedRight) {
  constexpr int many = 3000;
  for (int i = 0; i < many; ++i) {
    const bool mine = i % 3 != 0;
    Session each = session(std::to_string(i), mine ? analysis : other, ServerId(mine ? "server-1" : "server-2"));
    each.started_at += std::chrono::seconds(i);
    activity_.saw(each);
    begin("o" + std::to_string(i), each.key);
  }
  const auto listed = activity_.operations(analysis);
  ASSERT_THAT(listed, SizeIs(many - many / 3));
  EXPECT_EQ(listed.front()->id.str(), "o2999");
  EXPECT_EQ(listed.back()->id.str(), "o1");
  EXPECT_THAT(sessions(other), SizeIs(many / 3));
  EXPECT_EQ(sessions(other).front(), "0");
  EXPECT_EQ(sessions(other).back(), "2997");
}

TEST_F(ActivityTest, WhatGoesBeyondItsLimitsIsNotListed) {
  for (std::size_t i = 0; i < Activity::max_sessions; ++i) activity_.saw(session(std::to_string(i)));
  activity_.saw(session("one more"));
  EXPECT_EQ(activity_.find(key_of("one more")), nullptr);
  begin("of an unlisted session", key_of("one more"));
  EXPECT_THAT(operations(), IsEmpty());

  for (std::size_t i = 0; i < Activity::max_operations + 1; ++i) begin(std::to_string(i), key_of("0"));
  EXPECT_THAT(operations(), SizeIs(Activity::max_operations));
  EXPECT_EQ(activity_.find(key_of("0"))->running, static_cast<int>(Activity::max_operations));
}

TEST_F(ActivityTest, LongIdsAreNotListedAndTextsAreCutAndMadeUtf8) {
  const std::string longest(Activity::longest_id, 'x');
  activity_.saw(session(longest + "x"));
  EXPECT_THAT(sessions(), IsEmpty());
  Session told = session(longest);
  told.notebook = std::string(Activity::longest_text - 1, 'n') + "ä";
  told.client_type = "py\xff";
  activity_.saw(told);
  const Session* found = activity_.find(key_of(longest));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->notebook, std::string(Activity::longest_text - 1, 'n'));
  EXPECT_EQ(found->client_type, "py\ufffd");
  told_.clear();
  activity_.saw(told);
  EXPECT_THAT(told_, IsEmpty());

  begin(longest + "x", key_of(longest));
  EXPECT_THAT(operations(), IsEmpty());
  begin("o", key_of(longest));
  activity_.update(key_of(longest), OperationId("o"), [](Operation& each) {
    each.error = std::string(2000, 'e');
    each.state = OperationState::failed;
    each.ended = noon;
  });
  EXPECT_THAT(find("o", key_of(longest))->error, SizeIs(Activity::longest_text));
}

}  // namespace firesteel
