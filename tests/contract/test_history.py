# SPDX-License-Identifier: Apache-2.0
"""The Spark UI of an application that has ended, from what it has logged, at the address of the running one."""

import os
import stat
from pathlib import Path
from urllib.parse import urljoin

import httpx
import psutil
import pytest

import processes
from daemon import CLIENT, Daemon
from test_spark import kernel
from test_spark_ui import OUTER, ROOT, see

pytestmark = pytest.mark.spark

LOGGED = {"spark.eventLog.enabled": "true"}


def stopped(daemon, name: str) -> dict:
    assert daemon.cli("stop", name).code == 0
    connection = daemon.connection(name, settle_ms=30_000)
    assert connection["state"] == "stopped"
    return connection


@pytest.fixture(scope="module")
def ended():
    """A daemon with a connection that has been used and stopped, and the application that it was."""
    daemon = Daemon().start()
    application = daemon.ready("shared", options=LOGGED)["application_id"]
    kernel(daemon, "read_options", connection="shared", keys=["spark.app.name"])
    kernel(daemon, "use_much_of_spark", connection="shared")
    connection = stopped(daemon, "shared")
    assert connection["has_history"] is True
    yield daemon, application
    left = processes.of_instance(daemon.directory)
    daemon.stop()
    processes.wait_gone(left)


@pytest.fixture
def browser(ended):
    daemon, _ = ended
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        http.timeout = 90  # a history server is started
        yield http


def history_servers(daemon) -> list[psutil.Process]:
    mark = f"FIRESTEEL_HISTORY_OF={daemon.directory}".encode()
    return [
        process
        for process in processes.of_instance(daemon.directory)
        if mark in Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    ]


def followed(browser, url: str) -> httpx.Response:
    """The page that the browser ends at."""
    for _ in range(5):
        reply = see(browser, url)
        if "location" not in reply.headers:
            return reply
        url = urljoin(url, reply.headers["location"])
        assert url.startswith(ROOT), url
    raise AssertionError(f"redirects without end: {url}")


def test_pages_of_the_server_become_pages_of_its_application(browser, ended):
    _, application = ended
    for page in ("", "jobs/", "stages/", "executors/", "SQL/", "environment/", "jobs/job/?id=0"):
        reply = followed(browser, ROOT + page)
        assert reply.status_code == 200, page
        assert f"{ROOT}history/{application}/jobs/" in reply.text, page
    assert "Completed Jobs" in followed(browser, f"{ROOT}jobs/").text
    listed = see(browser, f"{ROOT}api/v1/applications").json()
    assert [each["id"] for each in listed] == [application]


def test_assets_are_there(browser):
    assert see(browser, f"{ROOT}static/webui.js").status_code == 200


def test_the_events_are_the_owners_alone(ended):
    daemon, _ = ended
    (directory,) = (daemon.directory / "state" / "events").iterdir()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert any(directory.iterdir())


def test_the_history_server_asks_for_a_key_that_no_command_line_has(browser, ended):
    daemon, _ = ended
    assert followed(browser, f"{ROOT}jobs/").status_code == 200
    (server,) = history_servers(daemon)
    ports = [each.laddr for each in server.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    assert [port.ip.removeprefix("::ffff:") for port in ports] == ["127.0.0.1"]
    assert httpx.get(f"http://127.0.0.1:{ports[0].port}/", trust_env=False).status_code == 403
    (properties,) = daemon.directory.glob("history/*/history.properties")
    assert stat.S_IMODE(properties.stat().st_mode) == 0o600
    key = properties.read_text().split("secretKey=")[1].split()[0]
    assert key.encode() not in processes.all_command_lines()


def test_a_history_server_that_was_killed_is_started_again(browser, ended):
    daemon, _ = ended
    assert followed(browser, f"{ROOT}jobs/").status_code == 200
    (server,) = history_servers(daemon)
    os.kill(server.pid, 9)
    processes.wait_gone([server])
    assert followed(browser, f"{ROOT}jobs/").status_code == 200


def test_what_a_killed_daemon_left_is_ended_by_the_next(new_daemon):
    daemon = new_daemon()
    daemon.ready("shared", options=LOGGED)
    stopped(daemon, "shared")
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        assert followed(http, f"{ROOT}jobs/").status_code == 200
    left = history_servers(daemon)
    assert len(left) == 1
    daemon.kill()
    assert left[0].is_running()
    daemon.start()
    processes.wait_gone(left)
    # And it is known of the application still.
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        assert followed(http, f"{ROOT}jobs/").status_code == 200


def test_pages_of_what_has_ended_lead_to_what_runs(new_daemon):
    daemon = new_daemon()
    before = daemon.ready("shared", options=LOGGED)["application_id"]
    stopped(daemon, "shared")
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        page = f"{ROOT}history/{before}/stages/"
        assert followed(http, page).status_code == 200
        assert http.post("/api/v1/connections/shared/start", headers=CLIENT).status_code == 202
        assert daemon.connection("shared", settle_ms=60_000)["state"] == "ready"
        reply = followed(http, page)
        assert reply.status_code == 200
        assert f"{ROOT}history/" not in reply.text
    stopped(daemon, "shared")


def test_without_an_event_log_there_is_nothing_and_it_is_said(new_daemon):
    daemon = new_daemon()
    daemon.ready("shared")
    assert "has_history" not in stopped(daemon, "shared")
    with daemon.http() as http:
        reply = http.get("/ui/shared/jobs/")
    assert reply.status_code == 409
    assert "spark.eventLog.enabled" in reply.text


def test_events_go_with_their_connection(new_daemon):
    daemon = new_daemon()
    daemon.ready("shared", options=LOGGED)
    stopped(daemon, "shared")
    assert list((daemon.directory / "state" / "events").iterdir())
    assert daemon.cli("remove", "shared").code == 0
    processes.wait_for(lambda: not list((daemon.directory / "state" / "events").iterdir()), 10, "the events go")


def test_events_of_earlier_applications_are_bounded(new_daemon):
    daemon = new_daemon(FIRESTEEL_EVENTS_LIMIT_MIB="1")
    application = daemon.ready("shared", options=LOGGED)["application_id"]
    (directory,) = (daemon.directory / "state" / "events").iterdir()
    earlier = directory / "eventlog_v2_local-1"
    earlier.mkdir()
    (earlier / "events_1_local-1.zstd").write_bytes(b"x" * 3_000_000)
    for path in (earlier / "events_1_local-1.zstd", earlier):
        os.utime(path, (1, 1))
    stopped(daemon, "shared")
    processes.wait_for(lambda: not earlier.exists(), 20, "what is beyond the limit goes")
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        assert application in followed(http, f"{ROOT}jobs/").text
