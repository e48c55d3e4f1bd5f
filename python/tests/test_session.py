# SPDX-License-Identifier: Apache-2.0
"""Sessions against a recorder that stands for Spark, and a daemon that says what a test wants."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import firesteel
import grpc
import pytest
from fake_daemon import FakeDaemon
from firesteel import get_spark_session, reset_spark_session
from firesteel._retry import WhileServerLives
from recorder import Recorder


@pytest.fixture
def spark(daemon: FakeDaemon) -> Iterator[Recorder]:
    with Recorder() as recorder:
        daemon.add("local", is_default=True, target=recorder.target)
        yield recorder


def test_the_same_session_each_time(spark: Recorder) -> None:
    session = get_spark_session()
    assert get_spark_session() is session
    assert get_spark_session("local") is session
    assert len({metadata["x-firesteel-connection"] for metadata in spark.of("AnalyzePlan")}) == 1


def test_the_user_s_builder_returns_the_shared_session(spark: Recorder) -> None:
    from pyspark.sql import SparkSession

    session = get_spark_session()
    assert SparkSession.builder.getOrCreate() is session
    assert SparkSession.builder.appName("mine").getOrCreate() is session
    assert os.environ["SPARK_REMOTE"] == "sc://localhost/;x-firesteel-connection=local"
    reset_spark_session()
    assert not [name for name in os.environ if name.startswith("SPARK_")]


def test_after_stop_the_builder_makes_a_session_of_the_connection(
    spark: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    from pyspark.sql import SparkSession

    get_spark_session().stop()
    again = SparkSession.builder.appName("mine").getOrCreate()
    assert again.version == "recorded"
    assert get_spark_session() is again
    assert "'local' was stopped" in capsys.readouterr().err


def test_the_builder_s_create_makes_one_more(spark: Recorder) -> None:
    from pyspark.sql import SparkSession

    session = get_spark_session()
    other = SparkSession.builder.create()
    assert other.version == session.version == "recorded"
    assert other.session_id != session.session_id
    assert get_spark_session() is session


def test_two_threads_that_ask_in_different_ways_do_not_wait_for_each_other(spark: Recorder) -> None:
    from pyspark.sql import SparkSession

    for _ in range(10):
        get_spark_session().stop()
        asked = [
            threading.Thread(target=ask, daemon=True) for ask in (get_spark_session, SparkSession.builder.getOrCreate)
        ]
        for thread in asked:
            thread.start()
        for thread in asked:
            thread.join(20)
            assert not thread.is_alive()


def test_the_builder_goes_where_it_is_told(spark: Recorder) -> None:
    from pyspark.sql import SparkSession

    get_spark_session().stop()
    with Recorder() as elsewhere:
        session = SparkSession.builder.remote(f"sc://{elsewhere.target}").getOrCreate()
        assert session.version == "recorded"
        assert "x-firesteel-connection" not in elsewhere.of("AnalyzePlan")[-1]
        session.stop()


def test_a_program_of_a_notebook_s_leads_to_its_own_connection(
    spark: Recorder, daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark.sql import SparkSession

    daemon.add("a b", target=spark.target)
    monkeypatch.setenv("SPARK_REMOTE", "sc://localhost/;x-firesteel-connection=local")
    monkeypatch.setenv("SPARK_CONNECT_MODE_ENABLED", "1")
    get_spark_session("a b").stop()
    spark.calls.clear()
    SparkSession.builder.getOrCreate()
    assert {metadata["x-firesteel-connection"] for _, metadata in spark.calls} == {"a b"}


def test_a_spark_remote_of_the_user_s_stays(
    spark: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("SPARK_REMOTE", "sc://cluster/;token=hidden")
    session = get_spark_session()
    said = capsys.readouterr().err
    assert "SPARK_REMOTE was set before and stays as it is" in said and "hidden" not in said
    assert os.environ["SPARK_REMOTE"] == "sc://cluster/;token=hidden"
    assert SparkSession.builder.getOrCreate() is session
    reset_spark_session()
    assert os.environ["SPARK_REMOTE"] == "sc://cluster/;token=hidden"
    assert "SPARK_CONNECT_MODE_ENABLED" not in os.environ


def test_connections_have_sessions_of_their_own(spark: Recorder, daemon: FakeDaemon) -> None:
    daemon.add("other", target=spark.target)
    local, other = get_spark_session(), get_spark_session("other")
    assert local is not other
    assert spark.of("AnalyzePlan")[-1]["x-firesteel-connection"] == "other"
    reset_spark_session("other")
    assert other.is_stopped and not local.is_stopped
    assert get_spark_session("other") is not other


def test_reset_releases_the_session_and_the_next_one_is_new(spark: Recorder) -> None:
    session = get_spark_session()
    reset_spark_session()
    assert len(spark.of("ReleaseSession")) == 1
    assert session.is_stopped
    assert get_spark_session() is not session


def test_reset_without_a_session(spark: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    reset_spark_session()
    assert "no Spark session to reset" in capsys.readouterr().err
    with pytest.raises(firesteel.SessionNotFound, match="connection 'other' here"):
        reset_spark_session("other")


def test_reset_of_several_asks_which(spark: Recorder, daemon: FakeDaemon) -> None:
    daemon.add("other", target=spark.target)
    get_spark_session("local"), get_spark_session("other")
    with pytest.raises(firesteel.SessionNotFound, match="'local', 'other'"):
        reset_spark_session()


def test_reset_does_not_wait_for_a_dead_server(daemon: FakeDaemon) -> None:
    with Recorder() as recorder:
        daemon.add("local", target=recorder.target)
        get_spark_session()
    began = time.monotonic()
    reset_spark_session()
    assert time.monotonic() - began < 3


def test_a_restarted_server_gets_a_new_session(
    spark: Recorder, daemon: FakeDaemon, capsys: pytest.CaptureFixture[str]
) -> None:
    old = get_spark_session()
    with daemon.changing():
        daemon.connections[0]["server_id"] = str(uuid.uuid4())
    new = get_spark_session()
    assert new is not old and old.is_stopped
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "'local' ended when its Spark server did" in said


def test_a_stopped_session_is_replaced(spark: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    old = get_spark_session()
    old.stop()
    assert get_spark_session() is not old
    assert "'local' was stopped" in capsys.readouterr().err


def test_a_session_that_the_server_closed_is_replaced(spark: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    from pyspark.sql import SparkSession

    old = get_spark_session()
    spark.fail_with = (grpc.StatusCode.INTERNAL, "[INVALID_HANDLE.SESSION_CLOSED] The handle x is invalid.")
    threading.Timer(0.3, setattr, (spark, "fail_with", None)).start()
    new = get_spark_session()
    assert new is not old
    assert SparkSession.builder.getOrCreate() is new
    assert "'local' was closed by the Spark server" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["", "not_ready", "connection_not_found"])
def test_a_server_that_does_not_answer_ends_at_the_deadline(code: str, spark: Recorder) -> None:
    spark.fail_with = (grpc.StatusCode.UNAVAILABLE, "The server does not answer.", code)
    began = time.monotonic()
    with pytest.raises(firesteel.NotReady, match="is ready, but its Spark server did not answer within 1 s"):
        get_spark_session(timeout=1)
    assert time.monotonic() - began < 3


def test_a_session_outlives_a_gateway_that_was_away_for_a_moment(daemon: FakeDaemon, directory: Path) -> None:
    target = f"unix:{directory}/gateway.sock"
    daemon.add("local", target=target)
    with Recorder(target):
        session = get_spark_session()
    again: list[Any] = []
    asking = threading.Thread(target=lambda: again.append(get_spark_session()))
    asking.start()
    with Recorder(target):
        asking.join(10)
    assert again == [session] and not session.is_stopped


def test_a_server_that_ended_unseen_gets_a_new_session(spark: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    old = get_spark_session()
    spark.fail_with = (grpc.StatusCode.FAILED_PRECONDITION, "It was restarted.", "server_ended")
    threading.Timer(0.3, setattr, (spark, "fail_with", None)).start()
    assert get_spark_session() is not old
    assert "'local' ended when its Spark server did" in capsys.readouterr().err


def test_a_refusal_that_nobody_knows_is_an_error(spark: Recorder) -> None:
    spark.fail_with = (grpc.StatusCode.PERMISSION_DENIED, "Not today")
    with pytest.raises(firesteel.FiresteelError, match="refused the session of connection 'local': Not today"):
        get_spark_session()
    from pyspark.sql.connect.session import SparkSession

    assert SparkSession._default_session is None


def test_sessions_made_from_ours_end_like_ours(spark: Recorder) -> None:
    session = get_spark_session()
    makers = [getattr(session, name) for name in ("cloneSession", "newSession") if hasattr(session, name)]
    for make in makers:
        made = make()
        assert [type(policy) for policy in made.client.get_retry_policies()] == [WhileServerLives]
        assert made.version == "recorded"
    assert len({metadata["x-firesteel-server"] for _, metadata in spark.calls}) == 1
    assert makers
