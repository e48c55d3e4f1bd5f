# SPDX-License-Identifier: Apache-2.0
"""Hands the catalogue in Jupyter's configuration to the daemon: as a file in its state directory, which it watches."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jupyter_core.application import JupyterApp
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

FILE = "jupyter.json"
SECTIONS = ("Firesteel", "SparkConnectorApp", "SparkConnectConfig")  # as daemon/modules/catalog reads them
CONFIG_FILES = (
    "jupyter_firesteel_config",
    "jupyter_sparkconnector_config",
    "jupyter_spark_connect_labextension_config",
)


def hand_over(server: Any, state_directory: Path) -> Path | None:
    """Writes what Jupyter's configuration says of the catalogue, or removes the file when that is nothing.

    `server` is the running ServerApp, whose own configuration goes before that of the extensions' files, as in Jupyter.
    """
    target = state_directory / FILE
    own, files = _read_extension_files(server)
    own.merge(server.config)
    sections = {name: _plain(own[name], server.log.error, name) for name in SECTIONS if own.get(name)}
    if not sections:
        target.unlink(missing_ok=True)
        return None
    document = {
        "config_files": [*files, *(str(path) for path in getattr(server, "loaded_config_files", []))],
        "directory": os.getcwd(),
        **sections,
    }
    _write(target, json.dumps(document, indent=1))
    return target


def _read_extension_files(server: Any) -> tuple[Config, list[str]]:
    """What Jupyter would read for extensions of these names (see ExtensionApp): jupyter_<name>_config.{py,json}."""
    config, files = Config(), []
    for name in CONFIG_FILES:
        reader = JupyterApp(log=server.log, config_file_name=name)
        reader.load_config_file()
        loaded = [str(path) for path in reader.loaded_config_files if Path(path).stem == name]
        if loaded:
            files += loaded
            config.merge({section: reader.config[section] for section in SECTIONS if section in reader.config})
    return config, files


def _plain(value: Any, complain: Callable[[str], None], path: str) -> Any:
    """The value as JSON has it; what JSON can't hold is said and left out."""
    if isinstance(value, LazyConfigValue):  # c.Firesteel.clusters.update(…), c.Firesteel.error_suggestions.append(…)
        value = value.get_value({} if isinstance(value._update, dict) else [])
    if isinstance(value, dict):
        return {str(key): _plain(item, complain, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items: Iterable[Any] = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(item, complain, path) for item in items]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if value is None or isinstance(value, str | int | float):
        return value
    complain(f"Firesteel can't use {path} in Jupyter's configuration: it is a {type(value).__name__}.")
    return None


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, prefix=f".{FILE}.", delete=False
    ) as file:
        try:
            file.write(text)  # mode 0600: tempfile's own
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise
