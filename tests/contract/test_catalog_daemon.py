# SPDX-License-Identifier: Apache-2.0
"""The catalogue in a running daemon: what it says of it, what it refuses, what it makes of a request."""

import json
import os
import select
import stat
from pathlib import Path
from urllib.parse import quote

import pytest

import contract
from conftest import NO_JAVA

CATALOGUE = """
clusters:
  forest:
    display_name: Forest
    env: {ZONE: north, FIRESTEEL_X: no}
    opts:
      spark.executor.memory: 2g
      spark.driver.extraJavaOptions: -Da=1
      spark.hadoop.fs.s3a.secret.key: hunter2
      spark.x.zone: "{NOT_SET_ANYWHERE}"
    pre_script: "true"
  plain: {display_name: Plain, master: "local[2]"}
bundles:
  tracing:
    display_name: Tracing
    cluster_filter: [forest]
    options:
      - {name: spark.driver.extraJavaOptions, value: -Db=2, concatenate: " "}
      - {name: spark.executor.memory, value: 3g}
  broken: {display_name: Broken, options: [{name: spark.ui.port, value: 1}]}
spark_options:
  - {name: spark.x.zone, category: Site, type: string, description: Where it runs.}
error_suggestions:
  - {pattern: x, message: y}
"""


@pytest.fixture
def catalogue(new_daemon, tmp_path):
    """A daemon with a catalogue of its own, which tests may change: (daemon, file)."""
    file = tmp_path / "catalog.yaml"
    file.write_text(CATALOGUE, encoding="utf-8")
    return new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA), file


def ask(daemon, method: str, path: str, pattern: str | None = None, **request) -> dict:
    with daemon.http() as http:
        reply = http.request(method, f"/api/v1{path}", **request)
    return contract.check_reply(reply, f"/api/v1{pattern or path}", method.lower())


def test_without_a_catalogue_there_is_the_local_cluster(no_java):
    got = ask(no_java, "GET", "/catalog")
    assert [cluster["name"] for cluster in got["clusters"]] == ["local"]
    assert (got["bundles"], got["problems"], got["cluster_is_fixed"]) == ([], [], False)


def test_the_catalogue_is_what_the_file_says(catalogue):
    daemon, file = catalogue
    got = ask(daemon, "GET", "/catalog")
    assert [(c["name"], c["has_pre_script"], c["master"]) for c in got["clusters"]] == [
        ("forest", True, "local[*]"),
        ("plain", False, "local[2]"),
    ]
    assert [(b["name"], b["complete"]) for b in got["bundles"]] == [("tracing", True), ("broken", False)]
    errors = [(p["file"], p["path"]) for p in got["problems"] if p["severity"] == "error"]
    assert errors == [(str(file), "bundles.broken.options[0].value")]
    assert ask(daemon, "GET", "/clusters")["clusters"] == got["clusters"]


def test_a_changed_file_is_an_event_and_a_half_written_one_keeps_what_was_there(catalogue):
    daemon, file = catalogue
    with daemon.events() as events:
        first, _ = events.until(lambda e: e["type"] == "snapshot")
        contract.check(first, "Event")
        file.write_text("clusters: {a: {display_name: A}}", encoding="utf-8")
        event, _ = events.until(lambda e: e["type"] == "catalog")
        contract.check(event, "Event")
        assert [cluster["name"] for cluster in event["clusters"]] == ["a"]
        assert event["revision"] == first["catalog_revision"] + 1
        file.write_text('{"clusters": {"b": ', encoding="utf-8")
        event, _ = events.until(lambda e: e["type"] == "catalog")
        assert [cluster["name"] for cluster in event["clusters"]] == ["a"]
    assert ask(daemon, "GET", "/catalog")["problems"][0]["severity"] == "error"


def test_what_jupyter_handed_over_is_used_and_the_command_says_so(new_daemon):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    state = Path(daemon.paths["state_dir"])
    with daemon.events() as events:
        document = {
            "config_files": ["/etc/jupyter/x.py"],
            "directory": "/",
            "SparkConnectorApp": {"clusters": {"k": {"display_name": "K", "env": 1}}},
        }
        (state / "jupyter.json").write_text(json.dumps(document), encoding="utf-8")
        event, _ = events.until(lambda e: e["type"] == "catalog")
        assert [cluster["display_name"] for cluster in event["clusters"]] == ["K"]
    (problem,) = ask(daemon, "GET", "/catalog")["problems"]
    assert problem["file"] == "Jupyter's configuration (/etc/jupyter/x.py)"
    result = daemon.cli("config", "check", "--json")
    contract.check_cli(result.json, "config-check")
    assert [p["path"] for p in result.json["problems"]] == ["SparkConnectorApp.clusters.k.env"]


