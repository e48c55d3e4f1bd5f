# SPDX-License-Identifier: Apache-2.0
"""Calls that fail: what is tried again, what ends them, and what is said."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firesteel
import grpc
import pytest
from fake_daemon import FakeDaemon
from firesteel import _retry, get_spark_session
from recorder import Recorder

SENTENCE = "The Spark server of connection 'local' ended: It was killed by SIGKILL. Start it in the Firesteel panel."


@pytest.fixture
def target(daemon: FakeDaemon, directory: Path) -> str:
    target = f"unix:{directory}/gateway.sock"
    daemon.add("local", is_default=True, target=target)
    return target


@pytest.fixture
def spark(target: str) -> Iterator[Recorder]:
    with Recorder(target) as recorder:
        yield recorder


@pytest.fixture
def lost(target: str) -> Any:
    """A session whose gateway has gone."""
    with Recorder(target):
        return get_spark_session()


def run_version(session: Any) -> Any:
    return session.version


def run_query(session: Any) -> Any:
    return session.range(1).collect()


@pytest.mark.parametrize("call", [run_version, run_query])
@pytest.mark.parametrize("code", ["server_ended", "connection_not_found"])
def test_a_call_ends_with_what_the_gateway_says(code: str, call: Callable[[Any], Any], spark: Recorder) -> None:
    from pyspark.errors import PySparkException

    session = get_spark_session()
    spark.calls.clear()
    spark.fail_with = (grpc.StatusCode.FAILED_PRECONDITION, SENTENCE, code)
    with pytest.raises(PySparkException) as error:
        call(session)
    assert isinstance(error.value, firesteel.SparkGone)
    assert error.value.connection == "local"
    assert str(error.value) == SENTENCE
    assert error.value._render_traceback_() == [f"SparkGone: {SENTENCE}"]  # all that a cell shows
    assert len([name for name, _ in spark.calls if name in ("AnalyzePlan", "ExecutePlan")]) == 1


def test_a_connection_that_is_not_ready_says_so(spark: Recorder) -> None:
    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.FAILED_PRECONDITION, "Connection 'local' is still starting.", "not_ready")
    with pytest.raises(firesteel.NotReady, match=r"^Connection 'local' is still starting\.$"):
        session.version  # noqa: B018


def test_a_call_that_was_interrupted_elsewhere_says_so(spark: Recorder) -> None:
    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.CANCELLED, "[OPERATION_CANCELED] It was interrupted.", "interrupted")
    with pytest.raises(firesteel.FiresteelError) as error:
        session.version  # noqa: B018
    assert error.value._render_traceback_() == ["CallEnded: [OPERATION_CANCELED] It was interrupted."]


def test_the_same_words_from_spark_are_spark_s(spark: Recorder) -> None:
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException

    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.FAILED_PRECONDITION, SENTENCE)
    with pytest.raises(SparkConnectGrpcException, match="SIGKILL"):
        session.version  # noqa: B018


def test_an_unavailable_server_is_tried_again(spark: Recorder, eventually: Callable[..., None]) -> None:
    session = get_spark_session()
    spark.calls.clear()
    spark.fail_with = (grpc.StatusCode.UNAVAILABLE, "The way to the server was lost.")

    def come_back() -> None:
        eventually(lambda: len(spark.of("AnalyzePlan")) > 2)
        spark.fail_with = None

    thread = threading.Thread(target=come_back)
    thread.start()
    assert session.version == "recorded"
    thread.join(10)


@pytest.fixture
def revivable(daemon: FakeDaemon, directory: Path, target: str, eventually: Callable[..., None]) -> Iterator[None]:
    """No daemon runs; the gateway comes back with the one that is asked for."""
    daemon.close()
    done = threading.Event()

    def restart() -> None:
        eventually((directory / "wanted").exists, 30)
        with Recorder(target) as gateway:
            daemon.gateway = gateway
            daemon.listen()
            done.wait(60)

    thread = threading.Thread(target=restart)
    thread.start()
    yield
    done.set()
    thread.join(10)


def test_without_a_daemon_one_is_started_and_the_call_goes_on(lost: Any, revivable: None) -> None:
    assert lost.version == "recorded"


def test_without_a_daemon_an_interrupt_starts_one_too(lost: Any, revivable: None, daemon: FakeDaemon) -> None:
    began = time.monotonic()
    assert lost.client.interrupt_operation("1") == []
    assert time.monotonic() - began < 3
    assert len(daemon.gateway.of("Interrupt")) == 1


@pytest.mark.parametrize(("rpc", "limit"), [("version", 0.5), ("Interrupt", 2.5)])
def test_without_a_daemon_the_tries_are_bounded(
    rpc: str, limit: float, lost: Any, daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_retry, "GIVE_UP_SECONDS", 0.5)
    daemon.close()
    monkeypatch.setenv("FIRESTEEL_BINARY", "/bin/false")
    began = time.monotonic()
    with pytest.raises(firesteel.SparkGone, match="has not been reached for") as error:
        lost.version if rpc == "version" else lost.client.interrupt_operation("1")
    assert limit <= time.monotonic() - began < limit + 2.5
    assert "`/bin/false paths --json` failed with exit code 1" in str(error.value)


def test_a_call_that_ran_for_long_before_the_gateway_went_is_tried_for_as_long_as_others(
    lost: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = lost.client.get_retry_policies()[0].to_state()
    monkeypatch.setattr(_retry, "REVIVE_SECONDS", 0.1)
    started = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: started + 3600)
    assert attempts.next_attempt(Exception("lost")) is not None
    monkeypatch.setattr(time, "monotonic", lambda: started + 7200)
    assert attempts.next_attempt(Exception("lost again")) is not None
    monkeypatch.setattr(time, "monotonic", lambda: started + 7200 + 29)
    assert attempts.next_attempt(Exception("still lost")) is not None
    for seconds in (58, 87, 116):
        monkeypatch.setattr(time, "monotonic", lambda seconds=seconds: started + 7200 + seconds)
        assert attempts.next_attempt(Exception("still lost")) is not None
    monkeypatch.setattr(time, "monotonic", lambda: started + 7200 + 121)
    with pytest.raises(firesteel.SparkGone, match=r"for 121 s\. still lost"):
        attempts.next_attempt(Exception("still lost"))


@pytest.mark.parametrize("condition", ["SESSION_CLOSED", "SESSION_CHANGED", "SESSION_NOT_FOUND"])
def test_a_lost_session_says_how_to_get_another(condition: str, spark: Recorder) -> None:
    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.INTERNAL, f"[INVALID_HANDLE.{condition}] The handle x is invalid.")
    with pytest.raises(firesteel.SparkGone, match=r"has ended .* run spark = get_spark_session\('local'\)"):
        session.version  # noqa: B018
    assert not session.is_stopped


def test_other_errors_of_spark_s_stay_what_they_are(spark: Recorder) -> None:
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException

    session = get_spark_session()
    spark.fail_with = (grpc.StatusCode.INTERNAL, "[DIVIDE_BY_ZERO] Division by zero.")
    with pytest.raises(SparkConnectGrpcException, match="DIVIDE_BY_ZERO"):
        session.version  # noqa: B018


def test_a_release_is_not_retried(lost: Any, daemon: FakeDaemon, directory: Path) -> None:
    daemon.close()
    began = time.monotonic()
    lost.stop()
    assert time.monotonic() - began < 2
    assert not (directory / "wanted").exists()


@pytest.mark.parametrize("ours", [True, False])
def test_an_interrupted_analysis_brings_a_daemon_that_ends_it_in_spark(
    ours: bool, spark: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = get_spark_session()
    asked = threading.Event()
    monkeypatch.setattr(_retry._daemon, "revive", lambda _timeout: asked.set())
    if not ours:
        monkeypatch.setattr(session.client, "_builder", object())

    def interrupted(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session.client, "_analyze_plan_request_with_metadata", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_version(session)
    assert asked.wait(5 if ours else 0.5) is ours
