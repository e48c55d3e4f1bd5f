# SPDX-License-Identifier: Apache-2.0
"""How much of the events of ended applications is kept. No Spark: what it would have written lies there."""

import os
from pathlib import Path

import pytest

import processes
from conftest import NO_JAVA


def ended_application(events: Path, number: int, kib: int = 400) -> Path:
    log = events / f"eventlog_v2_local-{number}"
    log.mkdir()
    (log / f"events_1_local-{number}.zstd").write_bytes(b"x" * 1024 * kib)
    for path in (*log.iterdir(), log):
        os.utime(path, (1000 + number, 1000 + number))
    return log


def events_of(daemon, name: str) -> Path:
    daemon.create(name)
    events = daemon.directory / "state" / "events" / daemon.connection(name, settle_ms=20_000)["id"]
    events.mkdir(parents=True, mode=0o700)
    return events


def names(events: Path) -> list[str]:
    return sorted(path.name for path in events.iterdir())


@pytest.mark.parametrize("by", ["the end of a start", "a daemon's start"])
def test_the_oldest_events_go_when_there_are_too_many(new_daemon, by):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA, FIRESTEEL_EVENTS_LIMIT_MIB="1")
    events = events_of(daemon, "x")
    for number in (3, 1, 4, 2):
        ended_application(events, number)
    if by == "a daemon's start":
        daemon.kill()
        daemon.start()
    else:
        assert daemon.cli("start", "local", "--name", "x", "--wait").code == 1
    wanted = ["eventlog_v2_local-3", "eventlog_v2_local-4"]
    processes.wait_for(lambda: names(events) == wanted, 20, "the older ones go")
    said = daemon.directory / "state" / "daemon.log"
    words = "x: the event logs of 2 ended applications are deleted"
    processes.wait_for(lambda: words in said.read_text(), 20, "it is said")
    assert "FIRESTEEL_EVENTS_LIMIT_MIB" in said.read_text()
