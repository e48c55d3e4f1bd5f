# SPDX-License-Identifier: Apache-2.0
"""A daemon of one's own for a test: the built binary in a runtime directory that nobody else uses."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import websocket

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("FIRESTEEL_BINARY", REPOSITORY / "build/asan/bin/firesteel"))
CLIENT = {"X-Firesteel-Client": "contract-test/1"}
SETTLED = {"ready", "stopped", "failed"}


def clean_environment(**extra: str) -> dict[str, str]:
    """The test's environment without anything that could lead Firesteel or Spark elsewhere."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("FIRESTEEL_", "SPARK_", "PYSPARK_", "JAVA_", "XDG_", "HADOOP_"))
    }
    kept["PATH"] = f"{Path(sys.executable).parent}:{kept.get('PATH', '/usr/bin:/bin')}"
    return kept | extra


class Events:
    """The event stream; every message is held against the contract by the caller's `seen` or here by `until`."""

    def __init__(self, stream: websocket.WebSocket):
        self._stream = stream

    def next(self, timeout: float = 5.0) -> dict:
        self._stream.settimeout(timeout)
        return json.loads(self._stream.recv())

    def until(self, wanted, timeout: float = 30.0) -> tuple[dict, list[dict]]:
        """Reads on until `wanted(event)`; gives that event and all that were read."""
        deadline = time.monotonic() + timeout
        read = []
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self.next(left)
            except websocket.WebSocketTimeoutException:
                break
            read.append(event)
            if wanted(event):
                return event, read
        raise AssertionError(f"not within {timeout} s; events were {read[-5:]!r}")

    def until_state(self, name: str, *states: str, timeout: float = 60.0) -> dict:
        """Reads on until the connection is in one of the states; gives the connection."""
        event, _ = self.until(
            lambda e: (
                e["type"] == "connection" and e["connection"]["name"] == name and e["connection"]["state"] in states
            ),
            timeout,
        )
        return event["connection"]


class Daemon:
    """A daemon in a directory of its own, and the ways to ask it. `stop` leaves no process of it."""

    def __init__(self, directory: Path | None = None, **environment: str):
        # A unix socket's path has room for 107 bytes: pytest's own temporary directories are too deep.
        self.owns_directory = directory is None
        self.directory = directory or Path(tempfile.mkdtemp(prefix="fs-"))
        environment.setdefault("XDG_CONFIG_HOME", str(self.directory / "config"))  # nobody's own catalogue
        self.environment = clean_environment(FIRESTEEL_RUNTIME_DIR=str(self.directory), **environment)
        self.process: subprocess.Popen | None = None
        self.output = self.directory.with_name(self.directory.name + ".daemon.log")
        self.paths = self.cli("paths", "--json").json

    def cli(self, *arguments: str, timeout: float = 90.0, **environment: str) -> "CliResult":
        done = subprocess.run(
            [BINARY, *arguments],
            env=self.environment | environment,
            capture_output=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return CliResult(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self) -> "Daemon":
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [BINARY, "daemon"], env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self, timeout: float = 20.0) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise AssertionError(f"the daemon ended with {self.process.returncode}: {self.output.read_text()}")
            try:
                with self.http() as http:
                    http.get("/api/v1/status").raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.02)  # there is no event for a socket that appears
        raise AssertionError(f"the daemon does not answer: {self.output.read_text()}")

    def http(self, kernel: bool = False, **options) -> httpx.Client:
        """A client of api.sock (or kernel.sock) that sends our header."""
        uds = self.paths["kernel_socket" if kernel else "api_socket"]
        options.setdefault("headers", CLIENT)
        return httpx.Client(transport=httpx.HTTPTransport(uds=uds), base_url="http://firesteel", timeout=70, **options)

    @contextmanager
    def events(self, **options):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(10)
        connection.connect(self.paths["api_socket"])
        options.setdefault("suppress_origin", True)
        stream = websocket.create_connection("ws://firesteel/api/v1/events", socket=connection, **options)
        try:
            yield Events(stream)
        finally:
            stream.close()

    def create(self, name: str, **definition) -> dict:
        """Asks for a connection that uses this test's Python; gives the reply's JSON."""
        definition.setdefault("environment", {"python": sys.executable})
        with self.http() as http:
            reply = http.post("/api/v1/connections", json={"name": name, **definition})
        assert reply.status_code == 201, reply.text
        return reply.json()

    def connection(self, name: str, settle_ms: int = 0) -> dict:
        with self.http() as http:
            reply = http.get(f"/api/v1/connections/{name}", params={"settle_ms": settle_ms} if settle_ms else {})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ready(self, name: str, **definition) -> dict:
        """Creates a connection and waits until it is ready."""
        self.create(name, **definition)
        for _ in range(3):  # the API waits a minute at most, a busy machine may take longer
            connection = self.connection(name, settle_ms=60_000)
            if connection["state"] != "starting":
                break
        assert connection["state"] == "ready", connection
        return connection

    def log_files(self) -> dict[Path, bytes]:
        found = {path: path.read_bytes() for path in self.directory.rglob("*") if path.is_file()}
        return found | {self.output: self.output.read_bytes()}

    def kill(self) -> None:
        """kill -9, without a word."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        """Stops every server, then the daemon that serves, whoever started it, and clears the directory."""
        serving = self._serving()
        if serving:
            with self.http() as http:
                for connection in http.get("/api/v1/connections").json()["connections"]:
                    if connection["state"] in ("starting", "ready", "stopping"):
                        http.post(f"/api/v1/connections/{connection['name']}/stop")
                        http.get(f"/api/v1/connections/{connection['name']}", params={"settle_ms": 30_000})
            serving.terminate()
            if serving.pid != self.process.pid:  # a kernel found none, and started one
                serving.wait(20)
        if self.process:
            code = self.process.wait(20)
            assert code in (0, -signal.SIGKILL), f"the daemon ended with {code}:\n{self.output.read_text()[-6000:]}"
        if self.owns_directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def _serving(self) -> psutil.Process | None:
        try:
            with self.http() as http:
                return psutil.Process(http.get("/api/v1/status").json()["pid"])
        except (httpx.TransportError, psutil.NoSuchProcess):
            return None


class CliResult:
    """What a command answered; `json` is its one document on standard output."""

    def __init__(self, code: int, out: str, err: str):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        assert self.out.strip(), f"no JSON; exit code {self.code}, standard error: {self.err}"
        return json.loads(self.out)

    def __repr__(self) -> str:
        return f"<exit {self.code}\nout: {self.out}\nerr: {self.err}>"
