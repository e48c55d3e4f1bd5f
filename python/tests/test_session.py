# SPDX-License-Identifier: Apache-2.0
"""Sessions and retries against a recorder that stands for Spark, and a daemon that says what a test wants."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firesteel
import grpc
import pytest
from fake_daemon import FakeDaemon
from firesteel import _retry, get_spark_session, reset_spark_session
from recorder import Recorder


@pytest.fixture
def spark(daemon: FakeDaemon) -> Iterator[Recorder]:
    with Recorder() as recorder:
        daemon.add("local", is_default=True, target=recorder.target, token="t")
        yield recorder


def nobody_listens() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


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
    assert os.environ["SPARK_REMOTE"] == "sc://localhost"
    reset_spark_session()
    assert not [name for name in os.environ if name.startswith("SPARK_")]


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
    daemon.add("other", target=spark.target, token="u")
    local, other = get_spark_session(), get_spark_session("other")
    assert local is not other
    assert spark.of("AnalyzePlan")[-1]["authorization"] == "Bearer u"
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
    daemon.add("other", target=spark.target, token="u")
    get_spark_session("local"), get_spark_session("other")
    with pytest.raises(firesteel.SessionNotFound, match="'local', 'other'"):
        reset_spark_session()


def test_reset_does_not_wait_for_a_dead_server(daemon: FakeDaemon) -> None:
    with Recorder() as recorder:
        daemon.add("local", target=recorder.target, token="t")
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


def test_a_server_that_does_not_answer_ends_at_the_deadline(daemon: FakeDaemon) -> None:
    daemon.add("local", target=nobody_listens(), token="t")
    began = time.monotonic()
    with pytest.raises(firesteel.NotReady, match="is ready, but its Spark server did not answer within 1 s"):
        get_spark_session(timeout=1)
    assert time.monotonic() - began < 3


def test_a_token_that_spark_refuses_is_an_error(spark: Recorder) -> None:
    spark.fail_with = (grpc.StatusCode.UNAUTHENTICATED, "Invalid token")
    with pytest.raises(firesteel.FiresteelError, match="refused the session of connection 'local': Invalid token"):
        get_spark_session()
    from pyspark.sql.connect.session import SparkSession

    assert SparkSession._default_session is None


def test_sessions_made_from_ours_end_like_ours(spark: Recorder) -> None:
    session = get_spark_session()
    makers = [getattr(session, name) for name in ("cloneSession", "newSession") if hasattr(session, name)]
    for make in makers:
        made = make()
        assert [type(policy) for policy in made.client.get_retry_policies()] == [_retry.WhileServerLives]
        assert made.version == "recorded"
    assert {metadata["authorization"] for _, metadata in spark.calls} == {"Bearer t"}
    assert makers


# A server that goes away during a call


def dying(daemon: FakeDaemon) -> Any:
    """A session whose server is gone, though the daemon says for now that it runs."""
    with Recorder() as recorder:
        daemon.add("local", target=recorder.target, token="t")
        session = get_spark_session()
    daemon.seen.clear()
    return session


def after_first_question(daemon: FakeDaemon, eventually: Callable[..., None], **change: Any) -> threading.Thread:
    def run() -> None:
        eventually(lambda: daemon.seen)
        with daemon.changing():
            daemon.connections[0].update(change)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"state": "failed", "failure": {"reason": "killed", "message": "It was killed by SIGKILL."}},
            "'local' ended: It was killed by SIGKILL. Start it in the Firesteel panel or with",
        ),
        ({"state": "stopping"}, "'local' was stopped. Start it"),
        ({"state": "stopped"}, "'local' was stopped. Start it"),
        ({"server_id": "another"}, "'local' was restarted: run spark = get_spark_session('local')"),
        ({"name": "renamed"}, "'local' was removed. Create it again"),
    ],
)
def test_a_call_ends_when_the_daemon_says_that_the_server_is_gone(
    change: dict[str, Any], said: str, daemon: FakeDaemon, eventually: Callable[..., None]
) -> None:
    from pyspark.errors import PySparkException

    session = dying(daemon)
    thread = after_first_question(daemon, eventually, **change)
    began = time.monotonic()
    with pytest.raises(PySparkException) as error:
        session.version  # noqa: B018
    assert time.monotonic() - began < 3
    thread.join(10)
    assert isinstance(error.value, firesteel.SparkGone)
    assert error.value.connection == "local"
    assert said in str(error.value)
    assert error.value._render_traceback_() == [f"SparkGone: {error.value}"]  # all that a cell shows


def test_a_query_ends_too(daemon: FakeDaemon, eventually: Callable[..., None]) -> None:
    session = dying(daemon)
    thread = after_first_question(daemon, eventually, state="stopped")
    began = time.monotonic()
    with pytest.raises(firesteel.SparkGone, match="was stopped"):
        session.range(1).collect()
    assert time.monotonic() - began < 3
    thread.join(10)


def test_a_call_goes_on_when_the_server_is_back(daemon: FakeDaemon, eventually: Callable[..., None]) -> None:
    session = dying(daemon)
    target = daemon.channels["local"][0]
    with_server = threading.Event()
    done = threading.Event()

    def come_back() -> None:
        eventually(lambda: len(daemon.seen) > 1)
        with Recorder(target):
            with_server.set()
            done.wait(30)

    thread = threading.Thread(target=come_back)
    thread.start()
    assert session.version == "recorded"
    assert with_server.is_set()
    done.set()
    thread.join(10)


def test_without_a_daemon_the_tries_are_bounded(
    daemon: FakeDaemon, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_retry, "GIVE_UP_SECONDS", 0.5)
    session = dying(daemon)
    daemon.close()
    monkeypatch.setenv("FIRESTEEL_BINARY", "/bin/false")
    began = time.monotonic()
    with pytest.raises(firesteel.SparkGone, match="has not answered for") as error:
        session.version  # noqa: B018
    assert time.monotonic() - began < 5
    assert "`/bin/false paths --json` failed with exit code 1" in str(error.value)
    daemon.listen()


def test_without_a_daemon_one_is_asked_for(
    daemon: FakeDaemon, directory: Path, monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., None]
) -> None:
    session = dying(daemon)
    daemon.close()

    def restart() -> None:
        eventually((directory / "wanted").exists)
        daemon.connections[0]["state"] = "stopped"
        daemon.listen()

    thread = threading.Thread(target=restart)
    thread.start()
    with pytest.raises(firesteel.SparkGone, match="'local' was stopped"):
        session.version  # noqa: B018
    thread.join(10)


@pytest.mark.parametrize("condition", ["SESSION_CLOSED", "SESSION_CHANGED", "SESSION_NOT_FOUND"])
def test_a_lost_session_says_how_to_get_another(condition: str, spark: Recorder) -> None:
    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.INTERNAL, f"[INVALID_HANDLE.{condition}] The handle x is invalid.")
    with pytest.raises(firesteel.SparkGone, match=r"has ended .* run spark = get_spark_session\('local'\)"):
        session.version  # noqa: B018
    assert not session.is_stopped  # or the user's builder would go and look for a server at SPARK_REMOTE


def test_other_errors_of_spark_s_stay_what_they_are(spark: Recorder) -> None:
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException

    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.INTERNAL, "[DIVIDE_BY_ZERO] Division by zero.")
    with pytest.raises(SparkConnectGrpcException, match="DIVIDE_BY_ZERO"):
        session.version  # noqa: B018


def test_a_release_is_not_retried(daemon: FakeDaemon) -> None:
    session = dying(daemon)
    began = time.monotonic()
    session.stop()
    assert time.monotonic() - began < 2
    assert [seen for seen in daemon.seen if "/connections/local" in seen[1]] == []
