# SPDX-License-Identifier: Apache-2.0
"""When a call to Spark fails: try again while the server lives, end at once with the reason when it doesn't.

pyspark on its own goes on for ten minutes after a server has died, and sleeps up to a minute between two tries.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

import grpc
from pyspark.errors import PySparkException
from pyspark.errors.exceptions.connect import SparkConnectException
from pyspark.sql.connect.client.retries import DefaultPolicy, RetryPolicy, RetryPolicyState

from . import _daemon
from ._channel import latest_rpc
from ._errors import ConnectionNotFound, DaemonRefused, DaemonUnreachable, FiresteelError

ASK_SECONDS = 1.0
GIVE_UP_SECONDS = 120.0
GIVE_UP_INTERRUPT_SECONDS = 2.0
REVIVE_EVERY_SECONDS = 10.0
# What Spark answers to a session, or to an operation of a session, that it no longer knows.
LOST_SESSION = (
    "NO_ACTIVE_SESSION",
    "RESPONSE_ALREADY_RECEIVED",
    "INVALID_HANDLE.SESSION_CHANGED",
    "INVALID_HANDLE.SESSION_CLOSED",
    "INVALID_HANDLE.SESSION_NOT_FOUND",
)


class SparkGone(FiresteelError, SparkConnectException):
    """The Spark server or session behind a call has ended. `connection` names the connection."""

    def __init__(self, connection: str, message: str) -> None:
        SparkConnectException.__init__(self, message=message)
        self.connection = connection

    def __str__(self) -> str:
        return str(self._message)


def server_fate(name: str, server_id: str) -> str | None:
    """Why this run of the connection's server is over, in a sentence with what to do; None while it lives.

    Raises DaemonUnreachable when the daemon can't be asked.
    """
    try:
        connection = _daemon.get_connection(name, timeout=ASK_SECONDS, start_daemon=False)
    except ConnectionNotFound:
        return f"Connection {name!r} was removed. Create it again in the Firesteel panel."
    except DaemonRefused as error:
        raise DaemonUnreachable(str(error)) from None
    state = connection.get("state")
    again = "Start it in the Firesteel panel or with get_spark_session(start=True)."
    if state == "failed":
        failure = connection.get("failure") or {}
        cause = " ".join(str(failure[key]) for key in ("message", "advice") if failure.get(key))
        return f"The Spark server of connection {name!r} ended: {cause or 'the cause is not known.'} {again}"
    if state in ("stopped", "stopping"):
        return f"Connection {name!r} was stopped. {again}"
    if connection.get("server_id") not in (None, server_id):
        return f"Connection {name!r} was restarted: run spark = get_spark_session({name!r}) for a new session."
    return None


class WhileServerLives(RetryPolicy):
    """Retries what pyspark's own policy retries, in short steps, and only while the server runs."""

    def __init__(self, connection: str, server_id: str) -> None:
        super().__init__(
            max_retries=None,
            initial_backoff=50,
            max_backoff=1000,
            backoff_multiplier=2.0,
            jitter=100,
            min_jitter_threshold=500,
        )
        self.connection = connection
        self.server_id = server_id
        self._retried_by_pyspark = DefaultPolicy()

    def can_retry(self, exception: BaseException) -> bool:
        if isinstance(exception, FiresteelError):
            return False
        if _is_lost_session(exception):
            raise self.gone() from None
        if latest_rpc().startswith("Release"):
            return False  # a courtesy to the server, which cleans up by itself; and it would hold up the kernel's exit
        return self._retried_by_pyspark.can_retry(exception)

    def to_state(self) -> RetryPolicyState:
        return _Attempts(self)

    def gone(self) -> SparkGone:
        """The error for a session that the server no longer has."""
        try:
            fate = server_fate(self.connection, self.server_id)
        except FiresteelError:
            fate = None
        if fate is None:
            fate = (
                f"This Spark session of connection {self.connection!r} has ended (stopped, or idle for too long): "
                f"run spark = get_spark_session({self.connection!r}) for a new one."
            )
        return SparkGone(self.connection, fate)


class _Attempts(RetryPolicyState):
    """The tries of one call."""

    def __init__(self, policy: WhileServerLives) -> None:
        super().__init__(policy)
        self._watch = policy
        self._began = time.monotonic()
        self._revive_at = self._began

    def next_attempt(self, exception: BaseException | None = None) -> int | None:
        name = self._watch.connection
        unasked = None
        try:
            fate = server_fate(name, self._watch.server_id)
        except FiresteelError as error:
            fate, unasked = None, error
            self._revive_daemon()
        if fate is not None:
            raise SparkGone(name, fate)
        tried = time.monotonic() - self._began
        limit = GIVE_UP_INTERRUPT_SECONDS if latest_rpc() == "Interrupt" else GIVE_UP_SECONDS
        if tried > limit:
            why = str(unasked) if unasked else "The daemon says that it runs; its log may tell more."
            raise SparkGone(name, f"The Spark server of connection {name!r} has not answered for {tried:.0f} s. {why}")
        return super().next_attempt(exception)

    def _revive_daemon(self) -> None:
        """A daemon that is gone is started again: it adopts the servers that still run."""
        now = time.monotonic()
        if now < self._revive_at or latest_rpc() == "Interrupt":
            return
        with contextlib.suppress(FiresteelError):  # it is said when the tries are over
            _daemon.ensure_running(timeout=5.0)
        self._revive_at = time.monotonic() + REVIVE_EVERY_SECONDS


def _is_lost_session(exception: BaseException) -> bool:
    said: Any = ""
    if isinstance(exception, PySparkException):
        said = exception.getCondition()
    elif isinstance(exception, grpc.RpcError) and isinstance(exception, grpc.Call):
        said = exception.details()
    return any(condition in (said or "") for condition in LOST_SESSION)
