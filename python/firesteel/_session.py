# SPDX-License-Identifier: Apache-2.0
"""The sessions of this process: one for each connection, never a dead one.

Imported when the first session is asked for, as pyspark takes about a second to import.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import time
import weakref
from typing import Any

try:
    import grpc
    import pyspark.sql.connect.proto as pb2
    from pyspark.sql.connect.client import SparkConnectClient
    from pyspark.sql.connect.session import SparkSession
except Exception as error:  # pyspark raises errors of its own for what it misses (pandas, pyarrow, grpcio)
    from ._errors import PySparkMissing

    raise PySparkMissing(
        f"PySpark with Spark Connect can't be used in {sys.executable}: {error}. "
        f"Install it there: pip install 'pyspark[connect]>=4.1,<4.4' 'pandas>=2.2,<3'"
    ) from None

from . import _builder, _daemon
from ._channel import FiresteelChannelBuilder
from ._connect import ready_connection, say
from ._errors import DaemonRefused, FiresteelError, NotReady, SessionNotFound
from ._retry import WhileServerLives, gateway_error, watch_interrupts

PROBE_SECONDS = 3.0
RELEASE_SECONDS = 2.0
EXIT_SECONDS = 1.0
BUILDER_SECONDS = 120.0
AWAY = "can't be reached now"
# Spark 3.5 keeps a session until nobody has used it for an hour.
CAN_RELEASE = hasattr(pb2, "ReleaseSessionRequest")

# pyspark's builder holds this one when it asks us for a session: a lock of our own could wait for it while it waits.
_lock = SparkSession._lock
_sessions: dict[str, Held] = {}
_unnamed: str | None = None
_clients: weakref.WeakSet[SparkConnectClient] = weakref.WeakSet()


class Held:
    """A session that was handed out, and the run of the server that it belongs to."""

    def __init__(self, channel: _daemon.Channel) -> None:
        watch_interrupts()
        self.name = channel.name
        self.server_id = channel.server_id
        self.session = SparkSession.builder.channelBuilder(FiresteelChannelBuilder(channel)).create()  # type: ignore[arg-type]
        adopt(self.session.client, WhileServerLives(channel.name))

    def problem(self, server_id: str | None) -> str | None:
        """Why the session can't be used any more; AWAY if it may be later; None if all is well."""
        if self.session.is_stopped:
            return "was stopped"
        if server_id is not None and server_id != self.server_id:
            return "ended when its Spark server did"
        error = call_once(self.session.client, "AnalyzePlan", PROBE_SECONDS)
        if error is None or error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:  # slow is not dead
            return None
        code = gateway_error(error)
        if code == "server_ended":
            return "ended when its Spark server did"
        if code in ("connection_not_found", "not_ready") or error.code() is grpc.StatusCode.UNAVAILABLE:
            return AWAY
        if "INVALID_HANDLE." in (error.details() or ""):
            return "was closed by the Spark server"
        raise FiresteelError(f"Spark refused the session of connection {self.name!r}: {error.details()}") from None

    def discard(self, release: bool) -> None:
        """Forgets the session without waiting for a server that may be gone; `release` tells the server, bounded."""
        client = self.session.client
        if release and CAN_RELEASE and not client.is_closed:
            call_once(client, "ReleaseSession", RELEASE_SECONDS)
        client._closed = True  # close() would wait for calls to the server that are still under way
        client._channel.close()
        if SparkSession._default_session is self.session:
            SparkSession._default_session = None
        if getattr(SparkSession._active_session, "session", None) is self.session:
            SparkSession._active_session.session = None


def adopt(client: SparkConnectClient, policy: WhileServerLives) -> SparkConnectClient:
    """Gives the client our retries and a bounded end, and the same to clients that are made from it."""
    if hasattr(client, "set_retry_policies"):
        client.set_retry_policies([policy])
    else:
        from . import _spark35

        _spark35.set_retry_policies(client, [policy])
    for hook in ("_on_exit", "_cleanup_ml_cache"):  # they retry for minutes when the server is gone
        if hasattr(client, hook):
            atexit.unregister(getattr(client, hook))
    _clients.add(client)
    for method in ("clone", "newSession"):
        make = getattr(client, method, None)
        if make is not None:
            setattr(client, method, _adopting(make, policy))
    return client


def _adopting(make: Any, policy: WhileServerLives) -> Any:
    return lambda *args, **kwargs: adopt(make(*args, **kwargs), policy)


