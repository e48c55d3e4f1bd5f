# SPDX-License-Identifier: Apache-2.0
"""Who may ask, and with what: every request is hostile until shown otherwise."""

import fcntl
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import websocket

import contract
import processes
from conftest import NO_JAVA
from daemon import BINARY, CLIENT, Daemon, clean_environment

CHANGING = [(path, method) for path, method, _ in contract.operations() if method != "get"]


def url(path: str) -> str:
    return path.replace("{name}", "nothing").replace("{session_id}", "nothing")


def code(response) -> str:
    contract.check(response.json(), "ErrorReply")
    return response.json()["error"]["code"]


@pytest.mark.parametrize("path,method", CHANGING, ids=lambda value: value)
def test_changes_need_our_header(no_java, path, method):
    with no_java.http(headers={}) as http:
        for headers in (
            {},
            {"X-Firesteel-Client": ""},
            {"X-Firesteel-Client": "a b"},
            {"X-Firesteel-Client": "x" * 65},
        ):
            response = http.request(
                method, url(path), headers=headers | {"Content-Type": "application/json"}, content="{}"
            )
            assert (response.status_code, code(response)) == (403, "missing_client_header")


@pytest.mark.parametrize(
    "kind",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"],
)
def test_bodies_are_json(no_java, kind):
    with no_java.http() as http:
        headers = {"Content-Type": kind} if kind else {}
        response = http.post("/api/v1/connections", content=b'{"name":"x"}', headers=headers)
        assert (response.status_code, code(response)) == (415, "wrong_content_type")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://firesteel.evil.example", "https://firesteel:1", "firesteel"]
)
def test_foreign_pages_get_no_events(no_java, origin):
    headers = [f"Origin: {origin}"]
    with pytest.raises(websocket.WebSocketBadStatusException) as refused, no_java.events(header=headers):
        pass
    assert refused.value.status_code == 403


def test_our_own_page_gets_events(no_java):
    with no_java.events(header=["Origin: http://firesteel"]) as events:
        assert events.next()["type"] == "snapshot"


def test_huge_bodies_are_refused_unread(no_java):
    with no_java.http() as http:
        response = http.post(
            "/api/v1/connections", content=b" " * (32 << 20), headers={"Content-Type": "application/json"}
        )
    assert (response.status_code, code(response)) == (413, "payload_too_large")


