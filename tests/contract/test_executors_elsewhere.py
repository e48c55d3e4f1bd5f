# SPDX-License-Identifier: Apache-2.0
"""Servers whose executors find them over the network: on Spark's own cluster and on a real YARN. What listens where,
what the Spark UI is then, and that nothing stays behind."""

import json
import re
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from clusters import free_ports, listeners, own_address, standalone, yarn
from processes import wait_for
from spark_ui import SparkUi, run_record
from test_gateway_faults import said
from test_processes import kernel_process
from test_spark import kernel

pytestmark = [pytest.mark.spark, pytest.mark.timeout(300)]

SECRET = "of the cluster, and of nobody else"
OUTER = "/user/ana/firesteel"
SMALL = {
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "4",
    "spark.yarn.am.memory": "256m",
}


def with_cluster(new_daemon, tmp_path: Path, **cluster):
    catalogue = tmp_path / "catalog.json"
    catalogue.write_text(json.dumps({"clusters": {"far": {"display_name": "Far", **cluster}}}))
    catalogue.chmod(0o600)
    return new_daemon(FIRESTEEL_CATALOG=str(catalogue))


def check_listeners(daemon, name: str, hosts: set[str]) -> set[int]:
    """Spark Connect and the UI are on loopback alone; gives the ports that are not."""
    run = run_record(daemon, name)
    found = listeners(run["pid"])
    own = {run["grpc_port"], run["ui_port"]}
    assert {("127.0.0.1", port) for port in own} <= found
    others = {(host, port) for host, port in found if host != "127.0.0.1"}
    assert {host for host, _ in others} == hosts, found
    assert not own & {port for _, port in others}, found
    return {port for _, port in others}


def check_work(daemon, name: str) -> None:
    """A shuffle and Python functions, on executors that aren't the driver's process."""
    (said,) = kernel(daemon, "use_executors", connection=name)
    assert (said["groups"], said["sum"], said["total"]) == (7, 499_500, 9_900)
    server = run_record(daemon, name)["pid"]
    for pid in said["parents"]:
        assert server not in {pid, *(parent.pid for parent in psutil.Process(pid).parents())}


def stop(daemon, name: str) -> None:
    with daemon.http() as http:
        http.post(f"/api/v1/connections/{name}/stop").raise_for_status()
    assert daemon.connection(name, settle_ms=30_000)["state"] == "stopped"


def preview(daemon, **definition) -> list[tuple[str, str]]:
    with daemon.http() as http:
        reply = http.post("/api/v1/preview", json=definition).raise_for_status().json()
    return [(problem["severity"], problem["field"]) for problem in reply["problems"]]


def test_a_standalone_cluster(new_daemon, tmp_path):
    host = own_address()
    with standalone(SECRET) as cluster:
        driver_port, block_port = free_ports("0.0.0.0", 2)
        opts = SMALL | {
            "spark.driver.bindAddress": "0.0.0.0",
            "spark.driver.port": str(driver_port),
            "spark.driver.blockManager.port": "{BLOCK_PORT}",
            "spark.authenticate": "true",
            "spark.authenticate.secret": SECRET,
        }
        catalogue = tmp_path / "catalog.json"
        far = {"display_name": "Far", "master": cluster.master, "opts": opts, "env": {"PYSPARK_PYTHON": sys.executable}}
        catalogue.write_text(json.dumps({"clusters": {"far": far}}))
        daemon = new_daemon(FIRESTEEL_CATALOG=str(catalogue), BLOCK_PORT=str(block_port))
        assert preview(daemon, cluster="far") == []
        assert preview(daemon, cluster="far", options={"spark.authenticate": "false"}) == [
            ("warning", "options.spark.authenticate")
        ]
        connection = daemon.ready("main", cluster="far")
        # The driver is named by the address that leads to the master, and listens where the catalogue says.
        assert check_listeners(daemon, "main", {"*"}) == {driver_port, block_port}
        assert f"find the driver at {host}" in daemon.cli("logs", "main").out
        check_work(daemon, "main")
        assert cluster.state()["activeapps"][0]["id"] == connection["application_id"]
        for content in (*daemon.log_files().items(),):
            assert SECRET.encode() not in content[1] or content[0].name == "spark.properties", content[0]
        stop(daemon, "main")
        wait_for(lambda: not cluster.state()["activeapps"], 20, "the application ends")


