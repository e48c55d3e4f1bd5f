# SPDX-License-Identifier: Apache-2.0
"""What lives, what dies, and what is left behind: real servers, real signals."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import contract
import processes
from daemon import BINARY
from test_spark import kernel

pytestmark = pytest.mark.spark


def kernel_process(daemon, function: str, **arguments) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, Path(__file__).with_name("kernel_side.py"), function, json.dumps(arguments)],
        env=daemon.environment | {"FIRESTEEL_BINARY": str(BINARY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_connections_live_side_by_side_and_stop_takes_one(new_daemon):
    daemon = new_daemon()
    daemon.create("one")
    daemon.create("two")
    one, two = (daemon.connection(name, settle_ms=60_000) for name in ("one", "two"))
    assert (one["state"], two["state"]) == ("ready", "ready")
    assert one["endpoint"] != two["endpoint"]
    (first,), (second,) = (kernel(daemon, "describe", connection=name) for name in ("one", "two"))
    assert (first["application_id"], second["application_id"]) == (one["application_id"], two["application_id"])
    assert kernel(daemon, "use_python_workers", connection="one") == [{"total": 9900}]

    going = processes.family(one["pid"])
    assert len(going) >= 2, "the driver and its Python workers"
    with daemon.http() as http:
        reply = http.post("/api/v1/connections/one/stop")
        assert contract.check_reply(reply, "/api/v1/connections/{name}/stop", "post")["state"] in (
            "stopping",
            "stopped",
        )
    stopped = daemon.connection("one", settle_ms=30_000)
    assert (stopped["state"], "failure" in stopped, "pid" in stopped) == ("stopped", False, False)
    processes.wait_gone(going, timeout=1)
    assert kernel(daemon, "describe", connection="two")[0]["application_id"] == two["application_id"]

    with daemon.http() as http:
        http.post("/api/v1/connections/two/stop")
        daemon.connection("two", settle_ms=30_000)
    assert [p.pid for p in processes.of_instance(daemon.directory)] == [daemon.process.pid]


@pytest.mark.parametrize("phase", ["preparing", "starting_jvm", "creating_driver"])
def test_stop_while_starting_leaves_nothing(new_daemon, phase):
    daemon = new_daemon()
    with daemon.events() as events, daemon.http() as http:
        daemon.create("early")
        events.until(lambda e: e["type"] == "connection" and phase in [p["phase"] for p in e["connection"]["phases"]])
        began = time.monotonic()
        http.post("/api/v1/connections/early/stop")
        assert events.until_state("early", "stopped", "failed", timeout=15)["state"] == "stopped"
        assert time.monotonic() - began < 10
    assert [p.pid for p in processes.of_instance(daemon.directory)] == [daemon.process.pid]


def test_a_killed_server_is_told_within_a_second_and_starts_again(new_daemon):
    daemon = new_daemon()
    before = daemon.ready("victim")
    with daemon.events() as events, daemon.http() as http:
        events.next()
        os.kill(before["pid"], signal.SIGKILL)
        died = events.until_state("victim", "failed", timeout=1.0)
        contract.check(died, "Connection")
        assert (died["failure"]["reason"], died["failure"]["signal"]) == ("killed", "SIGKILL")
        assert died["failure"]["log_tail"]
        http.post("/api/v1/connections/victim/restart")
        after = events.until_state("victim", "ready", "failed")
    assert after["state"] == "ready"
    assert after["server_id"] != before["server_id"]
    assert after["id"] == before["id"]
    assert kernel(daemon, "describe", connection="victim")[0]["application_id"] == after["application_id"]


def test_a_query_outlives_the_daemon_and_the_next_one_adopts(new_daemon):
    daemon = new_daemon()
    before = daemon.ready("long")
    query = kernel_process(daemon, "long_query", connection="long", seconds=8)
    assert json.loads(query.stdout.readline()) == {"running": True}
    daemon.kill()
    assert psutil.Process(before["pid"]).is_running()
    daemon.start()
    after = daemon.connection("long", settle_ms=20_000)
    same = ("state", "id", "server_id", "pid", "application_id", "endpoint", "is_default")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    out, err = query.communicate(timeout=60)
    assert query.returncode == 0, err[-4000:]
    assert [json.loads(line) for line in out.splitlines()] == [{"ids": [0, 1]}, {"again": 7, "same": True}]
    with daemon.http() as http:
        going = processes.family(after["pid"])
        http.post("/api/v1/connections/long/stop")
        assert daemon.connection("long", settle_ms=30_000)["state"] == "stopped"
    processes.wait_gone(going, timeout=1)


def test_a_server_that_died_while_no_daemon_ran_is_found(new_daemon):
    daemon = new_daemon()
    before = daemon.ready("gone")
    daemon.kill()
    os.kill(before["pid"], signal.SIGKILL)
    processes.wait_gone([psutil.Process(before["pid"])] if psutil.pid_exists(before["pid"]) else [], timeout=10)
    daemon.start()
    after = daemon.connection("gone", settle_ms=20_000)
    assert (after["state"], after["failure"]["reason"]) == ("failed", "lost")


def test_a_daemon_killed_while_a_server_starts(new_daemon):
    daemon = new_daemon()
    with daemon.events() as events:
        daemon.create("half")
        events.until(
            lambda e: e["type"] == "connection" and "creating_driver" in [p["phase"] for p in e["connection"]["phases"]]
        )
    daemon.kill()
    daemon.start()
    assert daemon.connection("half", settle_ms=60_000)["state"] in ("ready", "failed")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_is_said_and_survived(new_daemon, tmp_path):
    small = tmp_path / "s"
    small.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "none", small], check=True)
    try:
        daemon = new_daemon(directory=small)
        filler = small / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:  # until it is full
            while file.write(b"x" * 4096):
                pass
        daemon.create("full")
        failed = daemon.connection("full", settle_ms=30_000)
        assert (failed["state"], failed["failure"]["reason"]) == ("failed", "disk_full"), failed
        assert failed["failure"]["advice"]
        filler.unlink()
        with daemon.http() as http:
            contract.check_reply(
                http.post("/api/v1/connections/full/start"), "/api/v1/connections/{name}/start", "post"
            )
        assert daemon.connection("full", settle_ms=60_000)["state"] == "ready"
        daemon.stop()
    finally:
        subprocess.run(["umount", "-l", small], check=True)
