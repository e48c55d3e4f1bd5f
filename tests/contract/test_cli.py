# SPDX-License-Identifier: Apache-2.0
"""Every command with --json, held against api/cli, and the exit codes that mean something."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

import contract
import processes
from conftest import NO_JAVA
from daemon import BINARY, Daemon

DONE, FAILED, USAGE, NO_SUCH_CONNECTION, NO_DAEMON = range(5)


@pytest.fixture
def broken(no_java):
    """The name of a connection that failed to start."""
    result = no_java.cli("start", "local", "--name", "broken", "--wait", "--json")
    assert result.code == FAILED
    yield "broken"
    no_java.cli("remove", "broken")


@pytest.fixture
def nobody():
    """An instance without a daemon; none must be left by the test either."""
    instance = Daemon(FIRESTEEL_JAVA_HOME=NO_JAVA)
    yield instance
    left = processes.of_instance(instance.directory)
    for process in left:
        process.terminate()
    instance.stop()
    processes.wait_gone(left)


def error_of(result) -> dict:
    contract.check_cli(result.json, "error")
    assert result.err.strip(), "people get the words on standard error"
    return result.json["error"]


def test_status(no_java):
    result = no_java.cli("status", "--json")
    contract.check_cli(result.json, "status")
    assert (result.code, result.json["pid"], result.err) == (DONE, no_java.process.pid, "")


def test_connections(no_java, broken):
    result = no_java.cli("connections", "--json")
    contract.check_cli(result.json, "connections")
    assert (result.code, [c["name"] for c in result.json["connections"]]) == (DONE, [broken])


def test_a_failed_start_says_why(no_java):
    result = no_java.cli("start", "--name", "fails", "--wait", "--json")
    error = error_of(result)
    assert (result.code, error["code"], error["failure"]["reason"]) == (FAILED, "start_failed", "no_java")
    assert NO_JAVA in result.err
    removed = no_java.cli("remove", "fails", "--json")
    contract.check_cli(removed.json, "remove")
    assert (removed.code, removed.json) == (DONE, {"removed": "fails"})


def test_start_without_wait_returns_at_once(no_java):
    result = no_java.cli("start", "--name", "soon", "--json")
    contract.check_cli(result.json, "connection")
    assert (result.code, result.json["state"]) == (DONE, "starting")
    no_java.connection("soon", settle_ms=20_000)
    assert no_java.cli("remove", "soon").code == DONE


@pytest.mark.parametrize(
    "command",
    [
        "stop nothing",
        "restart nothing",
        "remove nothing",
        "logs nothing",
        "sessions nothing",
        "operations nothing",
        "interrupt nothing",
        "release nothing x",
        "endpoint --url --name nothing",
    ],
)
def test_no_such_connection(no_java, broken, command):
    result = no_java.cli(*command.split(), "--json")
    error = error_of(result)
    assert (result.code, error["code"], error["connections"]) == (NO_SUCH_CONNECTION, "connection_not_found", [broken])
    assert broken in result.err


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "connections",
        "stop x",
        "remove x",
        "logs x",
        "sessions",
        "sessions x",
        "operations x",
        "interrupt x",
        "release x y",
        "endpoint",
        "endpoint --url",
    ],
)
def test_no_daemon(nobody, command):
    result = nobody.cli(*command.split(), "--json")
    assert (result.code, error_of(result)["code"]) == (NO_DAEMON, "no_daemon")
    assert processes.of_instance(nobody.directory) == [], "asking starts nothing"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["start", "--name"],
        ["start", "--name", "a b"],
        ["start", "--name", "../x"],
        ["start", "moon", "--name", "x"],
        ["start", "--option", "no-equals"],
        ["start", "--option", "=x"],
        ["start", "--option", "a=1", "--option", "a=2"],
        ["start", "--option", "spark.connect.grpc.binding.port=1", "--name", "x"],
        ["stop"],
        ["logs", "x", "--lines", "0"],
        ["logs", "x", "-f"],
        ["logs", "x", "--search", "y", "-f"],
        ["logs", "x", "--regex"],
        ["logs", "x", "--level", "loud"],
        ["interrupt"],
        ["release", "x"],
        ["endpoint", "--name", "x"],
        ["gateway", "--upstream", "sc://127.0.0.1:1/;token=x"],
        ["daemon", "--background", "--attach"],
        ["status", "--wat"],
    ],
    ids=" ".join,
)
def test_usage(no_java, arguments):
    result = no_java.cli(*arguments, "--json")
    assert (result.code, bool(error_of(result)["message"])) == (USAGE, True)


def test_paths_touch_nothing(nobody):
    before = sorted(nobody.directory.rglob("*"))
    result = nobody.cli("paths", "--json")
    contract.check_cli(result.json, "paths")
    assert result.code == DONE
    assert all(path.startswith(str(nobody.directory)) for path in result.json.values())
    assert sorted(nobody.directory.rglob("*")) == before


def test_logs(no_java, broken):
    result = no_java.cli("logs", broken, "--json")
    contract.check_cli(result.json, "logs")
    assert (result.code, result.json["name"]) == (DONE, broken)


def test_a_search_in_a_log(no_java, broken):
    result = no_java.cli("logs", broken, "--search", "START failed", "--ignore-case")
    assert (result.code, result.err) == (DONE, "")
    assert result.out.startswith("1:[firesteel] The start failed: ")
    as_json = no_java.cli("logs", broken, "--search", "^.firesteel. The", "--regex", "--json")
    contract.check_cli(as_json.json, "logs")
    assert (as_json.code, as_json.json["found"]) == (DONE, 1)
    assert [hit["number"] for hit in as_json.json["hits"]] == [0]


@pytest.mark.parametrize("arguments", [["--search", "no such text"], ["--level", "fatal"]], ids=" ".join)
def test_a_search_that_finds_nothing_fails(no_java, broken, arguments):
    result = no_java.cli("logs", broken, *arguments)
    assert (result.code, result.out, result.err) == (FAILED, "", "")
    as_json = no_java.cli("logs", broken, *arguments, "--json")
    contract.check_cli(as_json.json, "logs")
    assert (as_json.code, as_json.json) == (FAILED, {"name": broken, "found": 0, "hits": []})


def test_a_pattern_that_is_none_is_misuse(no_java, broken):
    result = no_java.cli("logs", broken, "--search", "(", "--regex", "--json")
    assert (result.code, error_of(result)["code"]) == (USAGE, "usage")


def test_a_search_prints_as_it_finds_until_ctrl_c(no_java, broken):
    log = Path(no_java.paths["state_dir"]) / "logs" / f"{no_java.connection(broken)['id']}.log"
    with log.open("a") as file:
        file.writelines(f"26/11/22 08:30:36 WARN Foo: line {i}\n" for i in range(300_000))
    whole = no_java.cli("logs", broken, "--level", "error")
    assert (whole.code, whole.out) == (FAILED, "")
    many = no_java.cli("logs", broken, "--search", "Foo: line")
    assert (many.code, len(many.out.splitlines())) == (DONE, 10_000)
    assert many.err == "firesteel: 300000 lines match; the first 10000 are shown.\n"
    # More than a pipe holds: it waits for its reader and can't have ended by itself.
    searching = subprocess.Popen(
        [BINARY, "logs", broken, "--level", "warn"], env=no_java.environment, stdout=subprocess.PIPE, text=True
    )
    assert searching.stdout.readline().rstrip().endswith("line 0")
    searching.send_signal(signal.SIGINT)
    assert searching.wait(10) == 130
    searching.stdout.close()


@pytest.mark.parametrize("command", ["sessions", "operations"])
def test_who_and_what_is_there_of_the_default_connection(no_java, broken, command):
    result = no_java.cli(command, "--json")
    contract.check_cli(result.json, command)
    assert (result.code, result.json) == (DONE, {"connection": broken, command: []})
    assert no_java.cli(command, "--json").json == no_java.cli(command, broken, "--json").json


def test_interrupt_where_no_server_runs(no_java, broken):
    result = no_java.cli("interrupt", broken, "--json")
    assert (result.code, error_of(result)["code"]) == (FAILED, "wrong_state")


def test_endpoint(no_java, broken):
    plain = no_java.cli("endpoint", "--json")
    contract.check_cli(plain.json, "endpoint")
    assert (plain.code, "url" in plain.json) == (DONE, False)
    full = no_java.cli("endpoint", "--url", "--name", broken, "--json")
    contract.check_cli(full.json, "endpoint")
    assert full.json["url"].endswith(f";x-firesteel-connection={broken}")
    alone = no_java.cli("endpoint", "--url", "--name", broken)
    assert (alone.code, alone.out, alone.err) == (DONE, full.json["url"] + "\n", "")
    rotated = no_java.cli("endpoint", "--rotate", "--url", "--name", broken, "--json")
    contract.check_cli(rotated.json, "endpoint")
    assert rotated.json["port"] == plain.json["port"]
    assert rotated.json["url"] != full.json["url"]


def test_a_token_on_the_command_line_is_refused_and_not_repeated(nobody):
    for parameter in ("token=geheim", "authorization=Bearer%20geheim"):
        result = nobody.cli("gateway", "--upstream", f"sc://127.0.0.1:1/;{parameter}")
        assert result.code == USAGE
        assert "FIRESTEEL_UPSTREAM_TOKEN" in result.err
        assert "geheim" not in result.out + result.err


def test_doctor_finds_what_is_missing(no_java):
    result = no_java.cli("doctor", "--json")
    contract.check_cli(result.json, "doctor")
    checks = {check["id"]: check for check in result.json["checks"]}
    assert (result.code, result.json["ok"], checks["java"]["verdict"]) == (FAILED, False, "error")
    assert NO_JAVA in checks["java"]["text"]
    assert checks["java"]["advice"]
    assert {"python", "spark", "loopback", "runtime_dir", "memory", "daemon"} <= checks.keys()


def test_doctor_where_nothing_is_missing(no_java):
    environment = dict(no_java.environment)
    del environment["FIRESTEEL_JAVA_HOME"]
    done = subprocess.run([BINARY, "doctor"], env=environment, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == DONE, done.stdout


def test_doctor_in_a_directory_of_somebody_else(nobody):
    nobody.directory.chmod(0o755)
    result = nobody.cli("doctor", "--json")
    checks = {check["id"]: check for check in result.json["checks"]}
    assert (result.code, checks["runtime_dir"]["verdict"]) == (FAILED, "error")
    nobody.directory.chmod(0o700)


def test_the_first_start_brings_the_daemon(nobody):
    result = nobody.cli("start", "--name", "first", "--wait", "--json")
    assert (result.code, error_of(result)["code"]) == (FAILED, "start_failed")
    status = nobody.cli("status", "--json")
    assert status.code == DONE
    os.kill(status.json["pid"], signal.SIGTERM)


def test_help_and_version(nobody):
    assert "connections" in nobody.cli("--help").out
    assert nobody.cli("--version").out.startswith("firesteel 0.")
    commands = "status connections start stop restart remove logs sessions operations interrupt release endpoint"
    for command in (*commands.split(), "doctor", "paths", "daemon"):
        result = nobody.cli(command, "--help")
        assert (result.code, "--json" in result.out) == (DONE, True)


def test_text_for_people_has_no_control_characters_of_strangers(no_java):
    no_java.create("hostile", options={"spark.app.name": "a \x1b[31mred\x07 name"})
    no_java.connection("hostile", settle_ms=20_000)
    for command in ("status", "connections", "logs hostile"):
        result = no_java.cli(*command.split())
        assert not {"\x1b", "\x07"} & set(result.out + result.err)
    no_java.cli("remove", "hostile")


@pytest.mark.spark
def test_the_life_of_a_connection(new_daemon):
    daemon = new_daemon()
    started = daemon.cli(
        "start", "local", "--name", "cli", "--option", "spark.app.name=it's = $(x)", "--wait", "--json"
    )
    contract.check_cli(started.json, "connection")
    assert (started.code, started.json["state"]) == (DONE, "ready")
    assert started.json["options"] == {"spark.app.name": "it's = $(x)"}
    again = daemon.cli("start", "local", "--name", "cli", "--wait", "--json")
    assert (again.code, again.json["server_id"]) == (DONE, started.json["server_id"])

    follower = subprocess.Popen(
        [BINARY, "logs", "cli", "-f"], env=daemon.environment, stdout=subprocess.PIPE, text=True
    )
    assert follower.stdout.readline().strip()
    restarted = daemon.cli("restart", "cli", "--wait", "--json")
    contract.check_cli(restarted.json, "connection")
    assert (restarted.code, restarted.json["state"]) == (DONE, "ready")
    assert restarted.json["server_id"] != started.json["server_id"]
    follower.send_signal(signal.SIGINT)
    assert follower.wait(10) == 130
    follower.stdout.close()

    refused = daemon.cli("remove", "cli", "--json")
    assert (refused.code, error_of(refused)["code"]) == (FAILED, "wrong_state")
    stopped = daemon.cli("stop", "cli", "--wait", "--json")
    contract.check_cli(stopped.json, "connection")
    assert (stopped.code, stopped.json["state"]) == (DONE, "stopped")
    assert daemon.cli("stop", "cli", "--json").code == DONE
    assert daemon.cli("remove", "cli").code == DONE
    assert daemon.cli("connections", "--json").json == {"connections": []}
