# SPDX-License-Identifier: Apache-2.0
"""The Spark of $FIRESTEEL_SPARK_PYTHON, a Python that has it: server and client are of one version."""

import json
import os
import subprocess
from pathlib import Path

import processes
import pytest
from daemon import BINARY, REPOSITORY, Daemon

PYTHON = Path(os.environ.get("FIRESTEEL_SPARK_PYTHON", "/nonexistent/python"))
NOTEBOOK = Path(__file__).with_name("notebook.py")


def pytest_sessionstart(session):
    if not BINARY.exists() or not PYTHON.exists():
        pytest.exit("run: make test-spark SPARK=<version>", returncode=2)


class Line:
    """A daemon, the connection `old` of the Spark that is tried, and notebooks in its Python."""

    def __init__(self, daemon: Daemon, version: str) -> None:
        self.daemon, self.version = daemon, version
        self.is_3 = version.startswith("3.")

    def ready(self, name: str = "old", **definition) -> dict:
        return self.daemon.ready(name, environment={"python": str(PYTHON)}, **definition)

    def start_notebook(self, function: str, has_firesteel: bool = True, **arguments) -> subprocess.Popen:
        environment = self.daemon.environment | {"FIRESTEEL_BINARY": str(BINARY)}
        if has_firesteel:
            environment["PYTHONPATH"] = str(REPOSITORY / "python")
        return subprocess.Popen(
            [PYTHON, NOTEBOOK, function, json.dumps(arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, function: str, has_firesteel: bool = True, **arguments) -> list[dict]:
        """What the notebook has said, when it has ended well."""
        notebook = self.start_notebook(function, has_firesteel, **arguments)
        out, problems = notebook.communicate(timeout=150)
        assert notebook.returncode == 0, problems[-4000:]
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="session")
def line():
    asked = "import pyspark; print(pyspark.__version__)"
    version = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    daemon = Daemon().start()
    line = Line(daemon, version.stdout.strip())
    try:
        line.ready(options={"spark.eventLog.enabled": "true"})
        yield line
    finally:
        left = processes.of_instance(daemon.directory)
        daemon.stop()
        processes.wait_gone(left)
