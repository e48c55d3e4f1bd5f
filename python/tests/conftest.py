# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_daemon import FakeDaemon, write_binary
from real_daemon import RealDaemon

SOURCES = Path(__file__).parents[1]


@pytest.fixture
def directory() -> Iterator[Path]:
    """A short path, as a unix socket's may have 107 bytes only."""
    with tempfile.TemporaryDirectory(prefix="firesteel-") as path:
        yield Path(path)


@pytest.fixture
def environment(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process and those it starts use the fake binary and these sources; what a test sets is undone."""
    for name in [name for name in os.environ if name.startswith(("SPARK_", "FIRESTEEL_", "JPY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRESTEEL_BINARY", str(write_binary(directory)))
    monkeypatch.setenv("FIRESTEEL_RUNTIME_DIR", str(directory))
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))
    yield
    from firesteel import _builder, _session

    for name in list(_session._sessions):
        _session._sessions.pop(name).discard(release=True)
    _session._unnamed, _builder._told_of_remote = None, False
    _builder.unshare()


@pytest.fixture
def daemon(directory: Path, environment: None) -> Iterator[FakeDaemon]:
    fake = FakeDaemon(directory)
    fake.listen()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def running() -> Iterator[RealDaemon]:
    """One real daemon, with the connection `local` for all tests that leave its server alive."""
    with tempfile.TemporaryDirectory(prefix="firesteel-") as path:
        real = RealDaemon(Path(path))
        try:
            real.start("local")
            yield real
        finally:
            real.end()


@pytest.fixture
def real(running: RealDaemon, environment: None, monkeypatch: pytest.MonkeyPatch) -> RealDaemon:
    """This process and those it starts use the real daemon."""
    monkeypatch.setenv("FIRESTEEL_BINARY", running.binary)
    monkeypatch.setenv("FIRESTEEL_RUNTIME_DIR", str(running.directory))
    return running


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits for a condition that another process brings about; fails with what it was after `seconds`."""

    def wait(condition: Callable[[], object], seconds: float = 10.0) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"not within {seconds} s: {condition}"
            time.sleep(0.02)

    return wait
