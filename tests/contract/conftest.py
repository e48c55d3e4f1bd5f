# SPDX-License-Identifier: Apache-2.0
import signal

import pytest

import processes
from daemon import BINARY, Daemon

NO_JAVA = "/nonexistent/java"


def pytest_sessionstart(session):
    # A shell that begins the tests with "&" has SIGINT ignored in them, and in all that they begin.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not built; run: make test-contract", returncode=2)


def _ended(daemon: Daemon) -> None:
    left = processes.of_instance(daemon.directory)
    daemon.stop()
    processes.wait_gone(left)


@pytest.fixture
def new_daemon():
    """Makes daemons; at the end every one is stopped, and must leave no process."""
    made = []

    def make(**environment) -> Daemon:
        daemon = Daemon(**environment)
        made.append(daemon)
        return daemon.start()

    yield make
    for daemon in made:
        _ended(daemon)


@pytest.fixture(scope="module")
def no_java():
    """A daemon whose starts all fail at once: for what needs no Spark."""
    daemon = Daemon(FIRESTEEL_JAVA_HOME=NO_JAVA).start()
    yield daemon
    _ended(daemon)


@pytest.fixture(scope="session")
def with_spark():
    """A daemon with one ready connection, `shared`, which the tests that change nothing share."""
    daemon = Daemon().start()
    daemon.ready("shared")
    yield daemon
    _ended(daemon)
