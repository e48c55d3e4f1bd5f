# SPDX-License-Identifier: Apache-2.0
"""The catalogue in Jupyter's configuration, merged by Jupyter's own rules, as the daemon gets it."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest
from firesteel import _catalog
from jupyter_core.application import JupyterApp


@pytest.fixture
def folders(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, and one of $JUPYTER_CONFIG_PATH, which Jupyter puts before it."""
    for name in ("user", "site"):
        (directory / name).mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(directory / "user"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(directory / "site"))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    return directory


def handed(folders: Path) -> Any:
    server = JupyterApp(config_file_name="jupyter_server_config", log=logging.getLogger("server"))
    server.load_config_file()
    target = _catalog.hand_over(server, folders / "state")
    return None if target is None else json.loads(target.read_text())


def test_the_servers_python_and_the_extensions_json_are_merged(folders: Path) -> None:
    (folders / "site/jupyter_server_config.json").write_text(
        json.dumps({"Firesteel": {"clusters": {"a": {"display_name": "site"}, "s": {"display_name": "S"}}}})
    )
    (folders / "user/jupyter_firesteel_config.py").write_text(
        "c.Firesteel.bundles = {'b': {'display_name': 'B', 'options': []}}\n"
    )
    (folders / "user/jupyter_server_config.py").write_text("c.Firesteel.clusters = {'a': {'display_name': 'user'}}\n")
    got = handed(folders)
    assert got["Firesteel"]["clusters"] == {"a": {"display_name": "site"}, "s": {"display_name": "S"}}
    assert got["Firesteel"]["bundles"]["b"]["display_name"] == "B"
    assert got["directory"] == str(Path.cwd())
    assert {Path(file).name for file in got["config_files"]} == {
        "jupyter_firesteel_config.py",
        "jupyter_server_config.json",
        "jupyter_server_config.py",
    }
    file = folders / "state" / _catalog.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == [_catalog.FILE]


def test_the_existing_extensions_files_are_read(folders: Path) -> None:
    (folders / "site/jupyter_sparkconnector_config.json").write_text(
        json.dumps({"SparkConnectorApp": {"clusters": {"k": {"display_name": "K"}}}})
    )
    assert handed(folders)["SparkConnectorApp"]["clusters"]["k"] == {"display_name": "K"}


def test_lazy_values_count_and_what_json_cannot_hold_is_said(folders: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folders / "user/jupyter_server_config.py").write_text(
        "from pathlib import Path\n"
        "c.Firesteel.clusters.update({'a': {'env': {'HERE': Path('/x')}, 'opts': {'spark.x': object()}}})\n"
        "c.Firesteel.error_suggestions.append({'pattern': 'x', 'message': 'y'})\n"
    )
    got = handed(folders)
    assert got["Firesteel"]["clusters"] == {"a": {"env": {"HERE": "/x"}, "opts": {"spark.x": None}}}
    assert got["Firesteel"]["error_suggestions"] == [{"pattern": "x", "message": "y"}]
    assert "Firesteel.clusters.a.opts.spark.x" in caplog.text


def test_without_a_catalogue_the_file_of_an_earlier_server_goes(folders: Path) -> None:
    config = folders / "user/jupyter_server_config.py"
    config.write_text("c.Firesteel.clusters = {'a': {}}\n")
    assert handed(folders)
    config.write_text("c.ServerApp.port = 1\n")
    assert handed(folders) is None
    assert not (folders / "state" / _catalog.FILE).exists()
