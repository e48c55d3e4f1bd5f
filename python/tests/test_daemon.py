# SPDX-License-Identifier: Apache-2.0
"""Finding the binary, starting a daemon, and replies that are not what they should be."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_daemon import FakeDaemon
from firesteel import _daemon
from firesteel._errors import BinaryNotFound, ConnectionNotFound, DaemonRefused, DaemonUnreachable


def test_a_chosen_binary_that_cannot_run_is_an_error(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    monkeypatch.setenv("FIRESTEEL_BINARY", str(directory))
    with pytest.raises(BinaryNotFound, match="not a program that can be run"):
        _daemon.find_binary()


def test_no_binary_says_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    monkeypatch.delenv("FIRESTEEL_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setattr("sys.executable", str(directory / "python"))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(directory))
    with pytest.raises(BinaryNotFound, match=f"neither in {directory} nor on PATH"):
        _daemon.find_binary()


def test_the_binary_beside_python_comes_before_path(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    monkeypatch.delenv("FIRESTEEL_BINARY", raising=False)
    for place in ("bin", "path"):
        (directory / place).mkdir()
        (directory / place / "firesteel").touch(mode=0o755)
    monkeypatch.setattr("sys.executable", str(directory / "bin" / "python"))
    monkeypatch.setenv("PATH", str(directory / "path"))
    assert _daemon.find_binary() == str(directory / "bin" / "firesteel")


def test_a_daemon_is_started_on_demand(
    directory: Path, environment: None, monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., None]
) -> None:
    monkeypatch.setenv("SPARK_REMOTE", "sc://localhost")
    fake = FakeDaemon(directory)

    def start_when_wanted() -> None:
        eventually((directory / "wanted").exists)
        fake.listen()

    starter = threading.Thread(target=start_when_wanted)
    starter.start()
    assert _daemon.list_connections() == []
    starter.join(10)
    fake.close()
    assert (directory / "calls").read_text().splitlines() == ["paths --json", "daemon --background --json"]


def test_a_daemon_that_listens_is_not_started_again(daemon: FakeDaemon, directory: Path) -> None:
    _daemon.revive(5)
    assert (directory / "calls").read_text().splitlines() == ["paths --json"]


def test_what_describes_the_kernel_does_not_reach_the_daemon(
    directory: Path, environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = directory / "printer"
    binary.write_text("#!/bin/sh\nenv > \"$FIRESTEEL_RUNTIME_DIR/environment\"\necho '{}'\n")
    binary.chmod(0o755)
    monkeypatch.setenv("FIRESTEEL_BINARY", str(binary))
    monkeypatch.setenv("SPARK_REMOTE", "sc://localhost")
    monkeypatch.setenv("SPARK_HOME", "/opt/spark")
    with pytest.raises(DaemonUnreachable, match="did not print the paths"):
        _daemon.ensure_running()
    environment_seen = (directory / "environment").read_text()
    assert "SPARK_HOME=/opt/spark" in environment_seen
    assert "SPARK_REMOTE" not in environment_seen


@pytest.mark.parametrize(
    ("script", "said"),
    [("echo it broke >&2; exit 3", "exit code 3: it broke"), ("exec sleep 60", "did not finish within"), ("", "paths")],
)
def test_a_binary_that_fails(
    script: str, said: str, directory: Path, environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = directory / "broken"
    binary.write_text(f"#!/bin/sh\n{script}\n")
    binary.chmod(0o755)
    monkeypatch.setenv("FIRESTEEL_BINARY", str(binary))
    with pytest.raises(DaemonUnreachable, match=said):
        _daemon.ensure_running(timeout=0.5)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>",
        b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
def test_garbage_is_not_taken_for_a_daemon(reply: bytes, directory: Path, environment: None) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(directory / "api.sock"))
        listener.listen()

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(reply)

        server = threading.Thread(target=serve)
        server.start()
        with pytest.raises(DaemonUnreachable):
            _daemon.get_connection("local")
        server.join(5)


def test_a_daemon_that_says_nothing_ends_in_time(directory: Path, environment: None) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(directory / "api.sock"))
        listener.listen()
        with pytest.raises(DaemonUnreachable, match="timed out"):
            _daemon.get_connection("local", timeout=0.2)


def test_a_socket_of_another_user_is_refused(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.getuid()
    monkeypatch.setattr("os.getuid", lambda: owner + 1)
    with pytest.raises(DaemonUnreachable, match=f"belongs to user id {owner}, not to you"):
        _daemon.list_connections()


def test_errors_of_the_api_keep_their_meaning(daemon: FakeDaemon) -> None:
    daemon.add("local", "stopped")
    with pytest.raises(ConnectionNotFound) as missing:
        _daemon.get_connection("other")
    assert missing.value.connections == ["local"]
    with pytest.raises(DaemonRefused, match="It is stopped") as refused:
        _daemon.get_channel("local", settle_ms=0)
    assert refused.value.code == "not_ready"


def test_every_request_names_its_client(daemon: FakeDaemon) -> None:
    _daemon.list_connections()
    _daemon.create_connection("local", "local")
    assert {headers["X-Firesteel-Client"].split("/")[0] for _, _, headers, _ in daemon.seen} == {"kernel"}
    assert daemon.seen[-1][2]["Content-Type"] == "application/json"
