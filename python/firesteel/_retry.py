# SPDX-License-Identifier: Apache-2.0
"""When a call to Spark fails: try again while it may help, end at once with the reason when it can't.

The gateway knows what has become of a server, and says so in its own errors. When the gateway itself is away, a daemon
is started again. pyspark on its own goes on for ten minutes, and sleeps up to a minute between two tries.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from typing import Any

import grpc
from pyspark.errors import PySparkException
from pyspark.errors.exceptions.connect import SparkConnectException
from pyspark.sql.connect.client import SparkConnectClient

try:
    from pyspark.sql.connect.client.retries import DefaultPolicy, RetryPolicy, RetryPolicyState
except ImportError:  # Spark 3.5
    from ._spark35 import DefaultPolicy, RetryPolicy, RetryPolicyState

from . import _daemon
from ._channel import FiresteelChannelBuilder, latest_rpc
from ._errors import FiresteelError, NotReady

GIVE_UP_SECONDS = 120.0
GIVE_UP_INTERRUPT_SECONDS = 2.5
REVIVE_SECONDS = 5.0
REVIVE_EVERY_SECONDS = 5.0
# A call that went on for so long before it failed again had been through.
CALM_SECONDS = 30.0
# What Spark answers to a session, or to an operation of a session, that it no longer knows.
LOST_SESSION = (
    "NO_ACTIVE_SESSION",
    "RESPONSE_ALREADY_RECEIVED",
    "INVALID_HANDLE.SESSION_CHANGED",
    "INVALID_HANDLE.SESSION_CLOSED",
    "INVALID_HANDLE.SESSION_NOT_FOUND",
)


class CallEnded(FiresteelError, SparkConnectException):
    """The gateway ended a call, and not Spark; the message says why."""

    def __init__(self, message: str) -> None:
        SparkConnectException.__init__(self, message=message)
        self._said = message

    def __str__(self) -> str:
        return self._said


class SparkGone(CallEnded):
    """The Spark server or session behind a call has ended. `connection` names the connection."""

    def __init__(self, connection: str, message: str) -> None:
        super().__init__(message)
        self.connection = connection


def gateway_error(error: BaseException) -> str | None:
    """The code of an error that the gateway made itself; its details are a sentence for the user."""
    if not isinstance(error, grpc.RpcError) or not isinstance(error, grpc.Call):
        return None
    return next((str(value) for key, value in error.trailing_metadata() or () if key == "x-firesteel-error"), None)


class WhileServerLives(RetryPolicy):
    """Retries what pyspark's own policy retries, in short steps, and raises our errors for what can't be retried."""

    def __init__(self, connection: str) -> None:
        super().__init__(
            max_retries=None,
            initial_backoff=50,
            max_backoff=1000,
            backoff_multiplier=2.0,
            jitter=100,
            min_jitter_threshold=500,
        )
        self.connection = connection
        self._retried_by_pyspark = DefaultPolicy()

    def can_retry(self, exception: BaseException) -> bool:
        if isinstance(exception, FiresteelError):
            return False
        code = gateway_error(exception)
        if code in ("server_ended", "connection_not_found"):
            raise SparkGone(self.connection, said_by(exception)) from None
        if code == "not_ready":
            raise NotReady(said_by(exception)) from None
        if code is not None:
            raise CallEnded(said_by(exception)) from None
        if _is_lost_session(exception):
            raise SparkGone(
                self.connection,
                f"This Spark session of connection {self.connection!r} has ended (stopped, or idle for too long): "
                f"run spark = get_spark_session({self.connection!r}) for a new one.",
            ) from None
        if latest_rpc().startswith("Release"):
            return False  # a courtesy to the server, which cleans up by itself; and it would hold up the kernel's exit
        return self._retried_by_pyspark.can_retry(exception)

    def to_state(self) -> RetryPolicyState:
        return _Attempts(self)


class _Attempts(RetryPolicyState):
    """The tries of one call."""

    def __init__(self, policy: WhileServerLives) -> None:
        super().__init__(policy)
        self._connection = policy.connection
        self._began = self._revive_at = 0.0
        self._latest = -CALM_SECONDS
        self._no_daemon = ""  # why none could be started
        self._failed_with: BaseException | None = None

    def can_retry(self, exception: BaseException) -> bool:
        self._failed_with = exception
        return super().can_retry(exception)

    def next_attempt(self, *given: Any) -> int | None:  # pyspark gives the exception from 4.1 on
        exception = given[0] if given else self._failed_with
        now = time.monotonic()
        if now - self._latest > CALM_SECONDS:
            self._began = now
        limit = GIVE_UP_INTERRUPT_SECONDS if latest_rpc() == "Interrupt" else GIVE_UP_SECONDS
        left = self._began + limit - now
        if left > 0 and now >= self._revive_at:
            revival = Revival(min(left, REVIVE_SECONDS))
            revival.start()
            revival.join()  # an interrupt ends the waiting and not the daemon's start
            self._no_daemon = str(revival.error or "")
            if revival.error:
                self._revive_at = time.monotonic() + REVIVE_EVERY_SECONDS
        self._latest = time.monotonic()
        tried = self._latest - self._began
        if tried >= limit:
            why = self._no_daemon or said_by(exception)
            raise SparkGone(
                self._connection, f"Connection {self._connection!r} has not been reached for {tried:.0f} s. {why}"
            )
        return super().next_attempt(*given)


class Revival(threading.Thread):
    """Starts a daemon if none listens, and is not cut short by what happens to the call that wants it.

    The process waits for it at its end: a daemon ends in Spark what an interrupted call had begun there.
    """

    def __init__(self, timeout: float) -> None:
        super().__init__(name="firesteel-revival")
        self.error: FiresteelError | None = None
        self._timeout = timeout

    def run(self) -> None:
        try:
            _daemon.revive(self._timeout)
        except FiresteelError as error:
            self.error = error
            logging.getLogger("firesteel").info("no daemon could be started: %s", error)


def watch_interrupts() -> None:
    """Sees to it that a daemon is there when an analysis of ours is interrupted: it ends in Spark what was begun.

    pyspark tells nobody of it, and the interrupt may come anywhere in pyspark: so around the whole of its method.
    """
    analyze = SparkConnectClient._analyze
    if hasattr(analyze, "__wrapped__"):
        return

    @functools.wraps(analyze)
    def watched(self: SparkConnectClient, *args: Any, **kwargs: Any) -> Any:
        try:
            return analyze(self, *args, **kwargs)
        except KeyboardInterrupt:
            if isinstance(self._builder, FiresteelChannelBuilder):
                Revival(GIVE_UP_SECONDS).start()
            raise

    SparkConnectClient._analyze = watched


def said_by(exception: BaseException | None) -> str:
    return str(exception.details() if isinstance(exception, grpc.Call) else exception or "")


def _is_lost_session(exception: BaseException) -> bool:
    said: Any = ""
    if isinstance(exception, PySparkException):
        said = exception.getCondition() if hasattr(exception, "getCondition") else exception.getErrorClass()
    elif isinstance(exception, grpc.RpcError) and isinstance(exception, grpc.Call):
        said = exception.details()
    return any(condition in (said or "") for condition in LOST_SESSION)
