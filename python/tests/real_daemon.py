# SPDX-License-Identifier: Apache-2.0
"""The installed `firesteel` with a runtime directory of its own, and real Spark behind it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from firesteel import _daemon

START_SECONDS = 180.0


class RealDaemon:
    """A daemon is started by whatever needs one, as on a user's machine."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.binary = _daemon.find_binary()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FIRESTEEL_", "SPARK_", "JPY_", "XDG_"))}
        self._environment = kept | {"FIRESTEEL_RUNTIME_DIR": str(directory)}

    def cli(self, *arguments: str) -> Any:
        """The JSON that a command prints."""
        done = subprocess.run(
            [self.binary, *arguments, "--json"],
            env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=START_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"firesteel {' '.join(arguments)}: {done.stdout + done.stderr!r}"
        return json.loads(done.stdout)

    def start(self, name: str) -> None:
        options = ("spark.driver.memory=1g", "spark.master=local[2]")
        self.cli("start", "--name", name, "--python", sys.executable, "--wait", *(f"--option={o}" for o in options))

    def connection(self, name: str) -> dict[str, Any]:
        return next(found for found in self.cli("connections")["connections"] if found["name"] == name)

    def secrets(self) -> list[str]:
        """With which Spark and its UI are reached."""
        runs = [json.loads(file.read_text()) for file in self.directory.glob("servers/*/run.json")]
        return [run[key] for run in runs for key in ("secret", "ui_key")]

    def kill(self) -> None:
        """Leaves no daemon for now."""
        os.kill(self.cli("status")["pid"], signal.SIGKILL)

    def end(self) -> None:
        for connection in self.cli("connections")["connections"]:
            self.cli("stop", connection["name"], "--wait")
        os.kill(self.cli("status")["pid"], signal.SIGTERM)
