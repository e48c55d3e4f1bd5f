# SPDX-License-Identifier: Apache-2.0
"""The way to the Firesteel daemon: find the binary, have a daemon running, ask it over its unix sockets.

Every call has a deadline in seconds and raises a `FiresteelError` that says what to do.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import stat
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ._about import __version__
from ._errors import BinaryNotFound, ConnectionNotFound, DaemonRefused, DaemonUnreachable

MAX_REPLY_BYTES = 16 * 1024 * 1024
START_SECONDS = 20.0
# A daemon outlives the kernel that started it: what describes this kernel must not reach the servers it will start.
# (SPARK_REMOTE makes Spark's own launcher refuse to start a server.)
KERNEL_ONLY_VARIABLES = (
    "JPY_PARENT_PID",
    "JPY_SESSION_NAME",
    "SPARK_CONNECT_AUTHENTICATE_TOKEN",
    "SPARK_CONNECT_MODE_ENABLED",
    "SPARK_LOCAL_REMOTE",
    "SPARK_REMOTE",
)


@dataclass(frozen=True)
class Paths:
    """Where an instance of the daemon listens (absolute paths of unix sockets), and where it keeps things."""

    api_socket: str
    kernel_socket: str
    state_dir: str = ""


@dataclass(frozen=True)
class Channel:
    """How a kernel reaches one run of a connection's server: a gRPC target, and what calls must say."""

    name: str
    server_id: str
    target: str


def find_binary() -> str:
    """Path of the `firesteel` program: $FIRESTEEL_BINARY, beside this Python, its scripts directory, then PATH."""
    chosen = os.environ.get("FIRESTEEL_BINARY")
    if chosen:
        if os.access(chosen, os.X_OK) and os.path.isfile(chosen):
            return chosen
        raise BinaryNotFound(f"FIRESTEEL_BINARY is set to {chosen!r}, which is not a program that can be run.")
    beside = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    found = shutil.which("firesteel", path=os.pathsep.join(map(str, beside))) or shutil.which("firesteel")
    if found is None:
        raise BinaryNotFound(
            f"The program `firesteel` was found neither in {beside[0]} nor on PATH. "
            f"Install the package `firesteel` in the environment of {sys.executable}, or set FIRESTEEL_BINARY."
        )
    return found


