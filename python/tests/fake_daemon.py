# SPDX-License-Identifier: Apache-2.0
"""A daemon for tests: answers on two unix sockets as api/openapi.yaml says, and does what the test tells it.

`write_binary` makes the program that stands for `firesteel`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SETTLED = ("ready", "stopped", "failed")
BINARY = '''#!{python}
"""Stands for `firesteel`: prints the paths, and asks for a daemon by a file when none answers."""
import json, pathlib, socket, sys, time

directory = pathlib.Path({directory!r})
paths = dict(runtime_dir=str(directory), state_dir=str(directory),
             api_socket=str(directory / "api.sock"), kernel_socket=str(directory / "kernel.sock"))
with (directory / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1:] == ["daemon", "--background", "--json"]:
    (directory / "wanted").touch()
    until = time.monotonic() + 5
    while True:
        try:
            socket.socket(socket.AF_UNIX).connect(paths["kernel_socket"])
            break
        except OSError:
            if time.monotonic() > until:
                sys.exit("no daemon came up")
            time.sleep(0.02)
print(json.dumps(paths))
'''


def write_binary(directory: Path) -> Path:
    binary = directory / "firesteel"
    binary.write_text(BINARY.format(python=sys.executable, directory=str(directory)))
    binary.chmod(0o755)
    return binary


def connection(name: str, state: str = "ready", **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "name": name,
        "cluster": "local",
        "cluster_display_name": "Local",
        "state": state,
        "state_age_ms": 0,
        "is_default": False,
        "options": {},
        "created_at": "2026-01-01T00:00:00Z",
        "phases": [],
        "server_id": str(uuid.uuid4()),
        **more,
    }


class FakeDaemon:
    """Tests change `connections` inside of `with daemon.changing():`, which wakes those who wait for a state."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.connections: list[dict[str, Any]] = []
        self.targets: dict[str, str] = {}
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []
        self.on_start = lambda _connection: None
        self.gateway: Any = None  # a Recorder, when one came back with the daemon
        self.condition = threading.Condition()
        self._servers: list[UnixStreamServer] = []

    def changing(self) -> _Changing:
        return _Changing(self.condition)

    def add(self, name: str, state: str = "ready", *, target: str = "", **more: Any) -> dict:
        with self.changing():
            self.connections.append(connection(name, state, **more))
            self.targets[name] = target
            return self.connections[-1]

    def find(self, name: str) -> dict[str, Any] | None:
        return next((c for c in self.connections if c["name"] == name), None)

    def listen(self) -> None:
        for socket_name, kernel in (("api.sock", False), ("kernel.sock", True)):
            path = self.directory / socket_name
            path.unlink(missing_ok=True)
            handler = type("Handler", (_Handler,), {"daemon": self, "kernel": kernel})
            server = _Server(str(path), handler)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            self._servers.append(server)

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
            Path(str(server.server_address)).unlink(missing_ok=True)
        self._servers.clear()

    def settled(self, name: str, milliseconds: int) -> dict[str, Any] | None:
        until = time.monotonic() + milliseconds / 1000
        with self.condition:
            while (found := self.find(name)) and found["state"] not in SETTLED:
                if not self.condition.wait(until - time.monotonic()):
                    break
            return found

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, Any]]:
        parts = [unquote(part) for part in path.split("/")[3:]]
        settle = int(query.get("settle_ms", 0))
        if path == "/kernel/v1/channel":
            return self._channel(self.settled(query["name"], settle))
        if parts == ["clusters"]:
            cluster = {"name": "local", "display_name": "Local", "engine": "local", "description": "here"}
            return 200, {"clusters": [cluster]}
        if parts == ["connections"] and method == "GET":
            return 200, {"connections": self.connections}
        if parts == ["connections"]:
            if self.find(body["name"]):
                return _error(409, "connection_exists", "It exists.")
            found = self.add(body["name"], "starting", environment=body.get("environment", {}))
            self.on_start(found)
            return 201, found
        found = self.settled(parts[1], settle) if len(parts) > 1 else None
        if found is None:
            names = [c["name"] for c in self.connections]
            return _error(404, "connection_not_found", "There is no such connection.", connections=names)
        if parts[2:] == ["start"]:
            with self.changing():
                found.update(state="starting", server_id=str(uuid.uuid4()))
            self.on_start(found)
            return 202, found
        return 200, found

    def _channel(self, found: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        if found is None:
            return _error(404, "connection_not_found", "There is no such connection.", connections=[])
        if found["state"] != "ready":
            return _error(409, "not_ready", f"It is {found['state']}.")
        reply = {"name": found["name"], "server_id": found["server_id"], "target": self.targets[found["name"]]}
        return 200, reply | {"spark_version": "4.3.0", "application_id": "local-1"}


class _Changing:
    def __init__(self, condition: threading.Condition) -> None:
        self._condition = condition

    def __enter__(self) -> None:
        self._condition.acquire()

    def __exit__(self, *_: object) -> None:
        self._condition.notify_all()
        self._condition.release()


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    daemon: FakeDaemon
    kernel: bool

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.daemon.seen.append((self.command, self.path, dict(self.headers), body))
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        if self.kernel != url.path.startswith("/kernel/"):
            status, reply = _error(404, "not_found", "Not on this socket.")
        elif self.command != "GET" and not self.headers.get("X-Firesteel-Client"):
            status, reply = _error(403, "missing_client_header", "X-Firesteel-Client is missing.")
        else:
            status, reply = self.daemon.answer(self.command, url.path, query, body)
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = _serve


def _error(status: int, code: str, message: str, **more: Any) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"code": code, "message": message, **more}}