def test_the_preselected_cluster_can_be_the_only_one(new_daemon, tmp_path):
    file = tmp_path / "catalog.yaml"
    file.write_text(CATALOGUE + "disable_cluster_selection_on_preselected: true\n", encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), SPARK_CLUSTER_NAME="plain", FIRESTEEL_JAVA_HOME=NO_JAVA)
    got = ask(daemon, "GET", "/catalog")
    assert (got["preselected"], got["cluster_is_fixed"], got["clusters"][0]["name"]) == ("plain", True, "plain")
    refused = ask(daemon, "POST", "/connections", json={"name": "x", "cluster": "forest"})
    assert (refused["error"]["code"], refused["error"]["field"]) == ("unknown_cluster", "cluster")
    assert ask(daemon, "POST", "/connections", json={"name": "x"})["cluster"] == "plain"


def test_a_preview_says_whence_each_value_comes_and_all_that_is_wrong(catalogue):
    daemon, _ = catalogue
    body = {"bundles": ["tracing"], "options": {"spark.executor.memory": "4g"}}
    got = ask(daemon, "POST", "/preview", json=body)
    options = {option["name"]: option for option in got["options"]}
    assert options["spark.executor.memory"]["value"] == "4g"
    assert [(s["kind"], s.get("name"), s["value"]) for s in options["spark.executor.memory"]["sources"]] == [
        ("user", None, "4g"),
        ("bundle", "tracing", "3g"),
        ("cluster", "forest", "2g"),
    ]
    assert options["spark.driver.extraJavaOptions"]["value"] == "-Da=1 -Db=2"
    assert options["spark.driver.extraJavaOptions"]["sources"][0]["joined"] is True
    assert "hunter2" not in json.dumps(got)
    assert got["environment"] == ["ZONE"]
    assert [(p["field"], p["severity"]) for p in got["problems"]] == [("cluster", "warning")]
    wrong = {
        "cluster": "plain",
        "bundles": ["tracing", "none"],
        "options": {"spark.ui.port": "1", "spark.driver.memory": "x"},
    }
    got = ask(daemon, "POST", "/preview", json=wrong)
    assert {p["field"] for p in got["problems"]} == {
        "bundles.tracing",
        "bundles.none",
        "options.spark.ui.port",
        "options.spark.driver.memory",
    }


def test_a_preview_warns_of_what_this_spark_does_not_know(new_daemon, tmp_path):
    file = tmp_path / "catalog.yaml"
    file.write_text(
        "bundles: {old: {display_name: Old, spark_version_filter: ['3.5'],"
        " options: [{name: spark.mesos.maxDrivers, value: 3}]}}\n",
        encoding="utf-8",
    )
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA)
    for version in ("3.5.1", "4.3.0"):
        jars = tmp_path / version / "jars"
        jars.mkdir(parents=True)
        (jars / f"spark-core_2.13-{version}.jar").touch()

    def problems(version, **options):
        body = {"bundles": ["old"], "options": options, "environment": {"spark_home": str(tmp_path / version)}}
        found = ask(daemon, "POST", "/preview", json=body)["problems"]
        assert {problem["severity"] for problem in found} <= {"warning"}
        return {problem["field"]: f"{problem['message']} {problem['advice']}" for problem in found}

    assert problems("3.5.1", **{"spark.of.a.plugin": "1"}) == {}
    found = problems("4.3.0", **{"spark.executor.memroy": "1g", "spark.sql.hive.verifyPartitionPath": "true"})
    assert "4.0.0" in found.pop("options.spark.sql.hive.verifyPartitionPath")
    assert "Did you mean 'spark.executor.memory'?" in found.pop("options.spark.executor.memroy")
    assert set(found) == {"bundles.old"}


def test_bundles_belong_to_a_connection(catalogue):
    daemon, _ = catalogue
    made = ask(daemon, "POST", "/connections", json={"name": "x", "cluster": "forest", "bundles": ["tracing"]})
    assert made["bundles"] == ["tracing"]
    for bundles in (["none"], ["tracing", "tracing"]):
        refused = ask(daemon, "POST", "/connections", json={"name": "y", "cluster": "forest", "bundles": bundles})
        assert (refused["error"]["code"], refused["error"]["field"]) == ("invalid_option", f"bundles.{bundles[-1]}")
    assert daemon.connection("x", settle_ms=20_000)["state"] == "failed"
    started = ask(
        daemon, "POST", "/connections/x/start", "/connections/{name}/start", json={"cluster": "plain", "bundles": []}
    )
    assert (started["cluster"], started["bundles"]) == ("plain", [])


def test_a_script_that_fails_fails_the_start_and_says_why(new_daemon, tmp_path):
    file = tmp_path / "catalog.yaml"
    file.write_text("clusters: {a: {display_name: A, pre_script: 'echo no ticket; exit 3'}}", encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA)
    daemon.create("x")
    failure = daemon.connection("x", settle_ms=20_000)["failure"]
    assert (failure["reason"], failure["exit_code"], failure["log_tail"]) == ("pre_script", 3, ["no ticket"])
    with daemon.http() as http:
        assert http.get("/api/v1/connections/x/log").json()["lines"] == [
            "[pre_script] no ticket",
            "[firesteel] The start failed: The script of the cluster 'A' failed: exit code 3.",
        ]