def read_paths() -> Paths:
    """Where the daemon listens, or would listen; starts nothing."""
    variables = ("FIRESTEEL_BINARY", "FIRESTEEL_RUNTIME_DIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "TMPDIR", "HOME")
    return _paths_for(tuple(os.environ.get(name) for name in variables))


@lru_cache(maxsize=8)
def _paths_for(_environment: tuple[str | None, ...]) -> Paths:
    return _run(["paths", "--json"], 10.0)


def ensure_private(directory: Path) -> None:
    """Makes the directory of the sockets, so that nobody else does; refuses one that somebody else has made."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
    except OSError as error:
        raise DaemonUnreachable(f"{directory} can't be made: {error}.") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise DaemonUnreachable(
            f"{directory} is not yours alone, so the daemon there may be somebody else's. "
            f"Remove it, or set FIRESTEEL_RUNTIME_DIR to a directory of your own with mode 0700."
        )


def ensure_running(timeout: float = START_SECONDS) -> Paths:
    """Starts a daemon unless one answers, and returns when it does."""
    return _run(["daemon", "--background", "--json"], timeout)


def revive(timeout: float) -> None:
    """Starts a daemon if none listens; costs next to nothing when one does."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(timeout)
        try:
            probe.connect(read_paths().kernel_socket)
        except (FileNotFoundError, ConnectionRefusedError):
            ensure_running(timeout)
        except OSError as error:
            raise DaemonUnreachable(f"The Firesteel daemon does not answer: {error or type(error).__name__}.") from None


def _run(arguments: list[str], timeout: float) -> Paths:
    command = [find_binary(), *arguments]
    environment = {k: v for k, v in os.environ.items() if k not in KERNEL_ONLY_VARIABLES}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            env=environment,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DaemonUnreachable(
            f"`{' '.join(command)}` did not finish within {timeout:.0f} s. Run `firesteel doctor` in a terminal."
        ) from None
    except OSError as error:
        raise DaemonUnreachable(f"`{' '.join(command)}` could not be run: {error}.") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()[-2000:] or "it said nothing"
        raise DaemonUnreachable(f"`{' '.join(command)}` failed with exit code {done.returncode}: {said}")
    try:
        document = json.loads(done.stdout)
        return Paths(
            api_socket=str(document["api_socket"]),
            kernel_socket=str(document["kernel_socket"]),
            state_dir=str(document.get("state_dir", "")),
        )
    except (ValueError, KeyError, TypeError):
        raise DaemonUnreachable(
            f"`{' '.join(command)}` did not print the paths of the daemon; "
            f"is it another program, or another version than {__version__}?"
        ) from None


def list_connections(timeout: float = 5.0) -> list[dict[str, Any]]:
    """All connections, in the order they were created."""
    return list(_api("GET", "/api/v1/connections", timeout=timeout)["connections"])


def get_connection(name: str, *, settle_ms: int = 0, timeout: float = 5.0) -> dict[str, Any]:
    """One connection, now or, within `settle_ms`, when it is neither starting nor stopping."""
    path = f"/api/v1/connections/{quote(name, safe='')}"
    query = {"settle_ms": str(settle_ms)} if settle_ms else None
    return _api("GET", path, query=query, timeout=timeout + settle_ms / 1000)


def default_cluster(timeout: float = 5.0) -> str:
    """Name of the cluster that a connection gets when nobody names one."""
    clusters = _api("GET", "/api/v1/clusters", timeout=timeout)["clusters"]
    if not clusters:
        raise DaemonRefused("No cluster is configured, so nothing can be started.", "unknown_cluster")
    return str(clusters[0]["name"])


def create_connection(name: str, cluster: str, timeout: float = 10.0) -> None:
    """Creates a connection that runs with this Python's Spark and Java, and starts its server."""
    body = {"name": name, "cluster": cluster, "environment": {"python": sys.executable}}
    _api("POST", "/api/v1/connections", body=body, timeout=timeout)


def start_connection(name: str, timeout: float = 10.0) -> None:
    """Starts a stopped or failed connection again, as it was."""
    _api("POST", f"/api/v1/connections/{quote(name, safe='')}/start", timeout=timeout)


def get_channel(name: str, *, settle_ms: int = 1000, timeout: float = 5.0) -> Channel:
    """The way to a connection that is ready (or becomes so within `settle_ms`)."""
    query = {"name": name, "settle_ms": str(settle_ms)}
    path = "/kernel/v1/channel"
    reply = _api("GET", path, query=query, timeout=timeout + settle_ms / 1000, kernel_socket=True)
    return Channel(name=str(reply["name"]), server_id=str(reply["server_id"]), target=str(reply["target"]))


def _api(
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    timeout: float,
    kernel_socket: bool = False,
) -> dict[str, Any]:
    """Asks the daemon; starts one, once, if none listens."""
    target = path + (f"?{urlencode(query)}" if query else "")
    paths = read_paths()
    for may_start in (True, False):
        where = paths.kernel_socket if kernel_socket else paths.api_socket
        try:
            return _exchange(where, method, target, body, timeout)
        except (FileNotFoundError, ConnectionRefusedError):
            if not may_start:
                break
            paths = ensure_running()
        except (OSError, http.client.HTTPException) as error:
            raise DaemonUnreachable(
                f"The Firesteel daemon at {where} did not answer {method} {path}: {error or type(error).__name__}. "
                f"If this goes on, run `firesteel doctor` in a terminal."
            ) from None
    raise DaemonUnreachable(f"No Firesteel daemon listens at {where}. Start one with `firesteel daemon --background`.")


def _exchange(where: str, method: str, target: str, body: Mapping[str, Any] | None, timeout: float) -> dict[str, Any]:
    headers = {"Accept": "application/json", "X-Firesteel-Client": f"kernel/{__version__}"}
    content = None
    if body is not None:
        content = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    connection = _UnixConnection(where, timeout)
    try:
        connection.request(method, target, body=content, headers=headers)
        response = connection.getresponse()
        data = response.read(MAX_REPLY_BYTES + 1)
    finally:
        connection.close()
    try:
        if len(data) > MAX_REPLY_BYTES:
            raise ValueError
        document = json.loads(data)
        if not isinstance(document, dict):
            raise TypeError
        if response.status < 400:
            return document
        error = dict(document["error"])
    except (ValueError, KeyError, TypeError):
        raise DaemonUnreachable(
            f"What answers at {where} is not the Firesteel daemon: {method} {target.partition('?')[0]} "
            f"gave status {response.status} without a usable reply."
        ) from None
    message = " ".join(str(error[key]) for key in ("message", "advice") if error.get(key))
    if error.get("code") == "connection_not_found":
        raise ConnectionNotFound(message, [str(name) for name in error.get("connections") or ()])
    raise DaemonRefused(message, str(error.get("code")), error.get("failure"))


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket whose other end is a process of this user."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
        # In a shared temporary directory somebody else could listen here and hand out a server of theirs.
        size = struct.calcsize("3i")
        owner = struct.unpack("3i", self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[1]
        if owner != os.getuid():
            raise PermissionError(f"the process that listens there belongs to user id {owner}, not to you")
