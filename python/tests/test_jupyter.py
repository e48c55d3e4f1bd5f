# SPDX-License-Identifier: Apache-2.0
"""A real Jupyter server with jupyter-server-proxy, under a base_url, in front of a program that echoes requests."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from firesteel import jupyter
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

TOKEN = "t0ken"
CONFIG = """
import sys
from firesteel.jupyter import setup
c.ServerProxy.servers = {"firesteel": setup()}
c.ServerApp.jpserver_extensions = {"firesteel": True, "jupyter_server_proxy": True}
"""


@pytest.fixture
def binary(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With braces in its path, which jupyter-server-proxy would take for a template's."""
    place = directory / "a {port}"
    place.mkdir(mode=0o700)
    program = place / "firesteel"
    source = (Path(__file__).parent / "proxied_daemon.py").read_text()
    program.write_text(f"#!{sys.executable}\n{source}")
    program.chmod(0o755)
    monkeypatch.setenv("FIRESTEEL_BINARY", str(program))
    monkeypatch.setenv("FIRESTEEL_RUNTIME_DIR", str(place))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    return program


@pytest.fixture
def server(binary: Path, directory: Path, eventually: Callable[..., None]) -> Iterator[str]:
    (directory / "config").mkdir()
    (directory / "config" / "jupyter_server_config.py").write_text(CONFIG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/user/x/"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(directory / "config"),
        "JUPYTER_RUNTIME_DIR": str(directory / "runtime"),
        "JUPYTER_NO_CONFIG": "",
    }
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.base_url": "/user/x/",
        "ServerApp.root_dir": directory,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
    }
    command = [sys.executable, "-m", "jupyter_server", *(f"--{key}={value}" for key, value in options.items())]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=directory, stdout=log, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: process.poll() is not None or _answers(url), 60)
        assert process.poll() is None, (directory / "log").read_text()
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return bool(ask(url + "api/status"))
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False