def test_a_script_has_the_time_that_the_catalogue_gives_it(new_daemon, tmp_path):
    file = tmp_path / "catalog.yaml"
    script = "{a: {display_name: A, pre_script: 'echo slow; sleep 1000', pre_script_timeout: 1}}"
    file.write_text(f"clusters: {script}", encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA)
    daemon.create("x")
    failure = daemon.connection("x", settle_ms=20_000)["failure"]
    assert failure["message"] == "The script of the cluster 'A' did not end within 1 s and was stopped."
    assert "pre_script_timeout" in failure["advice"]


def test_a_stop_ends_the_script(new_daemon, tmp_path):
    file = tmp_path / "catalog.yaml"
    file.write_text("clusters: {a: {display_name: A, pre_script: 'sleep 1000 & sleep 1000'}}", encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA)
    daemon.create("x")
    ask(daemon, "POST", "/connections/x/stop", "/connections/{name}/stop")
    assert daemon.connection("x", settle_ms=20_000)["state"] == "stopped"  # and `new_daemon` finds no process left


def test_documented_options_are_searched(catalogue):
    daemon, _ = catalogue
    got = ask(daemon, "GET", "/spark-options?q=executor%20memory&limit=5", "/spark-options")
    assert got["options"][0]["name"] == "spark.executor.memory"
    assert got["total"] > 1
    (site,) = ask(daemon, "GET", "/spark-options?q=x.zone", "/spark-options")["options"]
    assert (site["source"], site["type"], site["reserved"]) == ("catalog", "text", False)
    query = "/spark-options?q=spark.ui.port&limit=1&spark_version=3.5"
    (port,) = ask(daemon, "GET", query, "/spark-options")["options"]
    assert (port["reserved"], port["source"]) == (True, "spark")
    assert ask(daemon, "GET", "/spark-options?limit=0", "/spark-options")["error"]["field"] == "limit"


def test_spark_defaults_are_read_and_written(no_java):
    text = "spark.executor.memory  2g\nspark.x=a\\u00e9b\nspark.ui.port 1\nother 1\n"
    got = ask(no_java, "POST", "/spark-defaults/read", json={"text": text})
    assert got["options"] == {"spark.executor.memory": "2g", "spark.x": "aéb"}
    assert {p["field"] for p in got["problems"]} == {"options.spark.ui.port", "options.other"}
    options = {"spark.x": "a=b: #c\nd é", "spark.y": ""}
    written = ask(no_java, "POST", "/spark-defaults/write", json={"options": options})["text"]
    assert ask(no_java, "POST", "/spark-defaults/read", json={"text": written})["options"] == options


def test_presets_are_kept_over_a_restart_of_the_daemon(new_daemon):
    daemon = new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    name = "Große Joins / 2"
    body = {"cluster": "local", "bundles": [], "options": {"spark.x": "1"}}
    saved = ask(daemon, "PUT", f"/presets/{quote(name, safe='')}", "/presets/{preset}", json=body)
    assert (saved["name"], saved["options"]) == (name, {"spark.x": "1"})
    file = Path(daemon.paths["state_dir"]) / "presets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    daemon.kill()
    daemon.start()
    assert [preset["name"] for preset in ask(daemon, "GET", "/presets")["presets"]] == [name]
    ask(daemon, "DELETE", f"/presets/{quote(name, safe='')}", "/presets/{preset}")
    gone = ask(daemon, "DELETE", f"/presets/{quote(name, safe='')}", "/presets/{preset}")
    assert gone["error"]["code"] == "preset_not_found"
    assert ask(daemon, "GET", "/presets")["presets"] == []


def test_a_daemon_that_dies_takes_the_script_with_it(new_daemon, tmp_path):
    mark = tmp_path / "pid"
    file = tmp_path / "catalog.yaml"
    script = f"echo $$ > {mark}.new; mv {mark}.new {mark}; sleep 1000"
    file.write_text(f"clusters: {{a: {{display_name: A, pre_script: '{script}'}}}}", encoding="utf-8")
    daemon = new_daemon(FIRESTEEL_CATALOG=str(file), FIRESTEEL_JAVA_HOME=NO_JAVA)
    daemon.create("x")
    with daemon.events() as events:
        while not mark.exists():
            events.next()  # a tick each second at the latest
    pid = int(mark.read_text())
    descriptor = os.pidfd_open(pid)
    daemon.kill()
    assert select.select([descriptor], [], [], 10)[0], "the script outlived its daemon"
    os.close(descriptor)
    daemon.start()
    failure = daemon.connection("x", settle_ms=10_000)
    assert (failure["state"], failure["failure"]["reason"]) == ("failed", "lost")
