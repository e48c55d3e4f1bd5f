# SPDX-License-Identifier: Apache-2.0
"""Something dies while notebooks compute: what was asked is answered, or said to be over in one sentence."""

import json
import os
import random
import signal
import time

import psutil
import pytest

from test_processes import kernel_process

pytestmark = pytest.mark.spark

# Fifty take four minutes; a few on every change, all by FIRESTEEL_TEST_KILLS=50.
KILLS = int(os.environ.get("FIRESTEEL_TEST_KILLS", "8"))


def said(process) -> dict:
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return json.loads(line)


def end_who_serves(daemon, how: signal.Signals) -> None:
    """Ends the instance's daemon, whoever started it: a kernel that finds none starts one, too."""
    with daemon.http() as http:
        serving = psutil.Process(http.get("/api/v1/status").json()["pid"])
    serving.send_signal(how)
    serving.wait(20)


def test_a_daemon_killed_at_random_moments_of_a_mixed_load_costs_no_result(new_daemon):
    daemon = new_daemon()
    daemon.ready("busy")
    seconds = 8 + 2.5 * KILLS
    notebooks = [kernel_process(daemon, "mixed_load", connection="busy", seconds=seconds) for _ in range(2)]
    chance = random.Random(4)
    end = time.monotonic() + seconds
    time.sleep(6)  # they import pyspark
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 2.0))  # the random moment itself
        end_who_serves(daemon, signal.SIGKILL)
        assert daemon.cli("daemon", "--background").code == 0
    results = [said(notebook) for notebook in notebooks]
    assert [result["wrong"] for result in results] == [[], []]
    assert all(result["done"] >= 7 for result in results)
    assert time.monotonic() < end + 60
    assert [notebook.wait(20) for notebook in notebooks] == [0, 0]
    end_who_serves(daemon, signal.SIGTERM)
    daemon.start()  # the one that the end of the test stops


def test_a_killed_server_ends_the_cell_in_seconds_with_one_sentence(new_daemon):
    daemon = new_daemon()
    before = daemon.ready("doomed")
    notebook = kernel_process(daemon, "wait_for_the_end", connection="doomed", kind="once")
    assert said(notebook)["running"]
    with daemon.events() as events:
        events.until(lambda e: e["type"] == "activity" and any(o["state"] == "running" for o in e["operations"]))
    os.kill(before["pid"], signal.SIGKILL)
    killed = time.monotonic()
    end = said(notebook)
    assert time.monotonic() - killed < 5
    assert "doomed" in end["error"] and "SIGKILL" in end["error"] and "get_spark_session" in end["error"]
    assert "\n" not in end["error"].strip()
    assert notebook.wait(20) == 0
    with daemon.http() as http:
        assert http.get("/api/v1/connections/doomed/sessions").json() == {"sessions": []}
        states = {each["state"] for each in http.get("/api/v1/connections/doomed/operations").json()["operations"]}
    assert "lost" in states and "running" not in states


@pytest.mark.parametrize("action", ["stop", "restart"])
def test_stopping_or_restarting_a_server_ends_the_cell_and_a_restarted_one_can_be_used(new_daemon, action):
    daemon = new_daemon()
    daemon.ready("used")
    notebook = kernel_process(
        daemon, "wait_for_the_end", connection="used", kind="again" if action == "restart" else "once"
    )
    notebook_session = said(notebook)["session"]
    with daemon.events() as events:
        events.until(lambda e: e["type"] == "activity" and any(o["state"] == "running" for o in e["operations"]))
    with daemon.http() as http:
        sessions = http.get("/api/v1/connections/used/sessions").json()["sessions"]
        assert notebook_session in [session["session_id"] for session in sessions]
        http.post(f"/api/v1/connections/used/{action}")
    asked = time.monotonic()
    end = said(notebook)
    assert time.monotonic() - asked < 5
    assert "'used'" in end["error"] and "stop" in end["error"]
    if action == "restart":
        assert daemon.connection("used", settle_ms=60_000)["state"] == "ready"
        notebook.stdin.write("\n")
        notebook.stdin.flush()
        assert said(notebook) == {"count": 9}
    assert notebook.wait(20) == 0


def test_a_call_to_a_connection_that_starts_waits_for_it(new_daemon):
    daemon = new_daemon()
    daemon.create("late")
    url = daemon.cli("endpoint", "--url", "--name", "late").out.strip()
    client = kernel_process(daemon, "plain_pyspark", url=url)
    assert said(client) == {"count": 11}
    assert client.wait(20) == 0
    assert daemon.connection("late")["state"] == "ready"
