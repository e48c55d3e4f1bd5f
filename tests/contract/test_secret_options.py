# SPDX-License-Identifier: Apache-2.0
"""Values of secret options don't leave the daemon; what stands in for them comes back as the value."""

import json
import re
import stat
from pathlib import Path

import pytest

import contract
from conftest import NO_JAVA
from test_spark import kernel

NAME = "spark.hadoop.fs.s3a.secret.key"
STAND_IN = re.compile(r"\*{5}#[0-9a-f]{32}")


def ask(daemon, method: str, path: str, pattern: str | None = None, **request) -> dict:
    with daemon.http() as http:
        reply = http.request(method, f"/api/v1{path}", **request)
    return contract.check_reply(reply, f"/api/v1{pattern or path}", method.lower())


def refusal(daemon, method: str, path: str, pattern: str | None = None, **request) -> dict:
    return ask(daemon, method, path, pattern, **request)["error"]


def value_of(daemon, stand_in: str, name: str = NAME) -> str:
    """What the daemon has for it, by the one door that gives values: a file that the user asks for."""
    text = ask(daemon, "POST", "/spark-defaults/write", json={"options": {name: stand_in}})["text"]
    return ask(daemon, "POST", "/spark-defaults/read", json={"text": text})["options"][name]


@pytest.fixture
def daemon(new_daemon):
    return new_daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)


@pytest.fixture
def stand_in(daemon) -> str:
    """Of "hunter2", which a connection has that couldn't start."""
    given = daemon.create("secretive", options={NAME: "hunter2", "spark.x": "1"})["options"]
    assert given["spark.x"] == "1" and STAND_IN.fullmatch(given[NAME])
    daemon.connection("secretive", settle_ms=20_000)
    return given[NAME]


def test_the_value_leaves_by_no_door(daemon, stand_in):
    ask(daemon, "PUT", "/presets/mine", "/presets/{preset}", json={"options": {NAME: "hunter2"}})
    with daemon.events() as events:
        said = [events.next()]
        ask(daemon, "POST", "/connections/secretive/start", "/connections/{name}/start")
        while not any(event.get("connection", {}).get("state") == "failed" for event in said):
            said.append(events.next())
    said += [ask(daemon, "GET", path) for path in ("/connections", "/presets")]
    said.append(ask(daemon, "GET", "/connections/secretive", "/connections/{name}"))
    said.append(ask(daemon, "POST", "/preview", json={"options": {NAME: "hunter2"}}))
    said += [
        daemon.cli(*command).out for command in (["connections", "--json"], ["connections"], ["logs", "secretive"])
    ]
    assert "hunter2" not in json.dumps(said)
    assert stand_in in json.dumps(said)


def test_what_comes_back_is_the_value(daemon, stand_in):
    start = "/connections/{name}/start"
    again = ask(daemon, "POST", "/connections/secretive/start", start, json={"options": {NAME: stand_in}})
    assert again["options"] == {NAME: stand_in}
    daemon.connection("secretive", settle_ms=20_000)
    ask(daemon, "PUT", "/presets/mine", "/presets/{preset}", json={"options": {NAME: stand_in}})
    copy = daemon.create("copy", options={NAME: stand_in})
    assert copy["options"] == {NAME: stand_in}
    with daemon.http() as http:
        for name in ("copy", "secretive"):
            daemon.connection(name, settle_ms=20_000)
            assert http.delete(f"/api/v1/connections/{name}").status_code == 200
    # Only the preset has it now.
    assert value_of(daemon, stand_in) == "hunter2"


def test_it_means_the_same_after_a_restart_of_the_daemon(daemon, stand_in):
    daemon.kill()
    daemon.start()
    assert daemon.connection("secretive")["options"][NAME] == stand_in
    assert value_of(daemon, stand_in) == "hunter2"
    key = Path(daemon.paths["state_dir"]) / "secret-options.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("name, value", [(NAME, "*****#" + "0" * 32), (NAME, "*****"), ("spark.another.token", None)])
def test_what_stands_for_nothing_is_refused(daemon, stand_in, name, value):
    options = {name: stand_in if value is None else value}
    refused = [
        refusal(daemon, "POST", "/connections", json={"name": "new", "options": options}),
        refusal(daemon, "POST", "/connections/secretive/start", "/connections/{name}/start", json={"options": options}),
        refusal(daemon, "PUT", "/presets/mine", "/presets/{preset}", json={"options": options}),
        refusal(daemon, "POST", "/spark-defaults/write", json={"options": options}),
    ]
    assert [(error["code"], error["field"]) for error in refused] == [("invalid_option", f"options.{name}")] * 4
    got = ask(daemon, "POST", "/preview", json={"options": options})
    assert (f"options.{name}", "error") in [(p["field"], p["severity"]) for p in got["problems"]]
    assert ask(daemon, "GET", "/presets")["presets"] == []
    assert daemon.connection("secretive")["options"][NAME] == stand_in


@pytest.mark.spark
def test_spark_gets_the_value_that_was_kept(with_spark):
    name = "spark.test.password"
    (given,) = with_spark.ready("secretive", options={name: "hunter2"})["options"].values()
    same = with_spark.cli("start", "--name", "secretive", "--option", f"{name}=hunter2")
    assert same.out == "secretive is already ready.\n"
    other = with_spark.cli("start", "--name", "secretive", "--option", f"{name}=hunter3", "--json")
    assert other.json["error"]["code"] == "connection_exists"
    with_spark.cli("stop", "secretive", "--wait")
    options = {name: given, "spark.test.more": "1"}
    ask(with_spark, "POST", "/connections/secretive/start", "/connections/{name}/start", json={"options": options})
    assert with_spark.connection("secretive", settle_ms=60_000)["state"] == "ready"
    # Spark Connect doesn't tell it either; the driver's code may know it.
    expressions = [f"reflect('java.lang.System', 'getProperty', '{each}')" for each in options]
    (said,) = kernel(with_spark, "evaluate", connection="secretive", expressions=expressions)
    assert said["values"] == ["hunter2", "1"]
    with_spark.cli("stop", "secretive", "--wait")
    with_spark.cli("remove", "secretive")
