# SPDX-License-Identifier: Apache-2.0
"""`attach_config()`: what a page is asked, and what is said without one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_daemon import FakeDaemon
from notebook import Notebook
from recorder import Recorder

ASKED = "The page that shows this notebook was asked to attach the configuration of connection 'analysis'."


@pytest.fixture
def notebook(daemon: FakeDaemon, directory: Path) -> Iterator[Notebook]:
    notebook = Notebook(directory)
    notebook.run("%load_ext firesteel")
    yield notebook
    notebook.close()


def ask(notebook: Notebook, code: str = "attach_config('analysis')") -> dict:
    """Runs a cell that asks; the comm that it opened."""
    cell = notebook.start(code)
    published = notebook.published(cell, 30)
    opened = [content for kind, content in published if kind == "comm_open"]
    shown = [content["data"]["text/plain"] for kind, content in published if kind == "display_data"]
    assert len(opened) == 1 and len(shown) == 1
    assert shown[0].startswith(ASKED) and "nbconvert" in shown[0]
    return opened[0]


def test_the_page_is_asked_and_its_answer_is_shown(notebook: Notebook) -> None:
    opened = ask(notebook)
    assert (opened["target_name"], opened["data"]) == ("firesteel.attach", {"connection": "analysis"})
    shown = notebook.close_comm(opened["comm_id"], {"status": "attached", "message": "It is attached.\x1b[2J"})
    assert [content["data"]["text/plain"] for content in shown] == ["It is attached. [2J"]


def test_a_page_that_knows_nothing_of_it_changes_nothing(notebook: Notebook) -> None:
    opened = ask(notebook)
    for data in ({}, {"status": "attached", "message": 7}, {"status": "other", "message": "x"}):
        assert notebook.close_comm(opened["comm_id"], data) == []
    shown = notebook.close_comm(opened["comm_id"], {"status": "refused", "message": "x" * 10_000})
    assert [len(content["data"]["text/plain"]) for content in shown] == [500]


def test_what_was_asked_before_is_forgotten(notebook: Notebook) -> None:
    first = ask(notebook)
    ask(notebook)
    assert notebook.close_comm(first["comm_id"], {"status": "attached", "message": "Late."}) == []


def test_without_a_name_it_is_the_connection_in_use(notebook: Notebook, daemon: FakeDaemon) -> None:
    result = notebook.run("attach_config()")
    assert result.error == "SessionNotFound"
    assert "get_spark_session() first" in result.text
    with Recorder() as spark:
        daemon.add("analysis", is_default=True, target=spark.target)
        assert notebook.run("spark = get_spark_session()").status == "ok"
        assert ask(notebook, "attach_config()")["data"] == {"connection": "analysis"}


def test_outside_of_a_notebook_it_says_so(environment: None) -> None:
    program = "import firesteel; firesteel.attach_config('analysis')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stderr.count("\n") == 1 and "has attached nothing: this is no notebook" in done.stderr