def call_once(client: SparkConnectClient, rpc: str, timeout: float) -> Any:
    """One AnalyzePlan (of Spark's version) or ReleaseSession, not retried; its grpc error, or None if all is well."""
    try:
        _begin(client, rpc, timeout).result()
    except grpc.RpcError as error:
        return error
    return None


def _begin(client: SparkConnectClient, rpc: str, timeout: float) -> Any:
    request = getattr(pb2, f"{rpc}Request")(session_id=client._session_id)
    request.user_context.user_id = client._user_id or ""
    if rpc == "AnalyzePlan":
        request.spark_version.SetInParent()
        if getattr(client, "_server_session_id", None):
            request.client_observed_server_side_session_id = client._server_session_id
    return getattr(client._stub, rpc).future(request, timeout=timeout)


def get(name: str | None, start: bool, timeout: float) -> SparkSession:
    """See `firesteel.get_spark_session`."""
    global _unnamed
    deadline = time.monotonic() + timeout
    with _lock:
        while True:
            connection = ready_connection(name, start, deadline)
            start = False  # a server that dies as soon as it is up is not started again and again
            held = _live(connection)
            if held is not None:
                _unnamed = held.name if name is None else _unnamed
                return held.session
            if time.monotonic() >= deadline:
                raise NotReady(
                    f"The daemon says that connection {connection['name']!r} is ready, but its Spark server did not "
                    f"answer within {timeout:.0f} s. Its log in the Firesteel panel may say why."
                )
            time.sleep(0.1)  # the server has just gone and the daemon is about to notice


def _live(connection: dict[str, Any]) -> Held | None:
    """The connection's session, a new one if the old one is dead; None if its server can't be reached now."""
    name = str(connection["name"])
    held = _sessions.get(name)
    if held is not None:
        problem = held.problem(connection.get("server_id"))
        if problem is None:
            return held
        if problem is AWAY:
            return None
        del _sessions[name]
        held.discard(release=False)
        say(f"The Spark session of connection {name!r} {problem}. Here is a new one, without the old one's views.")
    try:
        channel = _daemon.get_channel(name)
    except DaemonRefused as refusal:
        if refusal.code in ("not_ready", "timed_out"):
            return None
        raise
    held = Held(channel)
    try:
        if held.problem(channel.server_id) is not None:
            return None
        _sessions[name] = held
    finally:
        if _sessions.get(name) is not held:  # it has become pyspark's default session, and is good for nothing
            held.discard(release=False)
    _builder.share(held.name)
    return held


def reset(name: str | None) -> None:
    """See `firesteel.reset_spark_session`."""
    global _unnamed
    with _lock:
        if name is None and not _sessions:
            say("There is no Spark session to reset.")
            return
        chosen = name or (_unnamed if _unnamed in _sessions else None)
        if chosen is None and len(_sessions) == 1:
            chosen = next(iter(_sessions))
        held = _sessions.pop(chosen, None) if chosen else None
        if held is None:
            raise SessionNotFound(
                f"There is no Spark session of connection {name!r} here."
                if name
                else "Say which session to reset: "
                f"sessions exist for {', '.join(map(repr, _sessions)) or 'no connection'}."
            )
        _unnamed = None if _unnamed == held.name else _unnamed
        held.discard(release=True)
        if not _sessions:
            _builder.unshare()


def _for_builder(name: str) -> SparkSession:
    """What the builder gets that has found no session alive, or was asked for one more."""
    with _lock:
        before = _sessions.get(name)
        session = get(name, False, BUILDER_SECONDS)
        return session if _sessions[name] is not before else Held(_daemon.get_channel(name)).session


_builder.lead_to(_for_builder)


def _release_at_exit(owner: int = os.getpid()) -> None:
    """Tells the servers that this process' sessions are over; waits a second at most, whoever answers."""
    if os.getpid() != owner:  # a fork that ends must not end its parent's sessions
        return
    deadline = time.monotonic() + EXIT_SECONDS
    clients = [client for client in _clients if not client.is_closed and CAN_RELEASE]
    releases = [_begin(client, "ReleaseSession", EXIT_SECONDS) for client in clients]
    for client, release in zip(clients, releases, strict=True):
        with contextlib.suppress(grpc.RpcError, grpc.FutureTimeoutError):  # the server drops idle sessions by itself
            release.result(timeout=max(0.0, deadline - time.monotonic()))
        client._closed = True


atexit.register(_release_at_exit)
