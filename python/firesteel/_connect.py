# SPDX-License-Identifier: Apache-2.0
"""From a name (or none) to a connection that is ready: choose, start if asked to, wait and say what for."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from . import _daemon
from ._errors import ConnectionNotFound, DaemonRefused, FiresteelError, NotReady

SETTLE_MS = 1000
PHASES = {
    "preparing": "preparing",
    "starting_jvm": "starting JVM",
    "creating_driver": "creating driver",
    "adopting": "checking the running server",
}
RUNNING = ("starting", "ready")

Connection = dict[str, Any]


def say(text: str, end: str = "\n") -> None:
    """Tells the user something: in the cell's output, or on stderr where stdout may be a program's data."""
    print(text, end=end, flush=True, file=sys.stdout if in_ipython() else sys.stderr)


def in_ipython() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def ready_connection(name: str | None, start: bool, deadline: float) -> Connection:
    """A connection in state `ready`; `deadline` is on the monotonic clock, in seconds.

    Raises ConnectionNotFound or NotReady with what exists and what to do.
    """
    waiting = None
    try:
        while True:
            connection = choose(_daemon.list_connections(), name, start)
            if connection is not None and connection["state"] == "ready":
                if waiting:
                    waiting.end(f"ready ({time.monotonic() - waiting.began:.1f} s)")
                return connection
            if connection is None or connection["state"] in ("stopped", "failed"):
                if not start:
                    raise _not_running(connection)
                name, start = _start(connection, name), False  # once: a second failure is for the user to see
                continue
            name = str(connection["name"])
            waiting = waiting or Waiting(name)
            waiting.show(connection)
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(connection)
            _daemon.get_connection(name, settle_ms=max(1, min(SETTLE_MS, int(left * 1000))))
    except BaseException:
        if waiting:
            waiting.end("")
        raise


def choose(connections: Sequence[Connection], name: str | None, start: bool = False) -> Connection | None:
    """The named connection; else the default one, the only one that runs, or the only one.

    None when there is nothing to choose from and `start` says that it will be created.
    """
    names = [str(connection["name"]) for connection in connections]
    if name is not None:
        for connection in connections:
            if connection["name"] == name:
                return connection
        if start:
            return None
        raise ConnectionNotFound(
            f"There is no Spark connection named {name!r}. {_existing(connections)}"
            f"To create it, use the Firesteel panel or call get_spark_session({name!r}, start=True).",
            names,
        )
    if not connections:
        if start:
            return None
        raise ConnectionNotFound(
            "There is no Spark connection yet. "
            "Create one in the Firesteel panel, or call get_spark_session(start=True)."
        )
    default = [connection for connection in connections if connection.get("is_default")]
    running = [connection for connection in connections if connection["state"] in RUNNING]
    for candidates in (default, running, connections):
        if len(candidates) == 1:
            return candidates[0]
    raise ConnectionNotFound(
        f"Several Spark connections exist and none is the default one. {_existing(connections)}"
        f"Choose one by name, e.g. get_spark_session({names[0]!r}).",
        names,
    )


def _existing(connections: Sequence[Connection]) -> str:
    if not connections:
        return ""
    return "There are: " + ", ".join(f"{c['name']} ({c['state']})" for c in connections) + ". "


def _start(connection: Connection | None, name: str | None) -> str:
    """Starts or creates the connection and returns its name."""
    try:
        if connection is not None:
            _daemon.start_connection(str(connection["name"]))
            return str(connection["name"])
        cluster = _daemon.default_cluster()
        _daemon.create_connection(name or cluster, cluster)
        return name or cluster
    except DaemonRefused as error:
        # Another notebook was quicker: wait for what it started.
        if error.code in ("connection_exists", "wrong_state"):
            return str(connection["name"]) if connection is not None else (name or cluster)
        raise


def _not_running(connection: Connection | None) -> FiresteelError:
    assert connection is not None  # choose() raises rather than return None without start
    name = connection["name"]
    again = f"Start it in the Firesteel panel, or call get_spark_session({name!r}, start=True)."
    if connection["state"] == "stopped":
        return NotReady(f"Connection {name!r} is stopped. {again}")
    failure = connection.get("failure") or {}
    cause = " ".join(str(failure[key]) for key in ("message", "advice") if failure.get(key))
    return NotReady(f"Connection {name!r} failed: {cause or 'the cause is not known; see its log.'} {again}")


def _too_slow(connection: Connection) -> NotReady:
    name = connection["name"]
    return NotReady(
        f"Connection {name!r} is still {connection['state']} ({_phase(connection)}). "
        f"It goes on; wait longer with get_spark_session({name!r}, timeout=…), "
        f"or look at its log in the Firesteel panel."
    )


def _phase(connection: Connection) -> str:
    if connection["state"] == "stopping":
        return "stopping"
    current = [phase["phase"] for phase in connection.get("phases", ()) if not phase["done"]]
    return PHASES.get(current[-1], current[-1]) if current else "starting"


class Waiting:
    """One line that grows: what is waited for, phase by phase."""

    def __init__(self, name: str) -> None:
        self.began = time.monotonic()
        self._shown: str | None = None
        say(f"Waiting for connection {name!r}:", end="")

    def show(self, connection: Connection) -> None:
        phase = _phase(connection)
        if phase != self._shown:
            say(f" {phase}…", end="")
            self._shown = phase

    def end(self, text: str) -> None:
        say(f" {text}" if text else "")
