# SPDX-License-Identifier: Apache-2.0
"""One line of Spark, server and client, through everything that Firesteel does with it."""

import json
import os
import signal
import time
from urllib.parse import urljoin

import contract

from conftest import PYTHON

# The tests share one server and stand in an order: the last ones end it.


def said(notebook) -> dict:
    line = notebook.stdout.readline()
    assert line, notebook.stderr.read()[-4000:]
    return json.loads(line)


def get(line, path: str, name: str = "old", **query) -> dict:
    with line.daemon.http() as http:
        reply = http.get(f"/api/v1/connections/{name}{path}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def wait_until_it_runs(line) -> dict:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for operation in get(line, "/operations")["operations"]:
            if operation["state"] == "running":
                return operation
        time.sleep(0.1)
    raise AssertionError(get(line, "/operations"))


def test_the_card(line):
    connection = line.daemon.connection("old")
    contract.check(connection, "Connection")
    assert connection["spark_version"] == line.version
    assert connection["application_id"].startswith("local-")


def test_a_server_that_asks_for_no_secret_is_warned_of(line):
    titles = [each["message"] for each in line.daemon.connection("old")["suggestions"]]
    assert any(f"Spark {line.version} can't ask for a secret" in title for title in titles) == line.is_3, titles


def test_everyday_work_in_a_notebook(line):
    (told,) = line.run("everyday", connection="old")
    error = told.pop("error")
    assert "UNRESOLVED_COLUMN" in error and "AnalysisException" in error
    assert told == {
        "client": line.version,
        "version": line.version,
        "total": 499_500,
        "doubled": 9900,
        "frame": 499_500,
        "view": [[1, "a"], [2, "b"]],
        "schema": "struct<n:int,s:string>",
        "same": True,
        "application": line.daemon.connection("old")["application_id"],
    }


def test_a_reset_makes_another_session(line):
    assert line.run("new_session_after_reset", connection="old") == [{"another": True, "views": 0}]


def test_what_ran_is_listed(line):
    with line.daemon.http() as http:
        reply = http.get("/api/v1/connections/old/operations")
    operations = contract.check_reply(reply, "/api/v1/connections/{name}/operations", "get")["operations"]
    states = {each["state"] for each in operations}
    assert states == {"finished", "failed"}


def test_pyspark_as_anybody_has_it(line):
    url = line.daemon.cli("endpoint", "--url", "--name", "old").out.strip()
    assert line.run("plain_pyspark", has_firesteel=False, url=url) == [{"count": 11}]


def test_interrupt_ends_a_query_and_its_jobs_and_the_session_goes_on(line):
    notebook = line.start_notebook("slow_query", connection="old", seconds=100)
    session = said(notebook)["session"]
    running = wait_until_it_runs(line)
    assert running["session_id"] == session
    (listed,) = [each for each in get(line, "/sessions")["sessions"] if each["session_id"] == session]
    assert listed["running"] == 1
    done = line.daemon.cli("interrupt", "old", "--operation", running["operation_id"])
    assert done.code == 0, done
    ended = said(notebook)
    assert "OPERATION_CANCELED" in ended["error"] or "cancel" in ended["error"].lower(), ended
    assert ended["seconds"] < 60
    assert said(notebook) == {"again": 7}
    assert notebook.wait(30) == 0


def test_release_ends_a_session_from_4_on(line):
    notebook = line.start_notebook("slow_query", connection="old", seconds=100)
    session = said(notebook)["session"]
    wait_until_it_runs(line)
    done = line.daemon.cli("release", "old", session)
    if line.is_3:
        assert done.code == 1 and "no way to release the session" in done.err
        assert line.daemon.cli("interrupt", "old").code == 0
    else:
        assert done.code == 0, done
    assert said(notebook)["seconds"] < 60
    notebook.wait(30)


def test_an_interrupt_of_the_cell_ends_the_query_in_spark(line):
    notebook = line.start_notebook("slow_query", connection="old", seconds=100)
    assert said(notebook)["running"]
    running = wait_until_it_runs(line)
    notebook.send_signal(signal.SIGINT)
    ended = said(notebook)
    assert ended["type"] == "KeyboardInterrupt"
    assert ended["seconds"] < 60
    assert said(notebook) == {"again": 7}
    (listed,) = [o for o in get(line, "/operations")["operations"] if o["operation_id"] == running["operation_id"]]
    assert listed["state"] == "interrupted"
    assert notebook.wait(30) == 0


def test_a_query_outlives_the_daemon(line):
    notebook = line.start_notebook("slow_query", connection="old", seconds=12)
    assert said(notebook)["running"]
    wait_until_it_runs(line)
    line.daemon.kill()
    assert line.daemon.cli("daemon", "--background").code == 0  # or the notebook was quicker
    assert said(notebook) == {"ids": [0, 1]}
    assert said(notebook) == {"again": 7}
    assert notebook.wait(30) == 0
    assert line.daemon.connection("old", settle_ms=30_000)["state"] == "ready"


def test_the_spark_ui_is_there_from_4_on(line):
    with line.daemon.http(headers={"X-Forwarded-Context": "/lab"}) as http:
        http.timeout = 60
        reply = http.get("/ui/old/jobs/")
    if line.is_3:
        assert reply.status_code == 409
        assert "Spark 3" in reply.text
    else:
        assert reply.status_code == 200
        assert "Completed Jobs" in reply.text


def test_the_options_of_this_version(line):
    with line.daemon.http() as http:
        asked = {"q": "spark.sql.ansi.enabled", "spark_version": line.version}
        (ansi, *_) = http.get("/api/v1/spark-options", params=asked).json()["options"]
        draft = {"options": {"spark.deploy.appIdPattern": "x"}, "environment": {"python": str(PYTHON)}}
        preview = http.post("/api/v1/preview", json=draft)
    assert ansi["default"] == ("false" if line.is_3 else "true")
    assert preview.status_code == 200, preview.text
    assert (f"Spark {line.version[:3]} documents no option" in preview.text) == line.is_3, preview.text


def test_the_doctor(line):
    done = line.daemon.cli("doctor", "--python", str(PYTHON))
    assert line.version in done.out, done
    assert done.code == 0, done


def test_a_server_that_is_killed_ends_the_cell_with_one_sentence(line):
    before = line.ready("doomed")
    notebook = line.start_notebook("until_spark_is_gone", connection="doomed")
    assert said(notebook)["running"]
    end = time.monotonic() + 60
    while not any(each["state"] == "running" for each in get(line, "/operations", "doomed")["operations"]):
        assert time.monotonic() < end
        time.sleep(0.1)
    os.kill(before["pid"], signal.SIGKILL)
    killed = time.monotonic()
    ended = said(notebook)
    assert time.monotonic() - killed < 5
    assert ended["type"] == "SparkGone" and "SIGKILL" in ended["error"]
    assert notebook.wait(30) == 0


def test_what_has_ended_stays_readable_from_4_on(line):
    application = line.daemon.connection("old")["application_id"]
    assert line.daemon.cli("stop", "old").code == 0
    connection = line.daemon.connection("old", settle_ms=30_000)
    assert connection["state"] == "stopped"
    assert connection.get("has_history", False) is not line.is_3
    with line.daemon.http(headers={"X-Forwarded-Context": "/lab"}) as http:
        http.timeout = 90
        page = f"/ui/old/history/{application}/jobs/"
        reply = http.get(page)
        if reply.status_code == 302:  # to itself, if Spark had to read of it first
            reply = http.get(urljoin(page, reply.headers["location"].removeprefix("/lab")))
    assert reply.status_code == (409 if line.is_3 else 200), reply.text