def test_yarn(new_daemon, tmp_path):
    host = own_address()
    with yarn() as cluster:
        daemon = with_cluster(
            new_daemon,
            tmp_path,
            master="yarn",
            opts=SMALL | {"spark.executor.instances": "1"},
            env={"PYSPARK_PYTHON": sys.executable},
            pre_script=f"export HADOOP_CONF_DIR={cluster.configuration}",
        )
        connection = ready_on_yarn(daemon, "main")
        identifier = connection["application_id"]
        assert re.fullmatch(r"application_\d+_\d+", identifier)
        assert cluster.application(identifier)["name"] == "Firesteel: main"
        assert len(check_listeners(daemon, "main", {host})) == 2
        check_work(daemon, "main")
        check_ui(daemon)
        check_kill_link(daemon)
        stop(daemon, "main")
        wait_for(lambda: cluster.application(identifier)["state"] == "FINISHED", 20, "YARN's application ends")

        # Killed, it can't say goodbye; YARN's part of it sees that by itself.
        killed = ready_on_yarn(daemon, "other")["application_id"]
        psutil.Process(run_record(daemon, "other")["pid"]).kill()
        wait_for(lambda: cluster.application(killed)["state"] != "RUNNING", 30, "YARN's application ends")


def ready_on_yarn(daemon, name: str) -> dict:
    daemon.create(name, cluster="far")
    for _ in range(3):
        connection = daemon.connection(name, settle_ms=60_000)
        if connection["state"] != "starting":
            break
    assert connection["state"] == "ready", connection
    return connection


def check_ui(daemon) -> None:
    """YARN has put a filter of its own before the UI, and tells it that it is below YARN's proxy."""
    with daemon.http(headers={"X-Forwarded-Context": OUTER}) as http:
        http.timeout = 60
        for page in ("jobs", "executors", "SQL", "environment"):
            reply = http.get(f"/ui/main/{page}/")
            assert reply.status_code == 200, reply.headers
            links = re.findall(r"""(?:href|src|action)=['"](/[^'"]*)""", reply.text)
            assert len(links) > 10
            assert [link for link in links if not link.startswith(f"{OUTER}/ui/main/")] == []
            assert f"setUIRoot('{OUTER}/ui/main')" in reply.text
            assert "/proxy/application_" not in reply.text
        assert http.get("/ui/main/").headers["location"] == "./jobs/"
        script = http.get("/ui/main/static/webui.js", headers={"Accept-Encoding": "gzip"})
        assert script.status_code == 200 and len(script.text) > 1000
    assert "AmIpFilter" in daemon.cli("logs", "main", "--search", "Add WebUI Filter").out
    # The guard is still there for all others on this machine.
    run = run_record(daemon, "main")
    assert httpx.get(f"http://127.0.0.1:{run['ui_port']}/jobs/", trust_env=False, timeout=30).status_code == 403
    assert SparkUi(daemon, "main").jobs("succeeded")


def check_kill_link(daemon) -> None:
    notebook = kernel_process(daemon, "wait_for_the_end", connection="main", kind="once")
    assert said(notebook)["running"]
    ui = SparkUi(daemon, "main")
    (job,) = [each["jobId"] for each in ui.wait_for(bool, seconds=60)]
    with daemon.http(headers={"X-Forwarded-Context": OUTER, "Origin": "http://lab", "Host": "lab"}) as http:
        page = http.get("/ui/main/jobs/").text
        assert f"action='{OUTER}/ui/main/jobs/job/kill/'" in page.replace('"', "'")
        form = {"id": str(job), "csrfToken": re.search(r'name="csrfToken" value="(\w+)"', page)[1]}
        assert http.post("/ui/main/jobs/job/kill/", data=form).status_code < 400
    assert "cancelled" in said(notebook)["error"]
    assert notebook.wait(30) == 0


@pytest.mark.parametrize(
    ("master", "message", "advice"),
    [
        ("yarn", "neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set", "pre_script"),
        ("spark://no.such.host.invalid:7077", "'no.such.host.invalid' can't be found", "spark.driver.host"),
    ],
)
def test_a_cluster_that_cannot_be_found_is_said_in_words(new_daemon, tmp_path, master, message, advice):
    daemon = with_cluster(new_daemon, tmp_path, master=master)
    daemon.create("main", cluster="far")
    failure = daemon.connection("main", settle_ms=60_000)["failure"]
    assert failure["reason"] == "invalid_option"
    assert message in failure["message"]
    assert advice in failure["advice"]


def test_config_check_says_what_is_open_and_what_is_not_used(new_daemon, tmp_path):
    daemon = with_cluster(new_daemon, tmp_path, master="spark://h:7077", opts={"spark.driver.host": "node7"})
    checked = daemon.cli("config", "check")
    assert checked.code == 0
    assert ":1: warning: clusters.far: Spark's own ports are on the network and ask nobody" in checked.out
    local = tmp_path / "local.json"
    opts = {"spark.driver.host": "node7"}
    local.write_text(json.dumps({"clusters": {"here": {"display_name": "Here", "opts": opts}}}))
    checked = daemon.cli("config", "check", str(local))
    assert "'spark.driver.host' is not used" in checked.out