def ask(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(url, body, {"Authorization": f"token {TOKEN}", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def test_requests_reach_the_daemon_as_it_expects_them(server: str, directory: Path) -> None:
    got = ask(server + "firesteel/api/v1/connections/a%20b?limit=1&after=2")
    assert (got["method"], got["uri"]) == ("GET", "/api/v1/connections/a%20b?limit=1&after=2")
    assert got["headers"]["X-Firesteel-Python"] == sys.executable
    posted = ask(server + "firesteel/api/v1/connections", "POST", b"{}", **{"X-Firesteel-Client": "panel/1"})
    assert posted["method"] == "POST"
    assert posted["headers"]["X-Firesteel-Client"] == "panel/1"
    # What a browser claims about the Python is overridden.
    claimed = ask(server + "firesteel/api/v1/status", **{"X-Firesteel-Python": "/tmp/evil"})
    assert claimed["headers"]["X-Firesteel-Python"] == sys.executable
    assert f"Firesteel uses {os.environ['FIRESTEEL_BINARY']}" in (directory / "log").read_text()

    event = asyncio.run(first_event(server + "firesteel/api/v1/events"))
    assert event["uri"] == "/api/v1/events"
    assert event["headers"]["X-Firesteel-Python"] == sys.executable
    assert event["headers"]["Origin"] == server.split("/user")[0]
    assert event["headers"]["Host"] == server.split("/")[2]  # so that the daemon can compare it with Origin


async def first_event(url: str) -> Any:
    headers = {"Authorization": f"token {TOKEN}", "Origin": url.split("/user")[0]}
    request = HTTPRequest(url.replace("http:", "ws:"), headers=headers, connect_timeout=20)
    connection = await websocket_connect(request)
    message = await asyncio.wait_for(connection.read_message(), 20)
    connection.close()
    return json.loads(message or "null")


def test_a_stranger_is_not_let_through(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(server + "firesteel/api/v1/status", method="POST"), timeout=30)
    assert refused.value.code == 403


LONG = ["firesteel/api/v1/connections/a%20b/log/text", "firesteel/ui/main/api/logs"]


def opened(url: str, **headers: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}", **headers})
    return urllib.request.urlopen(request, timeout=30)


@pytest.mark.parametrize("path", LONG)
def test_what_is_long_is_passed_on_as_it_comes(server: str, path: str) -> None:
    ask(server + "firesteel/api/v1/status")
    with opened(server + path) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="a.log"'
        # The second half isn't there before the first one has been read.
        assert answer.read(1_000_000) == b"1" * 1_000_000
        ask(server + "firesteel/second/whole")
        assert answer.read() == b"2" * 1_000_000


@pytest.mark.parametrize("path", LONG)
def test_what_breaks_off_does_not_look_whole(server: str, directory: Path, path: str) -> None:
    ask(server + "firesteel/api/v1/status")
    with opened(server + path) as answer, pytest.raises(http.client.IncompleteRead):
        answer.read(1_000_000)
        ask(server + "firesteel/second/broken")
        answer.read()
    assert "An answer is not whole" in (directory / "log").read_text()


@pytest.mark.parametrize("path", [*LONG, "firesteel/ui/main/jobs/"])
def test_what_is_passed_on_is_for_who_is_logged_in(server: str, path: str) -> None:
    with urllib.request.urlopen(server + path, timeout=30) as answer:
        assert "/login?next=" in answer.url


def test_a_page_of_the_spark_ui_is_as_spark_gives_it_and_knows_its_place(server: str) -> None:
    url = server + "firesteel/ui/main/jobs/job/?id=3%2F4&a=b%20c"
    ask(server + "firesteel/api/v1/status")
    claimed = {"X-Forwarded-Context": "/elsewhere", "X-Firesteel-Python": "/tmp/evil", "Referer": "http://x.example/"}
    with opened(url, Cookie="a=b", **claimed) as answer:
        assert answer.headers["X-Of-Spark"] == "1"
        assert "Content-Security-Policy" not in answer.headers
        got = json.load(answer)
    assert (got["method"], got["uri"]) == ("GET", "/ui/main/jobs/job/?id=3%2F4&a=b%20c")
    assert got["headers"]["X-Forwarded-Context"] == "/user/x/firesteel"
    assert got["headers"]["Host"] == server.split("/")[2]
    assert got["headers"]["Referer"] == "http://x.example/"
    assert not {"Cookie", "Authorization", "X-Firesteel-Python"} & set(got["headers"])
    # What changes something and WebSockets go by jupyter-server-proxy.
    posted = ask(server + "firesteel/ui/main/jobs/job/kill/?id=3", "POST", b"")
    assert (posted["method"], posted["headers"]["X-Forwarded-Context"]) == ("POST", "/user/x/firesteel")
    event = asyncio.run(first_event(server + "firesteel/ui/main/socket"))
    assert event["uri"] == "/ui/main/socket"


def test_events_do_not_count_as_activity(binary: Path) -> None:
    assert jupyter.setup()["update_last_activity"] is False


def test_a_python_that_cannot_be_a_header_is_left_out(binary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/home/jürgen/my env/bin/python")
    assert jupyter.setup()["request_headers_override"] == {}


def test_sockets_in_a_directory_of_somebody_else_are_not_used(
    binary: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import logging
    from types import SimpleNamespace

    from firesteel._errors import DaemonUnreachable

    binary.parent.chmod(0o755)
    with pytest.raises(DaemonUnreachable, match="not yours alone"):
        jupyter.setup()
    jupyter._load_jupyter_server_extension(SimpleNamespace(log=logging.getLogger("test")))
    assert "Firesteel's panel will not work" in caplog.text
    binary.parent.chmod(0o700)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    with pytest.raises(DaemonUnreachable, match="not yours alone"):
        jupyter.setup()


def test_a_missing_binary_is_said_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    import logging
    from types import SimpleNamespace

    monkeypatch.setenv("FIRESTEEL_BINARY", "/no/such/program")
    jupyter._load_jupyter_server_extension(SimpleNamespace(log=logging.getLogger("test")))
    assert "Firesteel's panel will not work: FIRESTEEL_BINARY is set to '/no/such/program'" in caplog.text


def test_jupyter_finds_the_extension() -> None:
    import firesteel

    (point,) = firesteel._jupyter_server_extension_points()
    assert callable(__import__(point["module"], fromlist=["_"])._load_jupyter_server_extension)
    assert firesteel._jupyter_labextension_paths()[0]["dest"].startswith("@firesteel/")
    assert shutil.which("jupyter", path=str(Path(sys.executable).parent))