def raw(daemon, request: bytes) -> bytes:
    """Sends bytes and reads until the daemon closes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(daemon.paths["api_socket"])
        with suppress(BrokenPipeError, ConnectionResetError):  # it may close before it has read everything
            connection.sendall(request)
        read = b""
        try:
            while part := connection.recv(65536):
                read += part
        except ConnectionResetError:
            pass
    return read


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\nConnection: close\r\n\r\n",
        b"POST /api/v1/connections HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/connections/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"\r\n" * 10 + b"nonsense\r\n\r\n",
    ],
    ids=[
        "tls",
        "many headers",
        "long target",
        "length overflow",
        "negative length",
        "bad escape",
        "nul",
        "dots",
        "nonsense",
    ],
)
def test_broken_requests_get_a_4xx_or_a_closed_door(no_java, request_bytes):
    answer = raw(no_java, request_bytes)
    assert answer == b"" or answer.split(b" ")[1].startswith(b"4"), answer[:200]
    with no_java.http() as http:
        assert http.get("/api/v1/status").status_code == 200


def test_only_the_owner_reaches_the_sockets(no_java):
    for key in ("api_socket", "kernel_socket"):
        path = no_java.paths[key]
        assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0
    assert os.stat(no_java.paths["state_dir"]).st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_users_directory_is_refused(tmp_path_factory):
    directory = tmp_path_factory.mktemp("foreign")
    directory.chmod(0o700)
    os.chown(directory, 65534, 65534)
    refused = subprocess.run(
        [BINARY, "daemon"],
        env=clean_environment(FIRESTEEL_RUNTIME_DIR=str(directory)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert str(directory) in refused.stderr


def test_a_directory_open_to_others_is_refused_or_closed(tmp_path):
    tmp_path.chmod(0o777)
    refused = subprocess.run(
        [BINARY, "daemon"],
        env=clean_environment(FIRESTEEL_RUNTIME_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert str(tmp_path) in refused.stderr


ASKER = """
import os, socket, sys
os.setuid(65534)
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(5)
connection.connect(sys.argv[1])
try:
    connection.sendall(b"GET /api/v1/status HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
    sys.stdout.buffer.write(connection.recv(65536))
except (BrokenPipeError, ConnectionResetError):
    pass
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("key", ["api_socket", "kernel_socket"])
def test_another_user_is_not_answered(new_daemon, key):
    """Even with the file permissions out of the way: the peer of the socket is looked at too."""
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    path = daemon.paths[key]
    os.chmod(path, 0o666)
    directory = os.path.dirname(path)
    while directory.startswith(str(daemon.directory)):
        os.chmod(directory, 0o755)
        directory = os.path.dirname(directory)
    done = subprocess.run([sys.executable, "-c", ASKER, path], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" or done.stdout.startswith("HTTP/1.1 403"), done.stdout


def test_two_daemons_are_one(no_java):
    second = subprocess.run(
        [BINARY, "daemon"], env=no_java.environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 0, "what was asked for is there"
    assert "already" in second.stderr
    with no_java.http(headers=CLIENT) as http:
        assert http.get("/api/v1/status").json()["pid"] == no_java.process.pid


def test_the_daemon_in_the_background_is_the_one_that_runs(no_java):
    result = no_java.cli("daemon", "--background", "--json")
    assert (result.code, result.json["api_socket"]) == (0, no_java.paths["api_socket"])
    assert no_java.cli("status", "--json").json["pid"] == no_java.process.pid


def test_many_connections_at_once_are_served_or_refused_cleanly(no_java):
    held = []
    try:
        for _ in range(300):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(5)
            connection.connect(no_java.paths["api_socket"])
            held.append(connection)
    except (BlockingIOError, ConnectionRefusedError, TimeoutError):
        pass  # a full backlog is an honest answer
    finally:
        for connection in held:
            connection.close()
    with no_java.http() as http:
        assert http.get("/api/v1/status").status_code == 200


# Binds as we do and listens as somebody else, as who was first in a shared temporary directory would.
SOMEBODY_ELSE = """
import os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.bind(sys.argv[1])
os.setuid(65534)
door.listen()
print(flush=True)
client, _ = door.accept()
print(len(client.recv(1)), flush=True)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_commands_say_nothing_to_another_users_socket():
    daemon = Daemon()
    command = [sys.executable, "-c", SOMEBODY_ELSE, daemon.paths["api_socket"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        other.stdout.readline()
        refused = daemon.cli("status")
        assert refused.code == 1
        assert "another user" in refused.err
        assert other.communicate(timeout=20)[0] == "0\n"
    shutil.rmtree(daemon.directory)


def test_a_daemon_in_a_directory_that_others_can_read_is_not_used(new_daemon):
    daemon = new_daemon()
    daemon.directory.chmod(0o755)
    try:
        refused = daemon.cli("daemon", "--background", "--json")
    finally:
        daemon.directory.chmod(0o700)
    assert refused.code == 1
    assert "open to other users" in refused.json["error"]["message"]


def test_a_start_goes_on_when_the_daemon_before_takes_long_to_end():
    daemon = Daemon()
    lock = os.open(daemon.directory / "daemon.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with subprocess.Popen([BINARY, "daemon", "--background"], env=daemon.environment) as starting:
        words = daemon.directory / "daemon.err"
        deadline = time.monotonic() + 20
        while not (words.exists() and "already serves" in words.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.02)  # there is no event for words in a file
        os.close(lock)
        assert starting.wait(20) == 0
    left = processes.of_instance(daemon.directory)
    with daemon.http() as http:
        assert http.post("/api/v1/shutdown").status_code == 202
    processes.wait_gone(left)
    shutil.rmtree(daemon.directory)


def test_who_takes_the_port_of_a_daemon_that_is_away_has_no_use_for_its_token(new_daemon):
    daemon = new_daemon()

    def address() -> tuple[int, str]:
        with daemon.http() as http:
            url = http.post("/api/v1/endpoint/url", json={}).json()["url"]
        return urlsplit(url).port, url.partition("authorization=")[2]

    def end() -> None:
        daemon.process.terminate()
        assert daemon.process.wait(20) == 0

    port, token = address()
    end()
    with socket.create_server(("127.0.0.1", port)):
        daemon.start()
        other_port, other_token = address()
        assert other_port != port and other_token != token
        end()
        daemon.start()
        assert address() == (other_port, other_token)
