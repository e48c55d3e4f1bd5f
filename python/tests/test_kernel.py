# SPDX-License-Identifier: Apache-2.0
"""The extension in a real kernel, with a recorder that stands for Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from fake_daemon import FakeDaemon
from notebook import Notebook
from recorder import Recorder

HELLO = "%load_ext firesteel\nspark = get_spark_session()"


@pytest.fixture
def notebook(daemon: FakeDaemon, directory: Path) -> Iterator[Notebook]:
    notebook = Notebook(directory)
    yield notebook
    notebook.close()


@pytest.fixture
def spark(daemon: FakeDaemon) -> Iterator[Recorder]:
    with Recorder() as recorder:
        daemon.add("local", is_default=True, target=recorder.target)
        yield recorder


def test_calls_name_the_notebook_and_the_cell(notebook: Notebook, spark: Recorder) -> None:
    assert notebook.run(HELLO, "cell-a").status == "ok"
    assert {(m["x-firesteel-notebook"], m["x-firesteel-cell"]) for _, m in spark.calls} == {
        ("notes/first.ipynb", "cell-a")
    }
    spark.calls.clear()
    assert notebook.run("spark._client.interrupt_all()", "cell-b").status == "ok"
    in_thread = "import threading; t = threading.Thread(target=spark._client.interrupt_all); t.start(); t.join()"
    assert notebook.run(in_thread, "zelle ü").status == "ok"
    assert [m["x-firesteel-cell"] for m in spark.of("Interrupt")] == ["cell-b", "zelle%20%C3%BC"]


def test_an_error_is_one_sentence_without_a_traceback(notebook: Notebook) -> None:
    result = notebook.run(HELLO)
    assert (result.status, result.error) == ("error", "ConnectionNotFound")
    assert result.text.strip().splitlines()[-1].startswith("ConnectionNotFound: There is no Spark connection yet.")
    assert "_connect.py" not in result.shown


def test_waiting_can_be_interrupted(notebook: Notebook, daemon: FakeDaemon, eventually) -> None:
    daemon.add("local", "starting")
    cell = notebook.start(HELLO)
    eventually(lambda: any("settle_ms" in path for _, path, *_ in daemon.seen), 30)
    notebook.interrupt()
    result = notebook.finish(cell, 10)
    assert result.error == "KeyboardInterrupt"
    assert "Waiting for connection 'local': starting…" in result.text


def test_a_call_to_a_lost_server_can_be_interrupted(notebook: Notebook, spark: Recorder, eventually) -> None:
    assert notebook.run(HELLO).status == "ok"
    spark.fail_with = (grpc.StatusCode.UNAVAILABLE, "The way to the server was lost.")
    cell = notebook.start("spark.sql('select 1')")
    eventually(lambda: len(spark.of("ReattachExecute")) > 3)
    notebook.interrupt()
    result = notebook.finish(cell, 10)
    assert result.error == "SparkGone"
    assert "has not been reached for 3 s. The way to the server was lost." in result.text
    assert notebook.run("1 + 1").text == "2"


def test_an_interrupted_analysis_is_cancelled(notebook: Notebook, spark: Recorder, eventually) -> None:
    assert notebook.run(HELLO).status == "ok"
    spark.calls.clear()
    spark.silent.set()
    cell = notebook.start("spark.version")
    eventually(lambda: spark.of("AnalyzePlan"))
    notebook.interrupt()
    assert notebook.finish(cell, 10).error == "KeyboardInterrupt"
    eventually(lambda: spark.cancelled == ["AnalyzePlan"])
    spark.silent.clear()


@pytest.mark.parametrize("with_daemon", [True, False])
def test_the_kernel_s_exit_does_not_wait_for_a_dead_server(
    with_daemon: bool, notebook: Notebook, daemon: FakeDaemon
) -> None:
    with Recorder() as recorder:
        daemon.add("local", target=recorder.target)
        assert notebook.run(HELLO).status == "ok"
        assert notebook.run("copy = spark.cloneSession()").status == "ok"
    if not with_daemon:
        daemon.close()
    assert notebook.shut_down() < 3


def test_the_kernel_s_exit_does_not_wait_for_a_silent_server(notebook: Notebook, spark: Recorder) -> None:
    assert notebook.run(HELLO).status == "ok"
    spark.silent.set()
    assert notebook.shut_down() < 3
    spark.silent.clear()


def test_the_kernel_s_exit_releases_its_sessions(notebook: Notebook, spark: Recorder) -> None:
    assert notebook.run(HELLO).status == "ok"
    assert notebook.run("other = spark.cloneSession()").status == "ok"
    assert notebook.shut_down() < 3
    assert len(spark.of("ReleaseSession")) == 2
